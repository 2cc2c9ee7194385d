// A position at a time, several output channels at once; see products.h. No tap asks whether it lies in the padding:
//
//   small filters of several rows   what lies under the filter is gathered on the stack, zero point in the padding, and
//                                   then multiplied in one piece by all filters
//   other filters                   row by row where the input lies; taps in the padding come to zero_point * the sum
//                                   of their weights
//
// Either way a position's sum holds zero_point * all weights; what the bias does not take off is taken off here.

#include "device/kernels/place.h"
#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/parts/products.h"
#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

constexpr int32_t kGatheredMax = 144;  // bytes of stack: a filter of 3 x 3 on 16 channels

bool gathers(const Conv2dParams& p) {
  const bool in_one_piece = p.filter_h == 1 && p.dilation_w == 1;
  return !in_one_piece && p.filter_h * p.filter_w * p.input_c <= kGatheredMax;
}

int8_t* put(int8_t* to, const int8_t* from, int32_t elems) {
  for (const int8_t* end = to + elems; to != end;)
    *to++ = *from++;
  return to;
}

int8_t* fill(int8_t* to, int32_t value, int32_t elems) {
  for (const int8_t* end = to + elems; to != end;)
    *to++ = static_cast<int8_t>(value);
  return to;
}

/// The position's input in the order of the filter.
void gather(const Conv2dParams& p, const Place& at, const int8_t* input, int8_t* to) {
  const int32_t inside = at.x.count(), zero_point = p.input_zero_point;
  const int32_t taps = p.dilation_w == 1 ? inside : 1;  // that are neighbours in the input too
  for (int32_t fy = 0; fy < p.filter_h; ++fy) {
    if (!at.y.holds(fy) || inside == 0) {
      to = fill(to, zero_point, p.filter_w * p.input_c);
      continue;
    }
    const int32_t y = at.start_y + fy * p.dilation_h, x = at.start_x + at.x.begin * p.dilation_w;
    const int8_t* from = input + (y * p.input_w + x) * p.input_c;
    to = fill(to, zero_point, at.x.begin * p.input_c);
    for (int32_t fx = 0; fx < inside; fx += taps) {
      to = put(to, from, taps * p.input_c);
      from += p.dilation_w * p.input_c;
    }
    to = fill(to, zero_point, (p.filter_w - at.x.end) * p.input_c);
  }
}

Filters from_tap(const Conv2dParams& p, const Filters& filters, int32_t fy, int32_t fx) {
  return Filters{filters.first + (fy * p.filter_w + fx) * p.input_c, filters.filter_elems, filters.channels};
}

void add_row(const Conv2dParams& p, const Place& at, const int8_t* input, const Filters& filters, int32_t fy,
             int32_t* sums) {
  const int32_t inside = at.x.count(), zero_point = p.input_zero_point;
  if (!at.y.holds(fy) || inside == 0) {
    return add_weights(from_tap(p, filters, fy, 0), p.filter_w * p.input_c, zero_point, sums);
  }
  const int32_t taps = p.dilation_w == 1 ? inside : 1;
  const int32_t y = at.start_y + fy * p.dilation_h, x = at.start_x + at.x.begin * p.dilation_w;
  const int8_t* from = input + (y * p.input_w + x) * p.input_c;
  if (at.x.begin > 0) add_weights(from_tap(p, filters, fy, 0), at.x.begin * p.input_c, zero_point, sums);
  for (int32_t fx = at.x.begin; fx < at.x.end; fx += taps) {
    add_products(from, taps * p.input_c, from_tap(p, filters, fy, fx), sums);
    from += p.dilation_w * p.input_c;
  }
  const int32_t behind = p.filter_w - at.x.end;
  if (behind > 0) add_weights(from_tap(p, filters, fy, at.x.end), behind * p.input_c, zero_point, sums);
}

}  // namespace

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output) {
  const OutputStage stage = output_stage_of(params);
  const int32_t filter_elems = params.filter_h * params.filter_w * params.input_c;
  const bool gathered = gathers(params);
  int8_t under_filter[kGatheredMax];
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      const Place at = place_of(params, y, x);
      if (gathered) gather(params, at, input.data, under_filter);
      for (int32_t o = 0; o < params.output_c; o += kChannelsAtOnce) {
        const int32_t left = params.output_c - o;
        const int32_t channels = left < kChannelsAtOnce ? left : kChannelsAtOnce;
        const Filters filters = {weights.weights.data + o * filter_elems, filter_elems, channels};
        int32_t sums[kChannelsAtOnce] = {};
        if (gathered) add_products(under_filter, filter_elems, filters, sums);
        for (int32_t fy = 0; fy < params.filter_h && !gathered; ++fy)
          add_row(params, at, input.data, filters, fy, sums);
        if (!params.zero_point_in_bias) add_weights(filters, filter_elems, -params.input_zero_point, sums);
        write_channels(stage, weights, o, channels, sums, out);
        out += channels;
      }
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
