#pragma once
// Normalisation and input quantisation: feature values -> the network's input tensor.

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace signal {

/// normalised = clip((x - offset) * gain); element i of the feature vector uses entry i % offset.size().
struct NormalizeSpec {
  Span<const float> offset;
  Span<const float> gain;
  float clip;  // result is clamped to +-clip; 0 = no clipping
};

/// plan_malformed unless offset and gain have the same non-zero size that divides `features`, and are finite.
Status check_normalize(const NormalizeSpec& spec, uint32_t features);

float normalize(const NormalizeSpec& spec, uint32_t index, float value);

/// clamp(round_half_away(x * inv_scale) + zero_point, -128, 127)
int8_t quantize_s8(float x, float inv_scale, int32_t zero_point);

}  // namespace signal
}  // namespace edgesmith
