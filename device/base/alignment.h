#pragma once
// How the memory that tensors lie in is aligned: enough for every core's widest load.

#include <stdint.h>

namespace edgesmith {

constexpr uint32_t kArenaAlignment = 16;  // bytes

}  // namespace edgesmith
