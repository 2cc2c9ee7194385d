#include "device/signal/conditioning.h"

#include <gtest/gtest.h>

#include <vector>

namespace edgesmith {
namespace signal {
namespace {

ConditionStep step(ConditionKind kind, uint8_t length, float a, float b = 0, uint32_t channels = 1) {
  return ConditionStep{static_cast<uint8_t>(kind), length, 0, channels, a, b};
}

/// Output of a chain over one channel.
std::vector<float> run(std::vector<ConditionStep> steps, const std::vector<float>& input) {
  const Span<const ConditionStep> chain = {steps.data(), steps.size()};
  std::vector<float> state(condition_state_floats(chain, 1));
  std::vector<float> output;
  for (size_t i = 0; i < input.size(); ++i) {
    float x = input[i];
    condition(chain, Span<float>{&x, 1}, Span<float>{state.data(), state.size()}, i == 0);
    output.push_back(x);
  }
  return output;
}

using Values = std::vector<float>;

TEST(Conditioning, ClampLimitsBothSides) {
  EXPECT_EQ(run({step(ConditionKind::clamp, 0, -1, 2)}, {-5, 0.5f, 9}), (Values{-1, 0.5f, 2}));
}

TEST(Conditioning, MedianOfThreeRemovesOneSpikeAndDelaysByOne) {
  EXPECT_EQ(run({step(ConditionKind::median, 3, 0)}, {1, 1, 9, 1, 2, 3}), (Values{1, 1, 1, 1, 2, 2}));
}

TEST(Conditioning, MedianOfFiveRemovesTwoSpikes) {
  EXPECT_EQ(run({step(ConditionKind::median, 5, 0)}, {1, 1, 9, 9, 1, 1, 1}), (Values{1, 1, 1, 1, 1, 1, 1}));
}

TEST(Conditioning, EmaIsPrimedByTheFirstSampleAndMovesByAlpha) {
  EXPECT_EQ(run({step(ConditionKind::ema, 0, 0.5f)}, {4, 8, 8, 0}), (Values{4, 6, 7, 3.5f}));
}

TEST(Conditioning, DespikeHoldsShortJumpsAndAcceptsLastingOnes) {
  EXPECT_EQ(run({step(ConditionKind::despike, 2, 3)}, {0, 1, 50, 1, 50, 50, 50, 51}),
            (Values{0, 1, 1, 1, 1, 1, 50, 51}));
}

TEST(Conditioning, StepsRunInTheirOrder) {
  const ConditionStep clamp = step(ConditionKind::clamp, 0, 0, 4);
  const ConditionStep ema = step(ConditionKind::ema, 0, 0.5f);
  EXPECT_EQ(run({clamp, ema}, {0, 8}), (Values{0, 2}));
  EXPECT_EQ(run({ema, clamp}, {0, 8}), (Values{0, 4}));
}

TEST(Conditioning, LeavesChannelsThatAreNotInTheMask) {
  std::vector<ConditionStep> steps = {step(ConditionKind::clamp, 0, 0, 1, 2)};
  float sample[2] = {7, 7};
  condition({steps.data(), 1}, span_of(sample), Span<float>{nullptr, 0}, true);
  EXPECT_EQ(sample[0], 7);
  EXPECT_EQ(sample[1], 1);
}

TEST(Conditioning, RefusesWhatCannotWork) {
  const auto status = [](ConditionStep s) { return check_conditioning({&s, 1}, 1); };
  EXPECT_EQ(status(step(ConditionKind::median, 3, 0)), Status::ok);
  EXPECT_EQ(status(step(ConditionKind::median, 4, 0)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::median, 255, 0)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::clamp, 0, 2, 1)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::ema, 0, 0)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::ema, 0, 1.5f)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::despike, 0, 1)), Status::plan_malformed);
  EXPECT_EQ(status(step(static_cast<ConditionKind>(9), 0, 1)), Status::plan_malformed);
  EXPECT_EQ(status(step(ConditionKind::clamp, 0, 0, 1, 2)), Status::plan_malformed) << "a channel that is not there";
}

}  // namespace
}  // namespace signal
}  // namespace edgesmith
