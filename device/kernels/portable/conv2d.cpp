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

/// The layer at work on one position, or two.
struct Layer {
  const Conv2dParams& p;
  const Weights& weights;
  OutputStage stage;
  const int8_t* input;
};

/// Output channels o..o+channels-1 of two neighbouring positions of a pointwise layer.
void write_channels_of_two(const Layer& layer, const int8_t* input, int32_t o, int8_t* out) {
  const Conv2dParams& p = layer.p;
  const int32_t channels = smaller(p.output_c - o, kChannelsAtOnce);
  const Filters filters = {layer.weights.weights.data + o * p.input_c, p.input_c, channels};
  int32_t sums0[kChannelsAtOnce], sums1[kChannelsAtOnce];
  clear_sums(sums0);
  clear_sums(sums1);
  add_products_of_two(input, input + p.stride_w * p.input_c, p.input_c, filters, sums0, sums1);
  if (!p.zero_point_in_bias) {
    add_weights(filters, p.input_c, -p.input_zero_point, sums0);
    add_weights(filters, p.input_c, -p.input_zero_point, sums1);
  }
  write_channels(layer.stage, layer.weights, o, channels, sums0, out + o);
  write_channels(layer.stage, layer.weights, o, channels, sums1, out + p.output_c + o);
}

void write_two(const Layer& layer, int32_t y, int32_t x, int8_t* out) {
  const Conv2dParams& p = layer.p;
  const int8_t* input = layer.input + (y * p.stride_h * p.input_w + x * p.stride_w) * p.input_c;
  for (int32_t o = 0; o < p.output_c; o += kChannelsAtOnce)
    write_channels_of_two(layer, input, o, out);
}

void write_one(const Layer& layer, Conv2dSums& position, int32_t y, int32_t x, int8_t* out) {
  position.move_to(y, x);
  for (int32_t o = 0; o < layer.p.output_c; o += kChannelsAtOnce) {
    const int32_t channels = smaller(layer.p.output_c - o, kChannelsAtOnce);
    int32_t sums[kChannelsAtOnce];
    position.compute(o, channels, sums);
    write_channels(layer.stage, layer.weights, o, channels, sums, out + o);
  }
}

}  // namespace

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  const Conv2dParams p = in_one_row(params);
  const Layer layer = {p, weights, output_stage_of(p), input.data};
  const int32_t step = kManyRegisters && is_pointwise(p) ? 2 : 1;
  const int32_t last = (p.output_w - 1) / step * step;
  const bool backwards = walks_backwards(p, input, output);
  Conv2dSums position(p, weights.weights.data, input.data);
  int8_t* row = output.data;
  for (int32_t y = 0; y < p.output_h; ++y) {
    for (int32_t n = 0; n <= last; n += step) {
      const int32_t x = backwards ? last - n : n;
      int8_t* out = row + x * p.output_c;
      if (x + 2 <= p.output_w && step == 2) {
        write_two(layer, y, x, out);
      } else {
        write_one(layer, position, y, x, out);
      }
    }
    row += p.output_w * p.output_c;
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
