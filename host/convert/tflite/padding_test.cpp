#include "host/convert/tflite/padding.h"

#include <gtest/gtest.h>

namespace edgesmith::convert {
namespace {

TEST(SamePadding, SplitsEvenlyAndPutsTheOddOneBehind) {
  EXPECT_EQ(same_padding(5, 3, 1, 1), (Pads{1, 1}));    // 5 outputs need 7
  EXPECT_EQ(same_padding(4, 3, 2, 1), (Pads{0, 1}));    // 2 outputs need 5
  EXPECT_EQ(same_padding(49, 10, 2, 1), (Pads{4, 5}));  // 25 outputs need 58: the first layer of MLPerf Tiny's KWS
}

TEST(SamePadding, CountsTheDilatedFilter) {
  EXPECT_EQ(same_padding(10, 3, 1, 4), (Pads{4, 4}));  // reaches over 9
}

TEST(SamePadding, IsNothingWhereTheStrideOutrunsTheFilter) {
  EXPECT_EQ(same_padding(6, 1, 2, 1), (Pads{0, 0}));
}

}  // namespace
}  // namespace edgesmith::convert
