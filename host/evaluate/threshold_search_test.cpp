#include "host/evaluate/threshold_search.h"

#include <gtest/gtest.h>

#include "device/decision/decision.h"
#include "host/base/error.h"
#include "host/base/random.h"
#include "host/evaluate/metrics.h"

namespace edgesmith::evaluate {
namespace {

// Class 0 = idle, class 1 = tap. False taps score up to 0.62, true ones from 0.70 on.
ScoredWindows taps() {
  return {.classes = 2,
          .scores = {0.90f, 0.10f,  //
                     0.38f, 0.62f,  //
                     0.45f, 0.55f,  //
                     0.30f, 0.70f,  //
                     0.10f, 0.90f},
          .truth = {0, 0, 0, 1, 1}};
}

TEST(ThresholdSearch, SeparatesFalseFromTrueDetections) {
  const Thresholds found = search_thresholds(taps(), 0);
  EXPECT_EQ(found.values[1], 0.63f);  // the first step above 0.62: nearest to 0.5 among 0.63 ... 0.70
  EXPECT_EQ(found.macro_f1, 1.0);
  EXPECT_EQ(found.macro_f1_at_half, (0.5 + 2.0 / 3.0) / 2);  // idle: 1 of 3 found; tap: 2 of 4 claims right
}

TEST(ThresholdSearch, StaysAtOneHalfWhereNothingIsGained) {
  const ScoredWindows clean{.classes = 2, .scores = {0.9f, 0.1f, 0.2f, 0.8f}, .truth = {0, 1}};
  EXPECT_EQ(search_thresholds(clean, 0).values, (std::vector<float>{0.5f, 0.5f}));
}

TEST(ThresholdSearch, PrefersTheLowerOfTwoEquallyNearSteps) {
  // Class 1 takes what is rejected. The first two windows lie around 0.5: 0.49 accepts both (one rightly), 0.51 rejects
  // both (one rightly), 0.50 decides both wrongly. By symmetry 0.49 and 0.51 are worth the same.
  const ScoredWindows tie{.classes = 2,
                          .scores = {0.495f, 0.1f,  //
                                     0.505f, 0.1f,  //
                                     0.900f, 0.1f,  //
                                     0.100f, 0.9f},
                          .truth = {0, 1, 0, 1}};
  EXPECT_EQ(search_thresholds(tie, 1).values[0], 0.49f);
}

TEST(ThresholdSearch, WorksWithoutARejectClass) {
  const Thresholds found = search_thresholds(taps(), decision::kNoClass);
  EXPECT_GE(found.macro_f1, found.macro_f1_at_half);
}

TEST(ThresholdSearch, FindsTheSameTwiceAndNeverLoses) {
  Random random(7);
  ScoredWindows windows{.classes = 4};
  for (int w = 0; w < 400; ++w) {
    for (int c = 0; c < 4; ++c)
      windows.scores.push_back(random.uniform());
    windows.truth.push_back(static_cast<int>(random.below(4)));
  }
  const Thresholds first = search_thresholds(windows, 0);
  const Thresholds second = search_thresholds(windows, 0);
  EXPECT_EQ(first.values, second.values);
  EXPECT_EQ(first.macro_f1, second.macro_f1);
  EXPECT_GT(first.macro_f1, first.macro_f1_at_half);
}

TEST(ThresholdSearch, SaysWhatToDoWithoutValidationWindows) {
  try {
    search_thresholds({.classes = 2, .scores = {}, .truth = {}}, 0);
    FAIL() << "accepted no windows";
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "evaluate.no_windows");
    EXPECT_FALSE(error.text.try_this.empty());
  }
}

TEST(ThresholdSearch, RefusesScoresThatDoNotFit) {
  ScoredWindows windows = taps();
  windows.scores.pop_back();
  EXPECT_THROW(search_thresholds(windows, 0), Error);
}

}  // namespace
}  // namespace edgesmith::evaluate
