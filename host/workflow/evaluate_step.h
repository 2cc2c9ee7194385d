#pragma once
// evaluate: how good is a run, at one of its stages, on one split or on recordings it has never seen.

#include <filesystem>
#include <string>
#include <vector>

#include "host/evaluate/metrics.h"
#include "host/workflow/run_model.h"

namespace edgesmith {

struct EvaluateRequest {
  std::string stage = "int8";        // float | int8 | device
  std::string split = "test";        // train | validate | test; ignored with recordings
  std::filesystem::path recordings;  // a recordings/ tree; empty = the project's own
  std::string run;                   // empty = current
  std::string board;                 // device only; empty = [target] board
};

struct EvaluateResult {
  std::string stage, split, run;
  std::vector<std::string> labels;
  evaluate::Metrics metrics;
  int flagged = 0;                 // windows that decided nothing, left out of every figure
  std::vector<std::string> unmet;  // what [accept] asks for and does not hold
};

EvaluateResult evaluate_run(const Project& project, const EvaluateRequest& request);

/// Class scores of the float network for some windows: [windows][classes].
std::vector<float> float_scores(const Run& run, const RoadPlan& road, const FeatureSet& features,
                                const std::vector<std::size_t>& windows);

/// Class with the highest score; the lower index wins ties.
int best_class(const float* scores, std::size_t classes);

}  // namespace edgesmith
