#include "device/tensor/quantization.h"

#include "device/tensor/fixed_point.h"

namespace edgesmith {
namespace {

int32_t shift_left_saturating(int32_t x, int32_t bits) {
  return saturate_s32(static_cast<int64_t>(x) * (INT64_C(1) << bits));
}

int32_t requantize_double(int32_t x, int32_t multiplier, int32_t shift) {
  if (shift > 0) return high_multiply(shift_left_saturating(x, shift), multiplier);
  return rounding_shift_right(high_multiply(x, multiplier), -shift);
}

int32_t requantize_single(int32_t x, int32_t multiplier, int32_t shift) {
  const int32_t bits = 31 - shift;
  const int64_t half = INT64_C(1) << (bits - 1);
  return saturate_s32((static_cast<int64_t>(x) * multiplier + half) >> bits);
}

}  // namespace

int32_t requantize(int32_t x, int32_t multiplier, int32_t shift, Rounding rounding) {
  return rounding == Rounding::single ? requantize_single(x, multiplier, shift)
                                      : requantize_double(x, multiplier, shift);
}

}  // namespace edgesmith
