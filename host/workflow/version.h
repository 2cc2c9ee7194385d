#pragma once

namespace edgesmith {

constexpr const char* kVersion = "0.1.0";

}  // namespace edgesmith
