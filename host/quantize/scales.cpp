#include "host/quantize/scales.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace edgesmith::quantize {
namespace {

constexpr double kLeastSpan = 1e-6;                // a tensor that is always 0 still gets a scale
constexpr double kMaxBias = 1 << 30;               // half of int32, the other half is for the sum of products
constexpr double kLeastRescale = 1.0 / (1 << 30);  // multiplier shifts go down to -31

}  // namespace

ir::Quantization activation_quantization(Range range) {
  const double low = std::min<double>(range.low, 0);
  const double high = std::max<double>(range.high, low + kLeastSpan);
  const auto scale = static_cast<float>((std::max(high, 0.0) - low) / 255);
  const auto zero_point = static_cast<std::int64_t>(std::round(-128 - low / double{scale}));
  return {{scale}, {std::clamp<std::int64_t>(zero_point, -128, 127)}, 0};
}

float weight_scale(double magnitude, const ChannelLimits& limits) {
  const double for_weights = magnitude / 127;
  const double for_bias = std::abs(limits.bias) / (limits.input_scale * kMaxBias);
  const double for_shift = limits.output_scale / limits.input_scale * kLeastRescale;
  return static_cast<float>(std::max({for_weights, for_bias, for_shift}));
}

std::int32_t quantized(double value, double scale, std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>(std::clamp<double>(std::round(value / scale), low, high));
}

std::vector<float> floats(const ir::Tensor& tensor) {
  std::vector<float> values(tensor.data.size() / sizeof(float));
  std::memcpy(values.data(), tensor.data.data(), values.size() * sizeof(float));
  return values;
}

std::size_t inner_elems(const std::vector<std::int64_t>& shape, int axis) {
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(axis) + 1; d < shape.size(); ++d) {
    inner *= static_cast<std::size_t>(shape[d]);
  }
  return inner;
}

}  // namespace edgesmith::quantize
