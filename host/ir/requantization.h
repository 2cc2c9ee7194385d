#pragma once
// From float scales to the integer constants of int8 inference, computed as TFLite does: in double, from float32
// scales.

#include <cstdint>

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// real = multiplier * 2^(shift - 31); multiplier is 0 or at least 2^30.
struct QuantizedMultiplier {
  std::int32_t multiplier = 0;
  std::int32_t shift = 0;
  friend bool operator==(const QuantizedMultiplier&, const QuantizedMultiplier&) = default;
};

/// Nearest multiplier and shift of `real` >= 0. Below 2^-32 it becomes 0, from 2^30 on it saturates.
QuantizedMultiplier quantize_multiplier(double real);

/// input_scale * weight_scale / output_scale: the requantisation of a convolution or dense layer's accumulator.
QuantizedMultiplier layer_multiplier(float input_scale, float weight_scale, float output_scale);

/// How the two sides of ADD or SUB come to a common scale, shifted left by kSumLeftShift, and their sum to the
/// output's. valid = false: the inputs' scales are 2^19 times the output's, or more.
constexpr std::int32_t kSumLeftShift = 20;
struct SumScaling {
  bool valid = false;
  QuantizedMultiplier a, b, output;
};
/// ADD divides in double, SUB in float32.
SumScaling sum_scaling(float a_scale, float b_scale, float output_scale);
SumScaling difference_scaling(float a_scale, float b_scale, float output_scale);

/// Of a sum of `count` inputs to their mean. TFLite divides the quantised multiplier by the count, after shifting it up
/// as far as that leaves room: not the same as quantising input_scale / output_scale / count.
QuantizedMultiplier mean_multiplier(float input_scale, float output_scale, std::int64_t count);

/// Limits of a fused activation among the int8 values.
struct ActivationRange {
  std::int32_t min = -128;
  std::int32_t max = 127;
  friend bool operator==(const ActivationRange&, const ActivationRange&) = default;
};
ActivationRange activation_range(Activation activation, float scale, std::int64_t zero_point);

/// SOFTMAX: beta * scale in Q5.26, and the smallest difference to the maximum that the exponential takes.
/// `multiplier.shift` counts from 0, as SoftmaxParams wants it. valid = false: the scale is too small to represent.
struct SoftmaxScaling {
  bool valid = false;
  QuantizedMultiplier multiplier;
  std::int32_t diff_min = 0;
};
SoftmaxScaling softmax_scaling(float beta, float input_scale);

}  // namespace edgesmith::ir
