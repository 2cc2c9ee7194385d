// Up to sixteen channels of one position at a time. The position's taps are first listed: those inside the input from
// the front, those in the padding from the back. Then the list is summed, four channels at a time where they see four
// neighbouring inputs or all the same one; taps in the padding come to zero_point * the sum of their weights.
//
// So a position's sum always holds zero_point * all weights of the filter; what the bias does not take off is taken off
// here. A list holds kTapsAtOnce taps. Larger filters are summed in parts, which costs a list for each sixteen
// channels.

#include "device/kernels/place.h"
#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/requantize.h"
#include "device/kernels/portable/parts/taps.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

constexpr int32_t kChannelsAtOnce = 16;
constexpr int32_t kTapsAtOnce = 16;

int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

struct Layer {
  const Conv2dParams& p;
  const Weights& weights;
  const int8_t* input;
  OutputStage stage;
};

/// Some taps of a filter, and where in the filter the next ones begin.
struct TapList {
  Tap taps[kTapsAtOnce];
  Tap *inside_end, *padding_begin;
  int32_t next_y, next_x;
};

/// Lists the next taps. False: there are none left.
bool list_taps(const Layer& layer, const Place& at, TapList& list) {
  const Conv2dParams& p = layer.p;
  Tap* front = list.taps;
  Tap* back = list.taps + kTapsAtOnce;
  int32_t fx = list.next_x;
  const int8_t* w = layer.weights.weights.data + (list.next_y * p.filter_w + fx) * p.output_c;
  for (; list.next_y < p.filter_h && front != back; ++list.next_y) {
    const TapRange inside = at.y.holds(list.next_y) ? at.x : TapRange{0, 0};
    const int32_t y = inside.count() > 0 ? at.start_y + list.next_y * p.dilation_h : 0;
    const int8_t* row = layer.input + y * p.input_w * p.input_c;
    for (; fx < p.filter_w && front != back; ++fx) {
      if (inside.holds(fx)) {
        *front++ = Tap{row + (at.start_x + fx * p.dilation_w) * p.input_c, w};
      } else {
        *--back = Tap{nullptr, w};
      }
      w += p.output_c;
    }
    if (fx < p.filter_w) break;
    fx = 0;
  }
  list.next_x = fx;
  list.inside_end = front;
  list.padding_begin = back;
  return front != list.taps || back != list.taps + kTapsAtOnce;
}

/// Output channels o..o+count-1. Those of a multiplier of 1 have input channels of the same numbers; the others see
/// input channel c alone.
struct Channels {
  int32_t c, o, count;
  bool shared;
};

void add_list(const Layer& layer, const TapList& list, const Channels& channels, int32_t* sums) {
  int32_t i = 0;
  for (; i + 4 <= channels.count; i += 4) {
    const int32_t o = channels.o + i;
    if (channels.shared) {
      add_four_taps_shared(list.taps, list.inside_end, channels.c, o, sums + i);
    } else {
      add_four_taps(list.taps, list.inside_end, o, sums + i);
    }
  }
  for (; i < channels.count; ++i) {
    const int32_t o = channels.o + i;
    add_one_tap(list.taps, list.inside_end, channels.shared ? channels.c : o, o, sums + i);
  }
  const Tap* end = list.taps + kTapsAtOnce;
  if (list.padding_begin != end)
    add_tap_weights(list.padding_begin, end, channels.o, channels.count, layer.p.input_zero_point, sums);
}

/// The zero point's share of all weights.
void take_zero_point_off(const Layer& layer, const Channels& channels, int32_t* sums) {
  const Conv2dParams& p = layer.p;
  const int8_t* weights = layer.weights.weights.data + channels.o;
  for (int32_t tap = 0; tap < p.filter_h * p.filter_w; ++tap) {
    const Tap one = {nullptr, weights + tap * p.output_c};
    add_tap_weights(&one, &one + 1, 0, channels.count, -p.input_zero_point, sums);
  }
}

void position_at(const Layer& layer, const Place& at, int8_t* out) {
  const Conv2dParams& p = layer.p;
  const int32_t depth_multiplier = p.output_c / p.input_c;
  const bool shared = depth_multiplier != 1;
  const int32_t alike = shared ? depth_multiplier : p.output_c;  // neighbours that see inputs in one way
  TapList list;
  list.next_y = list.next_x = 0;
  list_taps(layer, at, list);
  const bool listed_whole = p.filter_h * p.filter_w <= kTapsAtOnce;
  int32_t left = alike;
  for (Channels channels = {0, 0, 0, shared}; channels.o < p.output_c; channels.o += channels.count) {
    if (left == 0) left = alike, ++channels.c;
    channels.count = smaller(left, kChannelsAtOnce);
    left -= channels.count;
    int32_t sums[kChannelsAtOnce] = {};
    if (listed_whole) {
      add_list(layer, list, channels, sums);
    } else {
      list.next_y = list.next_x = 0;
      while (list_taps(layer, at, list))
        add_list(layer, list, channels, sums);
    }
    if (!p.zero_point_in_bias) take_zero_point_off(layer, channels, sums);
    write_channels(layer.stage, layer.weights, channels.o, channels.count, sums, out + channels.o);
  }
}

}  // namespace

void depthwise_conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input,
                         Span<int8_t> output) {
  const Layer layer = {params, weights, input.data, output_stage_of(params)};
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      position_at(layer, place_of(params, y, x), out);
      out += params.output_c;
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
