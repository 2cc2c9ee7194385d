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
#include "device/kernels/portable/parts/sums.h"
#include "device/kernels/portable/parts/taps.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

constexpr int32_t kTapsAtOnce = 16;

int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

struct Layer {
  const Conv2dParams& p;
  const Weights& weights;
  const int8_t* input;
  OutputStage stage;
  int32_t depth_multiplier;
};

/// Some taps of a filter at one position: inside the input from the front, in the padding from the back.
struct TapList {
  Tap taps[kTapsAtOnce];
  Tap *inside_end, *padding_begin;

  void clear() {
    inside_end = taps;
    padding_begin = end();
  }
  Tap* end() {
    return taps + kTapsAtOnce;
  }
};

/// Lists taps begin..end-1 of a row of the filter.
void list_row(const Layer& layer, const Place& at, int32_t fy, TapRange part, TapList& list) {
  const Conv2dParams& p = layer.p;
  const TapRange inside = at.y.holds(fy) ? at.x : TapRange{0, 0};
  const int32_t inside_begin = clamp_s32(inside.begin, part.begin, part.end);
  const int32_t inside_end = clamp_s32(inside.end, inside_begin, part.end);
  const int8_t* w = layer.weights.weights.data + (fy * p.filter_w + part.begin) * p.output_c;
  const int32_t w_step = p.output_c;
  Tap* back = list.padding_begin;
  int32_t fx = part.begin;
  for (; fx < inside_begin; ++fx, w += w_step)
    *--back = Tap{nullptr, w};
  if (fx < inside_end) {
    const int32_t y = at.start_y + fy * p.dilation_h, x_step = p.dilation_w * p.input_c;
    const int8_t* x = layer.input + (y * p.input_w + at.start_x) * p.input_c + fx * x_step;
    Tap* front = list.inside_end;
    for (; fx < inside_end; ++fx, w += w_step, x += x_step)
      *front++ = Tap{x, w};
    list.inside_end = front;
  }
  for (; fx < part.end; ++fx, w += w_step)
    *--back = Tap{nullptr, w};
  list.padding_begin = back;
}

/// Output channels o..o+count-1. Those of a multiplier of 1 have input channels of the same numbers; the others see
/// input channel c alone.
struct Channels {
  int32_t c, o, count;
  bool shared;
};

void add_inside(const TapList& list, const Channels& channels, int32_t* sums) {
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
}

void add_constant(const Tap* taps, const Tap* end, const Channels& channels, int32_t constant, int32_t* sums) {
  int32_t i = 0;
  for (; i + 4 <= channels.count; i += 4)
    add_four_tap_weights(taps, end, channels.o + i, constant, sums + i);
  for (; i < channels.count; ++i)
    add_one_tap_weight(taps, end, channels.o + i, constant, sums + i);
}

void add_list(const Layer& layer, TapList& list, const Channels& channels, int32_t* sums) {
  add_inside(list, channels, sums);
  if (list.padding_begin != list.end())
    add_constant(list.padding_begin, list.end(), channels, layer.p.input_zero_point, sums);
}

/// A filter that is too large for one list.
void add_in_parts(const Layer& layer, const Place& at, TapList& list, const Channels& channels, int32_t* sums) {
  for (int32_t fy = 0; fy < layer.p.filter_h; ++fy) {
    for (int32_t fx = 0; fx < layer.p.filter_w; fx += kTapsAtOnce) {
      list.clear();
      list_row(layer, at, fy, {fx, smaller(fx + kTapsAtOnce, layer.p.filter_w)}, list);
      add_list(layer, list, channels, sums);
    }
  }
}

/// The zero point's share of all weights.
void take_zero_point_off(const Layer& layer, const Channels& channels, int32_t* sums) {
  const Conv2dParams& p = layer.p;
  for (int32_t tap = 0; tap < p.filter_h * p.filter_w; ++tap) {
    const Tap one = {nullptr, layer.weights.weights.data + tap * p.output_c};
    add_constant(&one, &one + 1, channels, -p.input_zero_point, sums);
  }
}

bool fits_list(const Conv2dParams& p) {
  return p.filter_h * p.filter_w <= kTapsAtOnce;
}

/// The list of the position at `at`. One to the right of the position before, with the same taps inside, moves on.
void list_position(const Layer& layer, const Place& at, const TapRange& before, TapList& list) {
  const Conv2dParams& p = layer.p;
  if (at.x.begin == before.begin && at.x.end == before.end) {
    const int32_t step = p.stride_w * p.input_c;
    for (Tap* tap = list.taps; tap != list.inside_end; ++tap)
      tap->input += step;
    return;
  }
  list.clear();
  for (int32_t fy = 0; fy < p.filter_h; ++fy)
    list_row(layer, at, fy, {0, p.filter_w}, list);
}

void position_at(const Layer& layer, const Place& at, TapList& list, int8_t* out) {
  const Conv2dParams& p = layer.p;
  const bool shared = p.output_c != p.input_c;
  const int32_t alike = shared ? layer.depth_multiplier : p.output_c;  // neighbours that see inputs in one way
  int32_t left = alike;
  for (Channels channels = {0, 0, 0, shared}; channels.o < p.output_c; channels.o += channels.count) {
    if (left == 0) left = alike, ++channels.c;
    channels.count = smaller(left, kChannelsAtOnce);
    left -= channels.count;
    int32_t sums[kChannelsAtOnce];
    clear_sums(sums);
    if (fits_list(p)) {
      add_list(layer, list, channels, sums);
    } else {
      add_in_parts(layer, at, list, channels, sums);
    }
    if (!p.zero_point_in_bias) take_zero_point_off(layer, channels, sums);
    write_channels(layer.stage, layer.weights, channels.o, channels.count, sums, out + channels.o);
  }
}

}  // namespace

void depthwise_conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input,
                         Span<int8_t> output) {
  const Layer layer = {params, weights, input.data, output_stage_of(params), params.output_c / params.input_c};
  TapList list;
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    TapRange before = {-1, -1};
    for (int32_t x = 0; x < params.output_w; ++x) {
      const Place at = place_of(params, y, x);
      if (fits_list(params)) list_position(layer, at, before, list);
      position_at(layer, at, list, out);
      out += params.output_c;
      before = at.x;
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
