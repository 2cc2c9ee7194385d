#include "device/kernels/reference/common.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

// Taps next to each other in a row are next to each other in memory too, in filter and input alike: one long product.
int32_t sum_under_filter(const Conv2dParams& p, const Place& at, const int8_t* filter, const int8_t* input) {
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

// The taps that lie in the padding, where the bias has taken the zero point off them too.
int32_t sum_of_padding(const Conv2dParams& p, const Place& at, const int8_t* filter) {
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

}  // namespace

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  const int32_t filter_elems = params.filter_h * params.filter_w * params.input_c;
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      const Place at = place_of(params, y, x);
      for (int32_t o = 0; o < params.output_c; ++o) {
        const int8_t* filter = weights.weights.data + o * filter_elems;
        int32_t sum = sum_under_filter(params, at, filter, input.data);
        if (params.zero_point_in_bias) sum += sum_of_padding(params, at, filter);
        const int32_t acc = add_wrapping(sum, weights.bias.data[o]);
        *out++ = to_s8(acc, weights.multiplier.data[o], weights.shift.data[o], params.rounding,
                       params.output_zero_point, params.act_min, params.act_max);
      }
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
