#include "device/kernels/portable/parts/conv2d_sums.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

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

}  // namespace

Conv2dSums::Conv2dSums(const Conv2dParams& params, const int8_t* weights, const int8_t* input)
    : p_(params),
      weights_(weights),
      input_(input),
      filter_elems_(params.filter_h * params.filter_w * params.input_c),
      at_() {
  const bool in_one_piece = p_.filter_h == 1 && p_.dilation_w == 1;
  gathers_ = !in_one_piece && filter_elems_ <= kGatheredMax && p_.filter_w * p_.input_c <= kShortRow;
}

void Conv2dSums::move_to(int32_t y, int32_t x) {
  at_ = place_of(p_, y, x);
  if (gathers_) gather();
}

/// Input under a tap that lies inside.
const int8_t* Conv2dSums::input_under(int32_t fy, int32_t fx) const {
  const int32_t y = at_.start_y + fy * p_.dilation_h, x = at_.start_x + fx * p_.dilation_w;
  return input_ + (y * p_.input_w + x) * p_.input_c;
}

/// The position's input in the order of the filter.
void Conv2dSums::gather() {
  const int32_t inside = at_.x.count(), zero_point = p_.input_zero_point;
  const int32_t taps = p_.dilation_w == 1 ? inside : 1;  // that are neighbours in the input too
  int8_t* to = under_filter_;
  for (int32_t fy = 0; fy < p_.filter_h; ++fy) {
    if (!at_.y.holds(fy) || inside == 0) {
      to = fill(to, zero_point, p_.filter_w * p_.input_c);
      continue;
    }
    const int8_t* from = input_under(fy, at_.x.begin);
    to = fill(to, zero_point, at_.x.begin * p_.input_c);
    for (int32_t fx = 0; fx < inside; fx += taps) {
      to = put(to, from, taps * p_.input_c);
      from += p_.dilation_w * p_.input_c;
    }
    to = fill(to, zero_point, (p_.filter_w - at_.x.end) * p_.input_c);
  }
}

Filters Conv2dSums::from_tap(const Filters& filters, int32_t fy, int32_t fx) const {
  return Filters{filters.first + (fy * p_.filter_w + fx) * p_.input_c, filters.filter_elems, filters.channels};
}

void Conv2dSums::add_row(const Filters& filters, int32_t fy, int32_t* sums) const {
  const int32_t inside = at_.x.count(), zero_point = p_.input_zero_point;
  if (!at_.y.holds(fy) || inside == 0) {
    return add_weights(from_tap(filters, fy, 0), p_.filter_w * p_.input_c, zero_point, sums);
  }
  const int32_t taps = p_.dilation_w == 1 ? inside : 1;
  const int8_t* from = input_under(fy, at_.x.begin);
  if (at_.x.begin > 0) add_weights(from_tap(filters, fy, 0), at_.x.begin * p_.input_c, zero_point, sums);
  for (int32_t fx = at_.x.begin; fx < at_.x.end; fx += taps) {
    add_products(from, taps * p_.input_c, from_tap(filters, fy, fx), sums);
    from += p_.dilation_w * p_.input_c;
  }
  const int32_t behind = p_.filter_w - at_.x.end;
  if (behind > 0) add_weights(from_tap(filters, fy, at_.x.end), behind * p_.input_c, zero_point, sums);
}

void Conv2dSums::compute(int32_t o, int32_t count, int32_t (&sums)[kChannelsAtOnce]) const {
  const Filters filters = {weights_ + o * filter_elems_, filter_elems_, count};
  clear_sums(sums);
  if (gathers_) {
    add_products(under_filter_, filter_elems_, filters, sums);
  } else {
    for (int32_t fy = 0; fy < p_.filter_h; ++fy)
      add_row(filters, fy, sums);
  }
  if (!p_.zero_point_in_bias) add_weights(filters, filter_elems_, -p_.input_zero_point, sums);
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
