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

}  // namespace kernels
}  // namespace edgesmith
