#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/products.h"
#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void fully_connected_s8(const FullyConnectedParams& params, const Weights& weights, Span<const int8_t> input,
                        Span<int8_t> output) {
  const OutputStage stage = output_stage_of(params);
  const int8_t* x = input.data;
  int8_t* out = output.data;
  for (int32_t row = 0; row < params.rows; ++row) {
    for (int32_t o = 0; o < params.output_elems; o += kChannelsAtOnce) {
      const int32_t left = params.output_elems - o;
      const int32_t channels = left < kChannelsAtOnce ? left : kChannelsAtOnce;
      const Filters filters = {weights.weights.data + o * params.input_elems, params.input_elems, channels};
      int32_t sums[kChannelsAtOnce];
      clear_sums(sums);
      add_products(x, params.input_elems, filters, sums);
      if (!params.zero_point_in_bias) add_weights(filters, params.input_elems, -params.input_zero_point, sums);
      write_channels(stage, weights, o, channels, sums, out);
      out += channels;
    }
    x += params.input_elems;
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
