#pragma once
// Real numbers <-> integers of a quantised tensor: choosing scales and rounding.

#include <cstdint>
#include <vector>

#include "host/quantize/quantize.h"

namespace edgesmith::quantize {

/// Scale and zero point of an activation: range widened to include 0, which becomes an exact integer.
ir::Quantization activation_quantization(Range range);

/// What the scale of one channel of weights must satisfy, besides holding its weights.
struct ChannelLimits {
  double input_scale, output_scale;
  double bias = 0;
};

/// The finest scale for weights of at most `magnitude`, such that the bias keeps inside 2^30 and the requantisation's
/// shift inside its range.
float weight_scale(double magnitude, const ChannelLimits& limits);

/// round(value / scale), halves away from zero, clamped to low..high.
std::int32_t quantized(double value, double scale, std::int32_t low, std::int32_t high);

std::vector<float> floats(const ir::Tensor& tensor);

/// Elements between one channel and the next: element i belongs to channel i / inner % channels.
std::size_t inner_elems(const std::vector<std::int64_t>& shape, int axis);

}  // namespace edgesmith::quantize
