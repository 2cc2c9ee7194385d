#include "device/guard/guard.h"

#include <gtest/gtest.h>

#include <cmath>

namespace edgesmith {
namespace guard {
namespace {

const Range kRanges[2] = {{-4, 4}, {1, 3}};

TEST(Guard, HoldsTheLastGoodValueAndSaysWhy) {
  float last_good[2];
  uint32_t bad = 0;
  float good[2] = {2, 2};
  EXPECT_EQ(hold_bad_values(span_of(kRanges), span_of(good), span_of(last_good), true, bad), 0);
  float nan[2] = {NAN, 3};
  EXPECT_EQ(hold_bad_values(span_of(kRanges), span_of(nan), span_of(last_good), false, bad), kNotFinite);
  EXPECT_EQ(nan[0], 2);
  EXPECT_EQ(nan[1], 3);
  float outside[2] = {INFINITY, 3.5f};
  EXPECT_EQ(hold_bad_values(span_of(kRanges), span_of(outside), span_of(last_good), false, bad),
            kNotFinite | kOutOfRange);
  EXPECT_EQ(outside[1], 3);
  EXPECT_EQ(bad, 3u);
}

TEST(Guard, HoldsTheValueNearestToZeroBeforeAnyIsGood) {
  float last_good[2] = {99, 99};
  uint32_t bad = 0;
  float sample[2] = {-5, 0};
  hold_bad_values(span_of(kRanges), span_of(sample), span_of(last_good), true, bad);
  EXPECT_EQ(sample[0], 0);
  EXPECT_EQ(sample[1], 1);
}

TEST(Guard, TakesTheLimitsThemselves) {
  float last_good[2];
  uint32_t bad = 0;
  float sample[2] = {-4, 3};
  EXPECT_EQ(hold_bad_values(span_of(kRanges), span_of(sample), span_of(last_good), true, bad), 0);
}

TEST(Guard, RefusesRangesThatAreEmptyOrNotFinite) {
  const Range bad[3] = {{1, 1}, {0, INFINITY}, {NAN, 1}};
  for (const Range& range : bad)
    EXPECT_EQ(check_ranges({&range, 1}), Status::config_invalid);
  EXPECT_EQ(check_ranges(span_of(kRanges)), Status::ok);
}

}  // namespace
}  // namespace guard
}  // namespace edgesmith
