#include "device/kernels/reference/common.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void mean_s8(const MeanParams& params, Span<const int8_t> input, Span<int8_t> output) {
  const int32_t pixels = params.input_h * params.input_w;
  for (int32_t c = 0; c < params.channels; ++c) {
    int32_t sum = 0;
    for (int32_t i = 0; i < pixels; ++i)
      sum += input.data[i * params.channels + c] - params.input_zero_point;
    output.data[c] =
        to_s8(sum, params.multiplier, params.shift, params.rounding, params.output_zero_point, INT8_MIN, INT8_MAX);
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
