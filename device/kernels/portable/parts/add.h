#pragma once
// The sum of two int8 values on scales of their own, as ADD defines it.

#include "device/kernels/params.h"
#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {

/// What takes one side to the common scale: (q - zero_point) * 2^left_shift * factor.
struct AddSide {
  int32_t zero_point, left_shift, multiplier, shift;
};

/// What takes the sum to the output.
struct AddOutput {
  int32_t zero_point, multiplier, shift;
  int32_t act_min, act_max;
};

inline int32_t on_common_scale(int32_t q, const AddSide& side, int32_t rounding) {
  return rescale((q - side.zero_point) * (1 << side.left_shift), side.multiplier, side.shift, rounding);
}

inline int8_t to_output(int32_t sum, const AddOutput& output, int32_t rounding) {
  const int32_t zero_point = output.zero_point;
  const int32_t scaled = rescale(sum, output.multiplier, output.shift, rounding);
  return static_cast<int8_t>(clamp_s32(scaled, output.act_min - zero_point, output.act_max - zero_point) + zero_point);
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
