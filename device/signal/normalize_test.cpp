#include "device/signal/normalize.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgesmith {
namespace signal {
namespace {

TEST(Quantize, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(quantize_s8(0.5f, 1, 0), 1);
  EXPECT_EQ(quantize_s8(-0.5f, 1, 0), -1);
  EXPECT_EQ(quantize_s8(1.4999f, 1, 0), 1);
  EXPECT_EQ(quantize_s8(2.5f, 2, 3), 8);
}

TEST(Quantize, ClampsWhateverTheSize) {
  EXPECT_EQ(quantize_s8(1e30f, 1e8f, 0), 127);
  EXPECT_EQ(quantize_s8(-std::numeric_limits<float>::infinity(), 1, 127), -128);
  EXPECT_EQ(quantize_s8(300, 1, -128), 127);
}

TEST(Normalize, SubtractsScalesAndClipsPerEntry) {
  const float offset[2] = {1, 10};
  const float gain[2] = {2, 0.5f};
  const NormalizeSpec spec = {span_of(offset), span_of(gain), 3};
  EXPECT_EQ(normalize(spec, 0, 2), 2);
  EXPECT_EQ(normalize(spec, 3, 12), 1) << "entries repeat";
  EXPECT_EQ(normalize(spec, 2, 100), 3) << "clipped";
}

TEST(Normalize, RefusesTablesThatDoNotFit) {
  const float table[3] = {1, 1, 1};
  EXPECT_EQ(check_normalize({{table, 3}, {table, 3}, 0}, 6), Status::ok);
  EXPECT_EQ(check_normalize({{table, 3}, {table, 3}, 0}, 7), Status::plan_malformed);
  EXPECT_EQ(check_normalize({{table, 3}, {table, 2}, 0}, 6), Status::plan_malformed);
  EXPECT_EQ(check_normalize({{table, 3}, {table, 3}, -1}, 6), Status::plan_malformed);
}

}  // namespace
}  // namespace signal
}  // namespace edgesmith
