#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/conv2d_sums.h"
#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

/// Output channels o..o+channels-1 of two neighbouring positions of a pointwise layer.
void write_two(const Conv2dParams& p, const Weights& weights, const OutputStage& stage, const int8_t* input, int32_t o,
               int8_t* out) {
  const int32_t channels = smaller(p.output_c - o, kChannelsAtOnce);
  const Filters filters = {weights.weights.data + o * p.input_c, p.input_c, channels};
  int32_t sums0[kChannelsAtOnce], sums1[kChannelsAtOnce];
  clear_sums(sums0);
  clear_sums(sums1);
  add_products_of_two(input, input + p.stride_w * p.input_c, p.input_c, filters, sums0, sums1);
  if (!p.zero_point_in_bias) {
    add_weights(filters, p.input_c, -p.input_zero_point, sums0);
    add_weights(filters, p.input_c, -p.input_zero_point, sums1);
  }
  write_channels(stage, weights, o, channels, sums0, out + o);
  write_channels(stage, weights, o, channels, sums1, out + p.output_c + o);
}

}  // namespace

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  const Conv2dParams p = in_one_row(params);
  const OutputStage stage = output_stage_of(p);
  const bool in_pairs = kManyRegisters && is_pointwise(p);
  Conv2dSums position(p, weights.weights.data, input.data);
  int8_t* out = output.data;
  for (int32_t y = 0; y < p.output_h; ++y) {
    int32_t x = 0;
    for (; in_pairs && x + 2 <= p.output_w; x += 2) {
      const int8_t* two = input.data + (y * p.stride_h * p.input_w + x * p.stride_w) * p.input_c;
      for (int32_t o = 0; o < p.output_c; o += kChannelsAtOnce)
        write_two(p, weights, stage, two, o, out);
      out += 2 * p.output_c;
    }
    for (; x < p.output_w; ++x) {
      position.move_to(y, x);
      for (int32_t o = 0; o < p.output_c; o += kChannelsAtOnce) {
        const int32_t channels = smaller(p.output_c - o, kChannelsAtOnce);
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
