#pragma once
// The two roundings that int8 inference is defined by. Fractions are named by their place: Q31 = x / 2^31.
//
// Right shifts of negative numbers are arithmetic and narrowing conversions wrap, as on every compiler that we build
// with (and by the standard since C++20).

#include <stdint.h>

namespace edgesmith {

/// a * b / 2^31, rounded to nearest, halves towards plus infinity: the product of two Q31 fractions.
/// Range: not both INT32_MIN.
inline int32_t high_multiply(int32_t a, int32_t b) {
  return static_cast<int32_t>((static_cast<int64_t>(a) * b + (INT64_C(1) << 30)) >> 31);
}

/// x / 2^bits, rounded to nearest, halves away from zero.   bits 0..62
inline int64_t rounding_shift_right(int64_t x, int bits) {
  const int64_t mask = (INT64_C(1) << bits) - 1;
  const int64_t half = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> bits) + ((x & mask) > half ? 1 : 0);
}

/// The same in the width of a register.   bits 0..31
inline int32_t rounding_shift_right(int32_t x, int bits) {
  const uint32_t mask = bits == 0 ? 0 : UINT32_MAX >> (32 - bits);
  const uint32_t half = (mask >> 1) + (x < 0 ? 1u : 0u);
  const bool up = (static_cast<uint32_t>(x) & mask) > half;
  return (x >> bits) + (up ? 1 : 0);
}

/// a + b modulo 2^32: a defined answer where hostile constants would overflow.
inline int32_t add_wrapping(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

/// Nearest int32.
inline int32_t saturate_s32(int64_t x) {
  return x > INT32_MAX ? INT32_MAX : (x < INT32_MIN ? INT32_MIN : static_cast<int32_t>(x));
}

}  // namespace edgesmith
