#pragma once
// train: recordings -> features -> network -> int8 -> thresholds -> plan, as a new run.

#include <string>

#include <nlohmann/json.hpp>

#include "host/workflow/run_model.h"

namespace edgesmith {

struct TrainResult {
  std::string run;
  double accuracy = 0, macro_f1 = 0, precision = 0, recall = 0;  // float network on the validation windows
  int best_epoch = 0, epochs = 0;
  double seconds = 0;
  std::size_t train_windows = 0, validate_windows = 0;
};
nlohmann::ordered_json to_json(const TrainResult& result);

/// Trains into a new run and makes it the current one once it is complete. With [model] file the network is read, not
/// trained.
TrainResult train_project(const Project& project);

}  // namespace edgesmith
