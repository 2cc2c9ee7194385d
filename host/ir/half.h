#pragma once
// float16, in which files keep weights.

#include <cstdint>
#include <span>
#include <vector>

namespace edgesmith::ir {

/// The values of little-endian IEEE binary16, exactly. NaN stays NaN, infinities stay infinite.
std::vector<float> widened_f16(std::span<const std::uint8_t> bytes);

}  // namespace edgesmith::ir
