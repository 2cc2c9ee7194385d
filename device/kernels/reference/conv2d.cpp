#include "device/kernels/reference/conv2d_sum.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      const Place at = place_of(params, y, x);
      for (int32_t o = 0; o < params.output_c; ++o)
        *out++ = conv2d_at(params, weights, at, o, input.data);
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
