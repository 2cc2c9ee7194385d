#include "device/tensor/quantization.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>

#include "device/tensor/fixed_point.h"

namespace edgesmith {
namespace {

// The two roundings in wide arithmetic, written from their definition.
__int128 floor_divide(__int128 x, __int128 by) {
  const __int128 quotient = x / by;
  return x % by != 0 && x < 0 ? quotient - 1 : quotient;
}

std::int32_t saturated(__int128 x) {
  return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : static_cast<std::int32_t>(x);
}

std::int32_t oracle_single(std::int32_t x, std::int32_t multiplier, std::int32_t shift) {
  const __int128 denominator = static_cast<__int128>(1) << (31 - shift);
  const __int128 product = static_cast<__int128>(x) * multiplier;
  return saturated(floor_divide(2 * product + denominator, 2 * denominator));
}

std::int32_t oracle_double(std::int32_t x, std::int32_t multiplier, std::int32_t shift) {
  const __int128 left = saturated(static_cast<__int128>(x) << (shift > 0 ? shift : 0));
  const __int128 one = static_cast<__int128>(1) << 31;
  const double high = static_cast<double>(floor_divide(2 * left * multiplier + one, 2 * one));
  return static_cast<std::int32_t>(std::round(std::ldexp(high, shift < 0 ? shift : 0)));  // halves away from zero
}

constexpr std::int32_t kHalf = 1 << 30;  // 0.5 in Q31

TEST(Requantize, MultipliesByTheFraction) {
  EXPECT_EQ(requantize(100, kHalf, 0, Rounding::tflm_double), 50);
  EXPECT_EQ(requantize(100, kHalf, 1, Rounding::tflm_double), 100);
  EXPECT_EQ(requantize(100, kHalf, -1, Rounding::tflm_double), 25);
  EXPECT_EQ(requantize(100, kHalf, 1, Rounding::single), 100);
  EXPECT_EQ(requantize(12345, 0, 0, Rounding::single), 0);
}

TEST(Requantize, DoubleRoundingTakesHalvesUpThenAwayFromZero) {
  EXPECT_EQ(requantize(3, kHalf, 0, Rounding::tflm_double), 2);    // 1.5 up
  EXPECT_EQ(requantize(-3, kHalf, 0, Rounding::tflm_double), -1);  // -1.5 up
  EXPECT_EQ(requantize(6, kHalf, -1, Rounding::tflm_double), 2);   // 3, then 1.5 away from zero
  EXPECT_EQ(requantize(-6, kHalf, -1, Rounding::tflm_double), -2);
  EXPECT_EQ(requantize(5, kHalf, -1, Rounding::tflm_double), 2);  // 2.5 up to 3, 1.5 to 2: twice rounded
}

TEST(Requantize, SingleRoundingTakesHalvesUpOnce) {
  EXPECT_EQ(requantize(6, kHalf, -1, Rounding::single), 2);
  EXPECT_EQ(requantize(-6, kHalf, -1, Rounding::single), -1);
  EXPECT_EQ(requantize(5, kHalf, -1, Rounding::single), 1);  // 1.25
}

TEST(Requantize, SaturatesInsteadOfWrapping) {
  EXPECT_EQ(requantize(INT32_MAX, INT32_MAX, 30, Rounding::single), INT32_MAX);
  EXPECT_EQ(requantize(INT32_MIN, INT32_MAX, 30, Rounding::single), INT32_MIN);
  EXPECT_EQ(requantize(1 << 20, kHalf, 30, Rounding::tflm_double), kHalf);  // the left shift stops at 2^31 - 1
}

TEST(Requantize, EqualsWideArithmeticAtTheExtremes) {
  for (const std::int32_t x : {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX}) {
    for (const std::int32_t multiplier : {0, 1, kHalf, kHalf + 1, INT32_MAX}) {
      for (std::int32_t shift = -31; shift <= 30; ++shift) {
        ASSERT_EQ(requantize(x, multiplier, shift, Rounding::single), oracle_single(x, multiplier, shift));
        ASSERT_EQ(requantize(x, multiplier, shift, Rounding::tflm_double), oracle_double(x, multiplier, shift));
      }
    }
  }
}

TEST(Requantize, EqualsWideArithmeticOnRandomNumbers) {
  std::mt19937 random(1);
  int different = 0;
  for (int i = 0; i < 300000; ++i) {
    const std::int32_t x = static_cast<std::int32_t>(random()) >> (random() % 31);
    const std::int32_t multiplier = kHalf + static_cast<std::int32_t>(random() % kHalf);
    const std::int32_t shift = static_cast<std::int32_t>(random() % 62) - 31;
    const std::int32_t twice = requantize(x, multiplier, shift, Rounding::tflm_double);
    const std::int32_t once = requantize(x, multiplier, shift, Rounding::single);
    ASSERT_EQ(twice, oracle_double(x, multiplier, shift)) << x << " " << multiplier << " " << shift;
    ASSERT_EQ(once, oracle_single(x, multiplier, shift)) << x << " " << multiplier << " " << shift;
    different += twice != once;
  }
  EXPECT_GT(different, 0);
}

TEST(RoundingShiftRight, RoundsHalvesAwayFromZeroInBothWidths) {
  for (const int x : {-7, -6, -5, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7}) {
    const int expected = static_cast<int>(std::round(x / 4.0));
    EXPECT_EQ(rounding_shift_right(static_cast<std::int32_t>(x), 2), expected);
    EXPECT_EQ(rounding_shift_right(static_cast<std::int64_t>(x), 2), expected);
  }
  EXPECT_EQ(rounding_shift_right(INT32_MIN, 31), -1);
  EXPECT_EQ(rounding_shift_right(INT32_MAX, 0), INT32_MAX);
  EXPECT_EQ(rounding_shift_right(static_cast<std::int64_t>(INT32_MAX), 32), 0);
}

}  // namespace
}  // namespace edgesmith
