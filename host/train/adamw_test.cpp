#include "host/train/adamw.h"

#include <gtest/gtest.h>

namespace edgesmith::train {
namespace {

// Expected values worked out by hand in exact arithmetic; float32 moments leave an error below 1e-6.
constexpr float kTolerance = 1e-6f;

TEST(AdamW, FirstStepGoesByTheLearningRateWhateverTheGradient) {
  std::vector<float> values = {1, 1, 1};
  AdamW optimiser({});
  optimiser.add(values, false);
  optimiser.begin_step(0.1);
  optimiser.update(0, std::vector<float>{0.001f, -50, 0});
  EXPECT_NEAR(values[0], 0.9f, 2 * kTolerance);  // epsilon is a hundred-thousandth of this gradient
  EXPECT_NEAR(values[1], 1.1f, kTolerance);
  EXPECT_EQ(values[2], 1.0f);
}

TEST(AdamW, SecondStepWeighsBothGradients) {
  std::vector<float> values = {0};
  AdamW optimiser({.beta1 = 0.5, .beta2 = 0.75});
  optimiser.add(values, false);
  optimiser.begin_step(0.1);
  optimiser.update(0, std::vector<float>{1});
  EXPECT_NEAR(values[0], -0.1f, kTolerance);
  optimiser.begin_step(0.1);
  optimiser.update(0, std::vector<float>{-1});
  // m = 0.25 - 0.5 = -0.25, m' = m / 0.75 = -1/3;  v = 0.1875 + 0.25 = 0.4375, v' = v / 0.4375 = 1
  EXPECT_NEAR(values[0], -0.1f + 0.1f / 3, kTolerance);
}

TEST(AdamW, DecayShrinksOnlyWhatIsMarked) {
  std::vector<float> weights = {2}, biases = {2};
  AdamW optimiser({.weight_decay = 0.5});
  optimiser.add(weights, true);
  optimiser.add(biases, false);
  optimiser.begin_step(0.5);
  optimiser.update(0, std::vector<float>{0});
  optimiser.update(1, std::vector<float>{0});
  EXPECT_EQ(weights[0], 1.5f);  // 2 * (1 - 0.5 * 0.5)
  EXPECT_EQ(biases[0], 2.0f);
}

}  // namespace
}  // namespace edgesmith::train
