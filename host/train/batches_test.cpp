#include "host/train/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace edgesmith::train {
namespace {

std::vector<std::uint32_t> counting(std::size_t n) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

TEST(Shuffle, KeepsEveryWindowAndFollowsTheSeed) {
  std::vector<std::uint32_t> order = counting(100), again = counting(100);
  Random first(5), second(5);
  shuffle(order, first);
  shuffle(again, second);
  EXPECT_EQ(order, again);
  EXPECT_NE(order, counting(100));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, counting(100));
}

TEST(Shuffle, GivesEveryOrderAboutAsOften) {
  Random random(1);
  int seen[6] = {};
  for (int i = 0; i < 6000; ++i) {
    std::vector<std::uint32_t> order = counting(3);
    shuffle(order, random);
    ++seen[order[0] * 2 + (order[1] > order[2])];
  }
  for (const int times : seen)
    EXPECT_NEAR(times, 1000, 150);  // five standard deviations
}

TEST(Part, SpreadsWindowsEvenly) {
  const std::vector<std::uint32_t> order = counting(10);
  std::vector<std::size_t> lengths;
  std::vector<std::uint32_t> joined;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto piece = part(order, i, 4);
    lengths.push_back(piece.size());
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(lengths, (std::vector<std::size_t>{2, 3, 2, 3}));
  EXPECT_EQ(joined, order);
}

TEST(Augment, LeavesAWindowAloneWhenNothingIsAsked) {
  std::vector<float> window = {1, -2};
  Random random(1), untouched(1);
  augment(window, 0, 0, random);
  EXPECT_EQ(window, (std::vector<float>{1, -2}));
  EXPECT_EQ(random.next(), untouched.next());
}

TEST(Augment, ScalesAWindowAsAWhole) {
  Random random(1);
  float least = 9, most = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<float> window = {1, -2};
    augment(window, 0.25, 0, random);
    EXPECT_EQ(window[1], -2 * window[0]);
    least = std::min(least, window[0]);
    most = std::max(most, window[0]);
  }
  EXPECT_GE(least, 0.75f);
  EXPECT_LT(least, 0.78f);
  EXPECT_LE(most, 1.25f);
  EXPECT_GT(most, 1.22f);
}

TEST(Augment, NoiseHasTheGivenSpread) {
  Random random(1);
  std::vector<float> window(10000, 3.0f);
  augment(window, 0, 0.5, random);
  const double mean = std::accumulate(window.begin(), window.end(), 0.0) / 10000;
  double square = 0;
  for (const float value : window)
    square += (value - mean) * (value - mean);
  EXPECT_NEAR(mean, 3, 0.025);  // five standard errors
  EXPECT_NEAR(square / 10000, 0.25, 0.02);
}

TEST(ClassWeights, BalancedGivesEveryClassTheSameSum) {
  const std::vector<std::int32_t> labels = {0, 0, 0, 3, 0, 0, 0, 3};
  EXPECT_EQ(class_weights("balanced", labels, 4), (std::vector<float>{8.0f / 12, 0, 0, 2}));
  EXPECT_EQ(class_weights("none", labels, 4), (std::vector<float>{1, 1, 1, 1}));
}

TEST(LearningRate, CosineFallsFromTheInitialRate) {
  EXPECT_EQ(learning_rate("cosine", 0.5, 0, 10), 0.5);
  EXPECT_NEAR(learning_rate("cosine", 0.5, 5, 10), 0.25, 1e-15);
  EXPECT_LT(learning_rate("cosine", 0.5, 9, 10), 0.02);
  EXPECT_EQ(learning_rate("constant", 0.5, 9, 10), 0.5);
}

}  // namespace
}  // namespace edgesmith::train
