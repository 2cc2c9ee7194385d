#include "host/design/settling.h"

#include <gtest/gtest.h>

namespace edgesmith::design {
namespace {

TEST(Settling, OfAnEmaIsWhenTheFirstSampleWeighsUnderFivePercent) {
  const std::vector<ConditioningStep> steps = {{.kind = "ema", .channels = {}, .alpha = 0.5}};
  EXPECT_EQ(settling_samples(steps), 5u);  // 0.5^4 = 6.3 %, 0.5^5 = 3.1 %
}

TEST(Settling, AddsUpAlongTheChain) {
  const std::vector<ConditioningStep> steps = {
      {.kind = "clamp"}, {.kind = "median", .length = 5}, {.kind = "ema", .alpha = 1}};
  EXPECT_EQ(settling_samples(steps), 4u);
}

}  // namespace
}  // namespace edgesmith::design
