#pragma once
// Float arithmetic that gives the same bits under every compiler, flag and core.
//
// IEEE-754 binary32 leaves no freedom for +, -, *, / and sqrt taken one at a time. What changes results is what a
// compiler does *between* them: contracting a*b+c into one fused operation, reassociating sums, keeping excess
// precision. Products therefore pass through an empty asm statement: the compiler must have the rounded product in a
// register there, and cannot fuse it with what follows. It costs no instruction.

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "Edgesmith needs exact float results: build without -ffast-math, -Ofast and -ffinite-math-only"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error \
    "Edgesmith needs float expressions evaluated as float (FLT_EVAL_METHOD == 0); on 32-bit x86 use -msse2 -mfpmath=sse"
#endif

#if defined(__x86_64__) || defined(__i386__)
#define EDGESMITH_FLOAT_REGISTER "x"
#elif defined(__arm__) && defined(__ARM_FP)
#define EDGESMITH_FLOAT_REGISTER "t"
#elif defined(__aarch64__)
#define EDGESMITH_FLOAT_REGISTER "w"
#elif defined(__riscv) && defined(__riscv_flen)
#define EDGESMITH_FLOAT_REGISTER "f"
#elif defined(__arm__) || defined(__riscv)
#define EDGESMITH_FLOAT_REGISTER "r"
#else
#define EDGESMITH_FLOAT_REGISTER "m"  // right everywhere, at the price of a store and a load
#endif

namespace edgesmith {

/// `x`, rounded to binary32 and opaque to the optimiser.
inline float rounded(float x) {
  __asm__("" : "+" EDGESMITH_FLOAT_REGISTER(x));
  return x;
}

/// a * b, never fused with a later addition.
inline float mul(float a, float b) {
  return rounded(a * b);
}

/// a + b and a - b, kept in the written order.
inline float add(float a, float b) {
  return rounded(a + b);
}
inline float sub(float a, float b) {
  return rounded(a - b);
}

// min and max with a defined answer: the first argument unless the second is strictly smaller or larger.
inline float min_f32(float a, float b) {
  return b < a ? b : a;
}
inline float max_f32(float a, float b) {
  return b > a ? b : a;
}
inline float clamp_f32(float x, float low, float high) {
  return min_f32(max_f32(x, low), high);
}

/// |x|, by clearing the sign bit; -0 gives +0.
inline float abs_f32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= 0x7fffffffu;
  memcpy(&x, &bits, sizeof bits);
  return x;
}

/// False for NaN and both infinities; by bits, since a compiler may assume that they do not occur.
inline bool is_finite(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & 0x7f800000u) != 0x7f800000u;
}

/// Nearest integer, halves away from zero. `x` must lie within +-2^23.
inline int32_t round_half_away(float x) {
  const int32_t whole = static_cast<int32_t>(x);
  const float fraction = sub(x, static_cast<float>(whole));  // exact
  if (fraction >= 0.5f) return whole + 1;
  if (fraction <= -0.5f) return whole - 1;
  return whole;
}

/// Square root, correctly rounded: the core's instruction, or the C library's.
inline float sqrt_f32(float x) {
  return rounded(sqrtf(x));
}

}  // namespace edgesmith
