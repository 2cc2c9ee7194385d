#pragma once
// SAME and VALID, the two ways of padding that the format knows, as explicit pads.

#include <cstdint>

namespace edgesmith::convert {

struct Pads {
  int before = 0, after = 0;
  bool operator==(const Pads&) const = default;
};

/// What SAME adds along one dimension: just enough that ceil(input / stride) outputs fit, the odd one behind.
/// All arguments positive and below 2^24.
Pads same_padding(std::int64_t input, std::int64_t filter, std::int64_t stride, std::int64_t dilation);

}  // namespace edgesmith::convert
