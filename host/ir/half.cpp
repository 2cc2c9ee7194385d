#include "host/ir/half.h"

#include <cmath>
#include <limits>

namespace edgesmith::ir {
namespace {

float widened(std::uint32_t half) {
  const int exponent = static_cast<int>(half >> 10 & 31);
  const auto fraction = static_cast<float>(half & 1023);
  float magnitude;
  if (exponent == 31) {
    magnitude = fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else {
    magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  }
  return half & 0x8000 ? -magnitude : magnitude;
}

}  // namespace

std::vector<float> widened_f16(std::span<const std::uint8_t> bytes) {
  std::vector<float> values;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2)
    values.push_back(widened(static_cast<std::uint32_t>(bytes[at] | bytes[at + 1] << 8)));
  return values;
}

}  // namespace edgesmith::ir
