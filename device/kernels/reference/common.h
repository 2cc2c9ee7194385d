#pragma once
// What several reference kernels share: where a filter meets the input, the inner product, the way back to int8.

#include <stdint.h>

#include "device/kernels/params.h"
#include "device/tensor/fixed_point.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace reference {

/// Taps begin..end-1 of a filter lie inside the input; the others lie in the padding. Empty when end <= begin.
struct TapRange {
  int32_t begin, end;

  bool holds(int32_t tap) const {
    return tap >= begin && tap < end;
  }
};

/// `start` is the input position of tap 0 (negative in the leading padding), `dilation` the step from tap to tap.
inline TapRange taps_inside(int32_t start, int32_t dilation, int32_t taps, int32_t input_elems) {
  const int32_t begin = start < 0 ? (dilation - 1 - start) / dilation : 0;
  const int32_t beyond = (input_elems - start + dilation - 1) / dilation;
  return TapRange{begin, beyond < taps ? beyond : taps};
}

/// The input under the filter of one output position.
struct Place {
  int32_t start_y, start_x;  // input position of the filter's first tap
  TapRange y, x;
};

inline Place place_of(const Conv2dParams& p, int32_t output_y, int32_t output_x) {
  const int32_t start_y = output_y * p.stride_h - p.pad_top;
  const int32_t start_x = output_x * p.stride_w - p.pad_left;
  return Place{start_y, start_x, taps_inside(start_y, p.dilation_h, p.filter_h, p.input_h),
               taps_inside(start_x, p.dilation_w, p.filter_w, p.input_w)};
}

inline Place place_of(const Pool2dParams& p, int32_t output_y, int32_t output_x) {
  const int32_t start_y = output_y * p.stride_h - p.pad_top;
  const int32_t start_x = output_x * p.stride_w - p.pad_left;
  return Place{start_y, start_x, taps_inside(start_y, 1, p.filter_h, p.input_h),
               taps_inside(start_x, 1, p.filter_w, p.input_w)};
}

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
