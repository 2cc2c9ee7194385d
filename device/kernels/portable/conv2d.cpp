#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/conv2d_sums.h"
#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  const OutputStage stage = output_stage_of(params);
  Conv2dSums position(params, weights.weights.data, input.data);
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      position.move_to(y, x);
      for (int32_t o = 0; o < params.output_c; o += kChannelsAtOnce) {
        const int32_t left = params.output_c - o;
        const int32_t channels = left < kChannelsAtOnce ? left : kChannelsAtOnce;
        int32_t sums[kChannelsAtOnce];
        position.compute(o, channels, sums);
        write_channels(stage, weights, o, channels, sums, out);
        out += channels;
      }
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
