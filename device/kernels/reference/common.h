#pragma once
// What several reference kernels share: the inner product, the way back to int8.

#include <stdint.h>

#include "device/kernels/place.h"
#include "device/tensor/fixed_point.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace reference {

/// sum of (x[i] - zero_point) * w[i]
inline int32_t dot(const int8_t* x, const int8_t* w, int32_t count, int32_t zero_point) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i)
    sum += (x[i] - zero_point) * w[i];
  return sum;
}

/// What is taken off each input before it is multiplied.
template <typename Params>
int32_t subtracted_zero_point(const Params& p) {
  return p.zero_point_in_bias ? 0 : p.input_zero_point;
}

/// clamp(requantize(acc) + zero_point); the limits move to where the addition cannot overflow.
inline int8_t to_s8(int32_t acc, int32_t multiplier, int32_t shift, int32_t rounding, int32_t zero_point,
                    int32_t act_min, int32_t act_max) {
  const int32_t scaled = requantize(acc, multiplier, shift, static_cast<Rounding>(rounding));
  return static_cast<int8_t>(clamp_s32(scaled, act_min - zero_point, act_max - zero_point) + zero_point);
}

/// One side of a sum on the common scale, see add_s8().
inline int32_t to_common_scale(int32_t q, int32_t zero_point, int32_t left_shift, int32_t multiplier, int32_t shift,
                               int32_t rounding) {
  return requantize((q - zero_point) * (1 << left_shift), multiplier, shift, static_cast<Rounding>(rounding));
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
