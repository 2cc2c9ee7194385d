#include "device/kernels/reference/common.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void fully_connected_s8(const FullyConnectedParams& params, const Weights& weights, Span<const int8_t> input,
                        Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t row = 0; row < params.rows; ++row) {
    const int8_t* x = input.data + row * params.input_elems;
    for (int32_t o = 0; o < params.output_elems; ++o) {
      const int8_t* w = weights.weights.data + o * params.input_elems;
      const int32_t acc =
          add_wrapping(dot(x, w, params.input_elems, subtracted_zero_point(params)), weights.bias.data[o]);
      *out++ = to_s8(acc, weights.multiplier.data[o], weights.shift.data[o], params.rounding, params.output_zero_point,
                     params.act_min, params.act_max);
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
