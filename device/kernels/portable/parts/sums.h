#pragma once
// The sums of some neighbouring output channels at one position.

#include <stdint.h>

namespace edgesmith {
namespace kernels {
namespace portable {

/// So many are kept before they are written: what calls cost is shared by them.
constexpr int32_t kChannelsAtOnce = 16;

/// Store by store: a loop would become a call of memset, byte by byte in small C libraries.
inline void clear_sums(int32_t (&sums)[kChannelsAtOnce]) {
  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  sums[4] = sums[5] = sums[6] = sums[7] = 0;
  sums[8] = sums[9] = sums[10] = sums[11] = 0;
  sums[12] = sums[13] = sums[14] = sums[15] = 0;
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
