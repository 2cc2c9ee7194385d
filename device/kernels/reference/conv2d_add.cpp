#include "device/kernels/reference/conv2d_sum.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

int8_t add_skip(const Conv2dAddParams& p, int8_t q, int8_t skip) {
  const int32_t rounding = p.conv.rounding;
  const int32_t a = to_common_scale(q, p.conv.output_zero_point, p.left_shift, p.a_multiplier, p.a_shift, rounding);
  const int32_t b = to_common_scale(skip, p.b_zero_point, p.left_shift, p.b_multiplier, p.b_shift, rounding);
  return to_s8(a + b, p.output_multiplier, p.output_shift, rounding, p.output_zero_point, p.act_min, p.act_max);
}

}  // namespace

void conv2d_add_s8(const Conv2dAddParams& params, const Weights& weights, Span<const int8_t> input,
                   Span<const int8_t> skip, Span<int8_t> output) {
  int32_t i = 0;
  for (int32_t y = 0; y < params.conv.output_h; ++y) {
    for (int32_t x = 0; x < params.conv.output_w; ++x) {
      const Place at = place_of(params.conv, y, x);
      for (int32_t o = 0; o < params.conv.output_c; ++o, ++i)
        output.data[i] = add_skip(params, conv2d_at(params.conv, weights, at, o, input.data), skip.data[i]);
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
