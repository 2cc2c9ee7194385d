#pragma once
// One training: shards of each batch on several threads, one optimiser, the validation windows after every epoch.

#include <vector>

#include "host/train/adamw.h"
#include "host/train/batches.h"
#include "host/train/job.h"
#include "host/train/torch/crew.h"
#include "host/train/torch/network.h"

namespace edgesmith::train {

/// Every batch is cut into one shard a thread. Each shard has a replica of the network that shares the weights; their
/// gradients are added in the order of the shards, so that results depend on the number of threads and on nothing
/// that happens at run time. Batch norm normalises each shard by itself.
class Trainer {
 public:
  /// `job` was checked and outlives the trainer.
  explicit Trainer(const Job& job);

  /// One pass over the training windows; the mean loss of a window.
  double epoch(double learning_rate);

  /// Probabilities of the validation windows, [windows][classes].
  std::vector<float> validation_scores();

  const Checkpoint& checkpoint() const {
    return checkpoint_;
  }

 private:
  struct Shard {
    Network network;
    Random random;
    double loss = 0;
    bool took_part = false;
  };

  double step(std::span<const std::uint32_t> batch, double learning_rate);
  void train_shard(Shard& shard, std::span<const std::uint32_t> windows, double batch_weight);
  void update(double learning_rate);
  void merge_statistics();
  double weight_of(std::span<const std::uint32_t> windows) const;

  const Job& job_;
  Loss loss_;
  Checkpoint checkpoint_;
  std::vector<bool> trained_;  // per tensor of the checkpoint
  AdamW optimiser_;
  std::vector<std::uint32_t> order_;
  Random shuffling_;
  std::vector<Shard> shards_;
  Crew crew_;
};

/// Runs the job to its end and writes its results into `folder`; shows progress on a terminal.
/// Errors: "train.diverged" when the loss is no longer finite.
void run_job(const Job& job, const std::filesystem::path& folder);

}  // namespace edgesmith::train
