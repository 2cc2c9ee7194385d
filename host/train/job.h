#pragma once
// A training job: a folder that says everything `edgesmith-train` needs, and into which it writes what came out.
//
//   job.json                                    network, training, input shape, class names
//   train_features.f32, validation_features.f32  float32 little-endian [windows][elems], normalised
//   train_labels.i32, validation_labels.i32      int32 little-endian [windows], index into the classes
// results (results.h):
//   checkpoint.safetensors  metrics.csv  result.json  validation_scores.f32

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/train/layers.h"

namespace edgesmith::train {

/// What [train] of a project says.
struct TrainingConfig {
  int epochs = 40;
  int batch = 64;  // windows a step; an epoch's windows are spread evenly over as many steps as fill whole batches
  double learning_rate = 1e-3;
  std::string schedule = "cosine";  // constant | cosine: falls to 0 after the last epoch
  double weight_decay = 1e-4;
  double label_smoothing = 0;
  std::string class_weights = "balanced";  // none | balanced: each class weighs the same in the loss
  std::string best = "val_f1";             // val_f1 | val_accuracy | last; a tie goes to the earlier epoch
  double noise = 0;                        // standard deviation added to normalised features
  double scale_jitter = 0;                 // each window times 1 +- this
  std::uint64_t seed = 1;
  int threads = 2;  // part of the recipe: another number rounds sums elsewhere
};

/// Windows with their labels.
struct Samples {
  std::vector<float> features;  // [windows][elems]
  std::vector<std::int32_t> labels;
  std::size_t windows() const {
    return labels.size();
  }
};

struct Job {
  NetworkConfig network;
  TrainingConfig training;
  InputShape input;
  std::vector<std::string> classes;
  Samples train, validation;
};

/// Checks, then writes; job.json last, so that a folder with it is complete.
void write_job(const std::filesystem::path& folder, const Job& job);

/// Input is untrusted. Errors name the key or file that is wrong.
Job read_job(const std::filesystem::path& folder);

/// Errors: settings out of range; fewer than two training windows or no validation window; lengths that do not fit the
/// input's shape; labels that are no class; features that are not finite.
void check_job(const Job& job);

}  // namespace edgesmith::train
