#pragma once
// From a sum to an int8 output, in 32-bit arithmetic: what every layer with weights ends in.
//
// Both roundings come down to one step: with n = bits that are still to go after a product's upper word was taken,
//   half up:              ((y >> (n - 1)) + 1) >> 1
//   half away from zero:  the same on y - (y < 0)
// which cannot overflow. It holds where the shift is at most -2, as in every layer whose scales are sensible; the
// others take the way of device/tensor/quantization.h.

#include <stdint.h>

#include "device/kernels/params.h"
#include "device/tensor/fixed_point.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace portable {

/// a * b = 2^32 * upper + 2^16 * middle + something below 2^16.   middle is in 0..2^31-1-2^14
struct HalvesProduct {
  int32_t upper, middle;
};

/// For cores that multiply to 32 bits only: four products of 16 x 16 bits.   b is not negative
/// No sum overflows: al, bl <= 65535, bh <= 32767 and -32768 <= ah <= 32767, and 32767 * 65535 + 65535 = 2^31 - 2^15 -
/// 2^15.
inline HalvesProduct multiply_halves(int32_t a, int32_t b) {
  const int32_t ah = a >> 16, bh = b >> 16;
  const uint32_t al = static_cast<uint32_t>(a) & 0xffffu, bl = static_cast<uint32_t>(b) & 0xffffu;
  const int32_t first = ah * static_cast<int32_t>(bl) + static_cast<int32_t>((al * bl) >> 16);
  const int32_t second = static_cast<int32_t>(al) * bh + (first & 0xffff);
  return HalvesProduct{ah * bh + (first >> 16), second};
}

/// high_multiply() by halves.
inline int32_t high_multiply_halves(int32_t a, int32_t b) {
  const HalvesProduct product = multiply_halves(a, b);
  return static_cast<int32_t>(static_cast<uint32_t>(product.upper) << 1) + ((product.middle + (1 << 14)) >> 15);
}

/// a * b / 2^32, rounded down, by halves.
inline int32_t upper_word_halves(int32_t a, int32_t b) {
  const HalvesProduct product = multiply_halves(a, b);
  return product.upper + (product.middle >> 16);
}

// The one place that asks for the core: without a long multiply the compiler would call a library for 64 x 64 bits.
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
constexpr bool kManyRegisters = false;  // for two positions at a time
inline int32_t high_multiply_fast(int32_t a, int32_t b) {
  return high_multiply_halves(a, b);
}
inline int32_t upper_word(int32_t a, int32_t b) {
  return upper_word_halves(a, b);
}
#else
constexpr bool kManyRegisters = true;
inline int32_t high_multiply_fast(int32_t a, int32_t b) {
  const int64_t product = static_cast<int64_t>(a) * b;
  const uint32_t upper = static_cast<uint32_t>(static_cast<uint64_t>(product) >> 32);
  const uint32_t top_two = static_cast<uint32_t>(product) >> 30;
  return static_cast<int32_t>((upper << 1) + ((top_two + 1) >> 1));
}
inline int32_t upper_word(int32_t a, int32_t b) {
  return static_cast<int32_t>((static_cast<int64_t>(a) * b) >> 32);
}
#endif

/// requantize() with short forms for shift <= 0, for values that are not a layer's outputs.
inline int32_t rescale(int32_t x, int32_t multiplier, int32_t shift, int32_t rounding) {
  const bool once = rounding == static_cast<int32_t>(Rounding::single);
  if (shift == 0) return high_multiply_fast(x, multiplier);
  if (shift > 0 || (once && shift == -1)) return requantize(x, multiplier, shift, static_cast<Rounding>(rounding));
  if (once) return ((upper_word(x, multiplier) >> (-2 - shift)) + 1) >> 1;
  const int32_t y = high_multiply_fast(x, multiplier);
  return (((y + (y >> 31)) >> ~shift) + 1) >> 1;
}

/// What the outputs of a layer have in common.
struct OutputStage {
  int32_t zero_point, act_min, act_max;
  bool once;  // Rounding::single
};

template <typename Params>
OutputStage output_stage_of(const Params& p) {
  return OutputStage{p.output_zero_point, p.act_min, p.act_max, p.rounding == static_cast<int32_t>(Rounding::single)};
}

/// Adds the bias to the sums of output channels o..o+channels-1 of one position and writes them:
///   out[i] = clamp(requantize(sums[i] + bias[o + i], multiplier[o + i], shift[o + i]) + zero_point, act_min, act_max)
void write_channels(const OutputStage& stage, const Weights& weights, int32_t o, int32_t channels, const int32_t* sums,
                    int8_t* out);

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
