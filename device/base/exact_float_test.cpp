#include "device/base/exact_float.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgesmith {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

uint32_t bits(float x) {
  uint32_t out;
  memcpy(&out, &x, sizeof out);
  return out;
}

TEST(ExactFloat, ProductsAreRoundedBeforeTheyAreAdded) {
  const float a = 1.0f + 1.0f / 4096;  // a * a = 1 + 2^-11 + 2^-24, of which the last part needs one bit too many
  EXPECT_EQ(sub(mul(a, a), 1.0f + 1.0f / 2048), 0.0f);
}

TEST(ExactFloat, SumsKeepTheirOrder) {
  EXPECT_EQ(add(add(1e8f, -1e8f), 1.0f), 1.0f);
  EXPECT_EQ(add(1e8f, add(-1e8f, 1.0f)), 0.0f);
}

TEST(ExactFloat, MinAndMaxKeepTheFirstOfEquals) {
  EXPECT_EQ(bits(min_f32(0.0f, -0.0f)), bits(0.0f));
  EXPECT_EQ(bits(max_f32(-0.0f, 0.0f)), bits(-0.0f));
  EXPECT_EQ(min_f32(2.0f, 1.0f), 1.0f);
  EXPECT_EQ(max_f32(2.0f, 1.0f), 2.0f);
}

TEST(ExactFloat, AbsClearsTheSignOfZeroToo) {
  EXPECT_EQ(bits(abs_f32(-0.0f)), 0u);
  EXPECT_EQ(abs_f32(-3.5f), 3.5f);
}

TEST(ExactFloat, OnlyNanAndInfinitiesAreNotFinite) {
  EXPECT_FALSE(is_finite(kNan));
  EXPECT_FALSE(is_finite(kInfinity));
  EXPECT_FALSE(is_finite(-kInfinity));
  EXPECT_TRUE(is_finite(std::numeric_limits<float>::max()));
  EXPECT_TRUE(is_finite(std::numeric_limits<float>::denorm_min()));
}

TEST(ExactFloat, HalvesRoundAwayFromZero) {
  EXPECT_EQ(round_half_away(0.5f), 1);
  EXPECT_EQ(round_half_away(-0.5f), -1);
  EXPECT_EQ(round_half_away(2.5f), 3);
  EXPECT_EQ(round_half_away(-2.5f), -3);
}

TEST(ExactFloat, JustBelowAHalfRoundsTowardsZero) {
  EXPECT_EQ(round_half_away(0.49999997f), 0);  // adding 0.5 first would give 1
  EXPECT_EQ(round_half_away(-0.49999997f), 0);
  EXPECT_EQ(round_half_away(8388607.0f), 8388607);
}

TEST(ExactFloat, SquareRootsAreCorrectlyRounded) {
  EXPECT_EQ(bits(sqrt_f32(2.0f)), 0x3fb504f3u);
  EXPECT_EQ(sqrt_f32(0.25f), 0.5f);
}

}  // namespace
}  // namespace edgesmith
