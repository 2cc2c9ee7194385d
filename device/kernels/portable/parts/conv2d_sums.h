#pragma once
// Sums of products of a convolution: a position at a time, several output channels at once. No tap asks whether it
// lies in the padding:
//
//   small filters of several rows   what lies under the filter is gathered on the stack, zero point in the padding, and
//                                   then multiplied in one piece by all filters
//   other filters                   row by row where the input lies; taps in the padding come to zero_point * the sum
//                                   of their weights
//
// Either way a position's sum holds zero_point * all weights; what the bias does not take off is taken off here.

#include <stdint.h>

#include "device/kernels/place.h"
#include "device/kernels/portable/parts/products.h"

namespace edgesmith {
namespace kernels {
namespace portable {

class Conv2dSums {
 public:
  Conv2dSums(const Conv2dParams& params, const int8_t* weights, const int8_t* input);

  void move_to(int32_t y, int32_t x);

  /// sums[i] of output channels o..o+count-1 at that position, count <= kChannelsAtOnce; without bias.
  void compute(int32_t o, int32_t count, int32_t (&sums)[kChannelsAtOnce]) const;

 private:
  void gather();
  void add_row(const Filters& filters, int32_t fy, int32_t* sums) const;
  const int8_t* input_under(int32_t fy, int32_t fx) const;
  Filters from_tap(const Filters& filters, int32_t fy, int32_t fx) const;

  static constexpr int32_t kGatheredMax = 96;  // bytes
  static constexpr int32_t kShortRow = 32;     // elements: longer ones are worth a call each

  const Conv2dParams& p_;
  const int8_t* weights_;
  const int8_t* input_;
  const int32_t filter_elems_;
  bool gathers_;
  Place at_;
  int8_t under_filter_[kGatheredMax];
};

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
