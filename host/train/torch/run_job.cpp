#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/progress.h"
#include "host/train/results.h"
#include "host/train/torch/trainer.h"

namespace edgesmith::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kCheckpoint = "checkpoint.safetensors";
constexpr const char* kMetrics = "metrics.csv";
constexpr const char* kScores = "validation_scores.f32";
constexpr const char* kResult = "result.json";

void require_finite(double loss, int epoch) {
  if (std::isfinite(loss)) return;
  throw Error{{.code = "train.diverged",
               .what = "the training ran away: its loss is no longer a number",
               .where = "epoch " + std::to_string(epoch),
               .try_this = "a smaller learning_rate, or [normalize] kind = \"standard\""}};
}

bool better(const std::string& rule, const ValidationScore& now, const ValidationScore& best) {
  if (rule == "last") return true;
  return rule == "val_accuracy" ? now.accuracy > best.accuracy : now.macro_f1 > best.macro_f1;
}

/// What has been reached so far, on disk after every epoch: a run that is killed leaves its best checkpoint.
class Record {
 public:
  /// Takes an earlier run's files away, so that results never mix.
  Record(const Job& job, fs::path folder) : job_(job), folder_(std::move(folder)) {
    for (const char* file : {kResult, kScores, kMetrics, kCheckpoint})
      fs::remove(folder_ / file);
  }

  void add(EpochRow row, const Trainer& trainer, std::vector<float> scores) {
    row.best = rows_.empty() || better(job_.training.best, row.val, best_.val);
    if (row.best) {
      write_checkpoint(folder_ / kCheckpoint, trainer.checkpoint());
      best_ = row;
      best_scores_ = std::move(scores);
    }
    rows_.push_back(row);
    write_text(folder_ / kMetrics, metrics_text(rows_));
  }

  void finish(double seconds) const {
    write_bytes(folder_ / kScores, best_scores_.data(), best_scores_.size() * sizeof(float));
    write_result(folder_ / kResult, {static_cast<int>(rows_.size()), best_.epoch, best_.val, seconds});
  }

 private:
  const Job& job_;
  fs::path folder_;
  std::vector<EpochRow> rows_;
  EpochRow best_;
  std::vector<float> best_scores_;
};

EpochRow run_epoch(const Job& job, Trainer& trainer, int epoch, std::vector<float>& scores) {
  EpochRow row{.epoch = epoch + 1};
  row.learning_rate = learning_rate(job.training.schedule, job.training.learning_rate, epoch, job.training.epochs);
  row.train_loss = trainer.epoch(row.learning_rate);
  require_finite(row.train_loss, row.epoch);
  scores = trainer.validation_scores();
  row.val = score(scores, job.validation.labels, static_cast<int>(job.classes.size()));
  return row;
}

}  // namespace

void run_job(const Job& job, const fs::path& folder) {
  const auto started = Clock::now();
  Trainer trainer(job);
  Record record(job, folder);
  Progress progress("train", static_cast<std::uint64_t>(job.training.epochs));
  for (int epoch = 0; epoch < job.training.epochs; ++epoch) {
    std::vector<float> scores;
    const EpochRow row = run_epoch(job, trainer, epoch, scores);
    record.add(row, trainer, std::move(scores));
    progress.at(static_cast<std::uint64_t>(row.epoch), fmt::format("val_f1 {:.3f}", row.val.macro_f1));
  }
  record.finish(std::chrono::duration<double>(Clock::now() - started).count());
}

}  // namespace edgesmith::train
