#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/add.h"
#include "device/kernels/portable/parts/conv2d_sums.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

struct Addition {
  AddSide conv, skip;
  AddOutput output;
  int32_t rounding;
};

Addition addition_of(const Conv2dAddParams& p) {
  return Addition{{p.conv.output_zero_point, p.left_shift, p.a_multiplier, p.a_shift},
                  {p.b_zero_point, p.left_shift, p.b_multiplier, p.b_shift},
                  {p.output_zero_point, p.output_multiplier, p.output_shift, p.act_min, p.act_max},
                  p.conv.rounding};
}

void add_skip(const Addition& add, const int8_t* conv, const int8_t* skip, int32_t channels, int8_t* out) {
  for (int32_t i = 0; i < channels; ++i) {
    const int32_t sum =
        on_common_scale(conv[i], add.conv, add.rounding) + on_common_scale(skip[i], add.skip, add.rounding);
    out[i] = to_output(sum, add.output, add.rounding);
  }
}

}  // namespace

void conv2d_add_s8(const Conv2dAddParams& params, const Weights& weights, Span<const int8_t> input,
                   Span<const int8_t> skip, Span<int8_t> output) {
  const OutputStage stage = output_stage_of(params.conv);
  const Addition addition = addition_of(params);
  Conv2dSums position(params.conv, weights.weights.data, input.data);
  int32_t done = 0;
  for (int32_t y = 0; y < params.conv.output_h; ++y) {
    for (int32_t x = 0; x < params.conv.output_w; ++x) {
      position.move_to(y, x);
      for (int32_t o = 0; o < params.conv.output_c; o += kChannelsAtOnce) {
        const int32_t left = params.conv.output_c - o;
        const int32_t channels = left < kChannelsAtOnce ? left : kChannelsAtOnce;
        int32_t sums[kChannelsAtOnce];
        int8_t conv[kChannelsAtOnce];
        position.compute(o, channels, sums);
        write_channels(stage, weights, o, channels, sums, conv);
        add_skip(addition, conv, skip.data + done, channels, output.data + done);
        done += channels;
      }
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
