#include "host/evaluate/metrics.h"

#include <gtest/gtest.h>

#include "host/base/error.h"

namespace edgesmith::evaluate {
namespace {

// Three classes, ten windows. Confusion by hand:
//           predicted 0  1  2
//   true 0            3  1  0
//   true 1            0  2  0
//   true 2            1  0  1     and one window without truth, one below purity.
Scores example() {
  return {.classes = 3,
          .truth = {0, 0, 0, 0, 1, 1, 2, 2, kNoTruth, 2},
          .predicted = {0, 0, 0, 1, 1, 1, 0, 2, 2, 1},
          .decided = {0, 0, kRejected, 1, 1, 1, kRejected, 2, 2, 1},
          .purity = {1, 1, 1, 1, 1, 1, 1, 0.75, 1, 0.6},
          .purity_limit = 0.75};
}

TEST(Metrics, RowsAreTruthAndColumnsPrediction) {
  const std::vector<std::vector<std::int64_t>> expected = {{3, 1, 0}, {0, 2, 0}, {1, 0, 1}};
  EXPECT_EQ(measure(example()).confusion, expected);
}

TEST(Metrics, AccuracyCountsPureWindowsAndAccuracyAllEveryLabelledOne) {
  const Metrics m = measure(example());
  EXPECT_EQ(m.windows, 8);
  EXPECT_EQ(m.accuracy, 0.75);
  EXPECT_EQ(m.windows_all, 9);
  EXPECT_EQ(m.accuracy_all, 6.0 / 9.0);
}

TEST(Metrics, PerClassFiguresAreThoseWorkedOutByHand) {
  const Metrics m = measure(example());
  EXPECT_EQ(m.per_class[0].precision, 3.0 / 4.0);
  EXPECT_EQ(m.per_class[0].recall, 3.0 / 4.0);
  EXPECT_EQ(m.per_class[0].f1, 6.0 / 8.0);
  EXPECT_EQ(m.per_class[1].precision, 2.0 / 3.0);
  EXPECT_EQ(m.per_class[1].recall, 1.0);
  EXPECT_EQ(m.per_class[1].f1, 4.0 / 5.0);
  EXPECT_EQ(m.per_class[2].f1, 2.0 / 3.0);
  EXPECT_EQ(m.per_class[2].support, 2);
  EXPECT_EQ(m.macro_f1, (6.0 / 8.0 + 4.0 / 5.0 + 2.0 / 3.0) / 3);
  EXPECT_EQ(m.row_share[0][1], 0.25);
}

TEST(Metrics, RejectedWindowsLowerCoverageAndNotAccuracy) {
  const Decided decided = measure(example()).decided;
  EXPECT_EQ(decided.coverage, 6.0 / 8.0);
  EXPECT_EQ(decided.reject_rate, 2.0 / 8.0);
  EXPECT_EQ(decided.accuracy, 5.0 / 6.0);
}

TEST(Metrics, MacroF1LeavesOutClassesThatAreAbsentFromTruth) {
  // Class 2 never occurs but is claimed once: the claim costs class 1 its recall, and class 2 is no term of the mean.
  EXPECT_EQ(macro_f1({0, 0, 1, 1}, {0, 0, 1, 2}, 3), (1.0 + 2.0 / 3.0) / 2);
}

TEST(Metrics, RejectedAnswersCostRecallOnly) {
  EXPECT_EQ(macro_f1({0, 0, 1}, {0, kRejected, 1}, 2), (2.0 / 3.0 + 1.0) / 2);
}

TEST(Metrics, NoWindowsGiveZeroesAndTheWholeInterval) {
  const Metrics m = measure({.classes = 2});
  EXPECT_EQ(m.accuracy, 0);
  EXPECT_EQ(m.macro_f1, 0);
  EXPECT_EQ(m.accuracy_95.low, 0);
  EXPECT_EQ(m.accuracy_95.high, 1);
}

TEST(Metrics, WithoutDecisionsEveryPredictionIsOne) {
  Scores scores = example();
  scores.decided.clear();
  const Metrics m = measure(scores);
  EXPECT_EQ(m.decided.coverage, 1);
  EXPECT_EQ(m.decided.accuracy, m.accuracy);
}

// Worked out from the formula in another language, rounded to seven digits; the tolerance is half of the last one.
TEST(Wilson, MatchesTheFormulaWorkedOutElsewhere) {
  EXPECT_NEAR(wilson_95(8, 10).low, 0.4901625, 5e-8);
  EXPECT_NEAR(wilson_95(8, 10).high, 0.9433178, 5e-8);
}

TEST(Wilson, TouchesTheEndsExactly) {
  EXPECT_EQ(wilson_95(0, 20).low, 0.0);
  EXPECT_EQ(wilson_95(20, 20).high, 1.0);
  EXPECT_LT(wilson_95(20, 20).low, 1.0);
}

TEST(Metrics, RefusesListsThatDoNotFit) {
  Scores scores = example();
  scores.predicted.pop_back();
  EXPECT_THROW(measure(scores), Error);
  scores = example();
  scores.truth[3] = 3;
  EXPECT_THROW(measure(scores), Error);
}

TEST(Metrics, JsonHasTheKeysThatOtherToolsRead) {
  const auto json = to_json(measure(example()), {"idle", "tap", "double"});
  EXPECT_EQ(json["accuracy"], 0.75);
  EXPECT_EQ(json["windows_all"], 9);
  EXPECT_EQ(json["per_class"]["tap"]["recall"], 1.0);
  EXPECT_EQ(json["confusion"][2][0], 1);
  EXPECT_EQ(json["decided"]["reject_rate"], 0.25);
}

}  // namespace
}  // namespace edgesmith::evaluate
