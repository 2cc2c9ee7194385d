#include "host/ir/requantization.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace edgesmith::ir {
namespace {

struct Mantissa {
  std::int64_t q31;  // in [2^30, 2^31)
  int exponent;
};

Mantissa split(double real) {
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);
  const auto q31 = static_cast<std::int64_t>(std::round(std::ldexp(fraction, 31)));
  if (q31 == std::int64_t{1} << 31) return {q31 / 2, exponent + 1};
  return {q31, exponent};
}

// `value` / scale + zero_point, clamped to int8 while still a float: a scale from a file may be any positive number.
std::int32_t quantized(float value, float scale, std::int64_t zero_point) {
  const float steps = std::clamp(std::round(value / scale), -1024.0f, 1024.0f);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(steps) + zero_point, -128, 127));
}

}  // namespace

QuantizedMultiplier quantize_multiplier(double real) {
  if (real <= 0) return {};
  const Mantissa mantissa = split(real);
  if (mantissa.exponent < -31) return {};
  if (mantissa.exponent > 30) return {INT32_MAX, 30};
  return {static_cast<std::int32_t>(mantissa.q31), mantissa.exponent};
}

QuantizedMultiplier layer_multiplier(float input_scale, float weight_scale, float output_scale) {
  const double product = static_cast<double>(input_scale) * static_cast<double>(weight_scale);
  return quantize_multiplier(product / static_cast<double>(output_scale));
}

SumScaling sum_scaling(float a_scale, float b_scale, float output_scale) {
  const double twice_largest = 2 * static_cast<double>(std::max(a_scale, b_scale));
  const double to_output = twice_largest / ((1 << kSumLeftShift) * static_cast<double>(output_scale));
  return {.valid = to_output < 1,
          .a = quantize_multiplier(static_cast<double>(a_scale) / twice_largest),
          .b = quantize_multiplier(static_cast<double>(b_scale) / twice_largest),
          .output = quantize_multiplier(to_output)};
}

SumScaling difference_scaling(float a_scale, float b_scale, float output_scale) {
  const float twice_largest = 2 * std::max(a_scale, b_scale);
  const float to_output = twice_largest / (static_cast<float>(1 << kSumLeftShift) * output_scale);
  return {.valid = to_output < 1,
          .a = quantize_multiplier(static_cast<double>(a_scale / twice_largest)),
          .b = quantize_multiplier(static_cast<double>(b_scale / twice_largest)),
          .output = quantize_multiplier(static_cast<double>(to_output))};
}

QuantizedMultiplier mean_multiplier(float input_scale, float output_scale, std::int64_t count) {
  const auto whole = quantize_multiplier(static_cast<double>(input_scale) / static_cast<double>(output_scale));
  const int log2_count = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count))) - 1;
  const int up = std::min({log2_count, 32, 31 + whole.shift});
  const std::int64_t refined = (static_cast<std::int64_t>(whole.multiplier) << up) / count;
  return {static_cast<std::int32_t>(refined), whole.shift - up};
}

ActivationRange activation_range(Activation activation, float scale, std::int64_t zero_point) {
  switch (activation) {
    case Activation::none:
      return {};
    case Activation::relu:
      return {quantized(0, scale, zero_point), 127};
    case Activation::relu6:
      return {quantized(0, scale, zero_point), quantized(6, scale, zero_point)};
  }
  return {};
}

SoftmaxScaling softmax_scaling(float beta, float input_scale) {
  constexpr int kIntegerBits = 5;
  const double largest = std::ldexp(1.0, 31) - 1;
  const double scaled = std::ldexp(static_cast<double>(beta) * static_cast<double>(input_scale), 31 - kIntegerBits);
  if (!(scaled > 1)) return {};
  const Mantissa mantissa = split(std::min(scaled, largest));
  const double radius = std::ldexp((1 << kIntegerBits) - 1, 31 - kIntegerBits - mantissa.exponent);
  return {.valid = true,
          .multiplier = {static_cast<std::int32_t>(mantissa.q31), mantissa.exponent},
          .diff_min = -static_cast<std::int32_t>(std::floor(radius))};
}

}  // namespace edgesmith::ir
