#pragma once
// What a training leaves behind, and how validation is scored.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace edgesmith::train {

/// Of the class with the highest score, every window counted. The other three are means over the classes that occur
/// in the truth; a class that is never predicted has precision 0.
struct ValidationScore {
  double accuracy = 0, macro_f1 = 0, precision = 0, recall = 0;
};

/// scores [windows][classes], truth [windows]; of equal scores the first wins.
ValidationScore score(std::span<const float> scores, std::span<const std::int32_t> truth, int classes);

/// One row of metrics.csv.
struct EpochRow {
  int epoch = 0;  // counted from 1
  double train_loss = 0;
  ValidationScore val;
  double learning_rate = 0;
  bool best = false;  // the best so far
};

/// metrics.csv: epoch,train_loss,val_accuracy,val_f1,val_precision,val_recall,lr,best_flag
std::string metrics_text(const std::vector<EpochRow>& rows);
std::vector<EpochRow> read_metrics(const std::filesystem::path& csv);

/// result.json, written when the training has come to its end.
struct TrainingResult {
  int epochs = 0;
  int best_epoch = 0;
  ValidationScore val;  // of the best epoch
  double seconds = 0;
};
void write_result(const std::filesystem::path& file, const TrainingResult& result);
TrainingResult read_result(const std::filesystem::path& file);

}  // namespace edgesmith::train
