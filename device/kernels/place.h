#pragma once
// Where a filter that slides over an input meets it.

#include <stdint.h>

#include "device/kernels/params.h"

namespace edgesmith {
namespace kernels {

/// Taps begin..end-1 of a filter lie inside the input; the others lie in the padding. Empty when end <= begin.
struct TapRange {
  int32_t begin, end;

  bool holds(int32_t tap) const {
    return tap >= begin && tap < end;
  }
  int32_t count() const {
    return end > begin ? end - begin : 0;
  }
};

/// `start` is the input position of tap 0 (negative in the leading padding), `dilation` the step from tap to tap.
inline TapRange taps_inside(int32_t start, int32_t dilation, int32_t taps, int32_t input_elems) {
  int32_t begin = start < 0 ? -start : 0;
  int32_t beyond = input_elems - start;
  if (dilation != 1) {  // a division is a library call on small cores
    begin = (begin + dilation - 1) / dilation;
    beyond = (beyond + dilation - 1) / dilation;
  }
  return TapRange{begin, beyond < taps ? beyond : taps};
}

/// The input under the filter of one output position.
struct Place {
  int32_t start_y, start_x;  // input position of the filter's first tap
  TapRange y, x;
};

inline Place place_of(const Conv2dParams& p, int32_t output_y, int32_t output_x) {
  const int32_t start_y = output_y * p.stride_h - p.pad_top;
  const int32_t start_x = output_x * p.stride_w - p.pad_left;
  return Place{start_y, start_x, taps_inside(start_y, p.dilation_h, p.filter_h, p.input_h),
               taps_inside(start_x, p.dilation_w, p.filter_w, p.input_w)};
}

inline Place place_of(const Pool2dParams& p, int32_t output_y, int32_t output_x) {
  const int32_t start_y = output_y * p.stride_h - p.pad_top;
  const int32_t start_x = output_x * p.stride_w - p.pad_left;
  return Place{start_y, start_x, taps_inside(start_y, 1, p.filter_h, p.input_h),
               taps_inside(start_x, 1, p.filter_w, p.input_w)};
}

/// A filter of one tap that never lies in padding: each position reads one input position.
inline bool is_pointwise(const Conv2dParams& p) {
  return p.filter_h == 1 && p.filter_w == 1 && p.pad_top == 0 && p.pad_left == 0 &&
         (p.output_h - 1) * p.stride_h < p.input_h && (p.output_w - 1) * p.stride_w < p.input_w;
}

/// A pointwise layer whose output positions are its input positions, as one row of them; others as they are.
inline Conv2dParams in_one_row(const Conv2dParams& params) {
  Conv2dParams p = params;
  const bool all = p.stride_h == 1 && p.stride_w == 1 && p.output_h == p.input_h && p.output_w == p.input_w;
  if (!all || !is_pointwise(p)) return p;
  p.input_w = p.output_w = p.input_h * p.input_w;
  p.input_h = p.output_h = 1;
  return p;
}

/// Did in_one_row() make one row of it, or was it one?
inline bool is_one_row(const Conv2dParams& p) {
  return p.input_h == 1 && p.output_h == 1 && p.input_w == p.output_w && p.stride_w == 1 && is_pointwise(p);
}

/// Must such a row begin at its end? Placed to be walked forwards an output never ends behind its input, placed to be
/// walked backwards always; see KernelSet::overlap_backwards_bytes. Apart from each other, either way will do.
inline bool walks_backwards(const Conv2dParams& row, const Span<const int8_t>& input, const Span<int8_t>& output) {
  return is_one_row(row) && reinterpret_cast<uintptr_t>(output.end()) > reinterpret_cast<uintptr_t>(input.end());
}

}  // namespace kernels
}  // namespace edgesmith
