#pragma once
// The sum of products of one output of a convolution, for the operators that a convolution is part of.

#include "device/kernels/reference/common.h"

namespace edgesmith {
namespace kernels {
namespace reference {

/// Taps next to each other in a row are next to each other in memory too, in filter and input alike: one long product.
inline int32_t sum_under_filter(const Conv2dParams& p, const Place& at, const int8_t* filter, const int8_t* input) {
  if (at.x.end <= at.x.begin) return 0;
  const int32_t taps_a_run = p.dilation_w == 1 ? at.x.end - at.x.begin : 1;
  int32_t sum = 0;
  for (int32_t fy = at.y.begin; fy < at.y.end; ++fy) {
    const int32_t input_y = at.start_y + fy * p.dilation_h;
    for (int32_t fx = at.x.begin; fx < at.x.end; fx += taps_a_run) {
      const int32_t input_x = at.start_x + fx * p.dilation_w;
      sum += dot(input + (input_y * p.input_w + input_x) * p.input_c, filter + (fy * p.filter_w + fx) * p.input_c,
                 taps_a_run * p.input_c, subtracted_zero_point(p));
    }
  }
  return sum;
}

/// The taps that lie in the padding, where the bias has taken the zero point off them too.
inline int32_t sum_of_padding(const Conv2dParams& p, const Place& at, const int8_t* filter) {
  int32_t sum = 0;
  for (int32_t fy = 0; fy < p.filter_h; ++fy) {
    for (int32_t fx = 0; fx < p.filter_w; ++fx) {
      if (at.y.holds(fy) && at.x.holds(fx)) continue;
      for (int32_t c = 0; c < p.input_c; ++c)
        sum += p.input_zero_point * filter[(fy * p.filter_w + fx) * p.input_c + c];
    }
  }
  return sum;
}

/// Output `o` of the filters at one place, as int8.
inline int8_t conv2d_at(const Conv2dParams& p, const Weights& weights, const Place& at, int32_t o,
                        const int8_t* input) {
  const int8_t* filter = weights.weights.data + o * p.filter_h * p.filter_w * p.input_c;
  int32_t sum = sum_under_filter(p, at, filter, input);
  if (p.zero_point_in_bias) sum += sum_of_padding(p, at, filter);
  return to_s8(add_wrapping(sum, weights.bias.data[o]), weights.multiplier.data[o], weights.shift.data[o], p.rounding,
               p.output_zero_point, p.act_min, p.act_max);
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
