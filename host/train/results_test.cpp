#include "host/train/results.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith::train {
namespace {

fs::path scratch(const std::string& name) {
  return fs::path(testing::TempDir()) / ("edgesmith_results_" + name);
}

TEST(Score, CountsByHand) {
  // truth 0 0 0 1 1; predicted 0 0 1 1 2; class 2 never occurs, so it has no part in the means
  const std::vector<float> scores = {.8f, .1f, .1f, .8f, .1f, .1f, .1f, .8f, .1f, .1f, .8f, .1f, .1f, .1f, .8f};
  const std::vector<std::int32_t> truth = {0, 0, 0, 1, 1};
  const ValidationScore s = score(scores, truth, 3);
  EXPECT_EQ(s.accuracy, 3.0 / 5);
  EXPECT_EQ(s.precision, (1.0 + 0.5) / 2);
  EXPECT_EQ(s.recall, (2.0 / 3 + 0.5) / 2);
  EXPECT_EQ(s.macro_f1, (0.8 + 0.5) / 2);
}

TEST(Score, OfEqualScoresTheFirstClassWins) {
  EXPECT_EQ(score(std::vector<float>{.5f, .5f}, std::vector<std::int32_t>{0}, 2).accuracy, 1);
  EXPECT_EQ(score(std::vector<float>{.5f, .5f}, std::vector<std::int32_t>{1}, 2).accuracy, 0);
}

TEST(Metrics, HeaderIsExactAndRowsComeBack) {
  const std::vector<EpochRow> rows = {{1, 0.5, {0.75, 0.5, 0.25, 0.125}, 1e-3, true}, {2, 0.25, {}, 5e-4, false}};
  const std::string text = metrics_text(rows);
  EXPECT_EQ(text,
            "epoch,train_loss,val_accuracy,val_f1,val_precision,val_recall,lr,best_flag\n"
            "1,0.500000,0.750000,0.500000,0.250000,0.125000,0.001,1\n"
            "2,0.250000,0.000000,0.000000,0.000000,0.000000,0.0005,0\n");
  write_text(scratch("metrics.csv"), text);
  const std::vector<EpochRow> read = read_metrics(scratch("metrics.csv"));
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(metrics_text(read), text);
  write_text(scratch("metrics.csv"), text + "3,nonsense\n");
  EXPECT_THROW(read_metrics(scratch("metrics.csv")), Error);
  write_text(scratch("metrics.csv"), "a,b\n");
  EXPECT_THROW(read_metrics(scratch("metrics.csv")), Error);
}

TEST(Result, ComesBackAsWritten) {
  write_result(scratch("result.json"), {40, 17, {0.9, 0.8, 0.7, 0.6}, 1.5});
  const TrainingResult read = read_result(scratch("result.json"));
  EXPECT_EQ(read.epochs, 40);
  EXPECT_EQ(read.best_epoch, 17);
  EXPECT_EQ(read.val.accuracy, 0.9);
  EXPECT_EQ(read.val.macro_f1, 0.8);
  EXPECT_EQ(read.val.precision, 0.7);
  EXPECT_EQ(read.val.recall, 0.6);
  EXPECT_EQ(read.seconds, 1.5);
  write_text(scratch("result.json"), "{\"epochs\": 4}");
  EXPECT_THROW(read_result(scratch("result.json")), Error);
}

}  // namespace
}  // namespace edgesmith::train
