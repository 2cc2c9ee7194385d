#include "device/kernels/reference/common.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void mean_s8(const MeanParams& params, Span<const int8_t> input, Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t o = 0; o < params.outer; ++o) {
    const int8_t* values = input.data + o * params.count * params.inner;
    for (int32_t i = 0; i < params.inner; ++i) {
      int32_t sum = 0;
      for (int32_t n = 0; n < params.count; ++n)
        sum += values[n * params.inner + i] - params.input_zero_point;
      *out++ =
          to_s8(sum, params.multiplier, params.shift, params.rounding, params.output_zero_point, INT8_MIN, INT8_MAX);
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
