#pragma once
// How int8 tensors stand for real numbers, and the integer arithmetic that moves between scales.

#include <stdint.h>

namespace edgesmith {

/// real = scale * (q - zero_point)
struct QuantParams {
  float scale;
  int32_t zero_point;
};
static_assert(sizeof(QuantParams) == 8, "QuantParams is a file format");

/// How requantisation rounds. Part of a plan: the two differ in about one result of fifty by one.
enum class Rounding : uint8_t {
  tflm_double = 0,  // high multiply rounded half up, then shift rounded half away from zero
  single = 1,       // one 64-bit product, rounded once, half up
};

/// x * multiplier * 2^(shift - 31), rounded as `rounding` says and saturated to int32.
///   multiplier  Q31, 0..2^31-1 (normalised ones are 0 or at least 2^30);   shift  -31..30
/// A left shift (shift > 0) saturates before the multiplication in the double mode; no network that is scaled sensibly
/// gets there.
/// Source: TFLite int8 quantization specification; TensorFlow Lite Micro's reference kernels.
int32_t requantize(int32_t x, int32_t multiplier, int32_t shift, Rounding rounding);

inline int32_t clamp_s32(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : (x > high ? high : x);
}

}  // namespace edgesmith
