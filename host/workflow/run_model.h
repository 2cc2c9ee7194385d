#pragma once
// What a run holds, read back: the fitted road, the networks, the decision, the plan.

#include <string>
#include <vector>

#include "host/ir/graph.h"
#include "host/plan/compiled_plan.h"
#include "host/workflow/feature_set.h"
#include "host/workflow/runs.h"

namespace edgesmith {

/// runs/<run>/features.json: the fitted road, and a hash of what it was fitted for.
void write_fitted_road(const Run& run, const RoadPlan& road, const FittedRoad& fitted);

/// The project's road with the run's normalisation. Error when [input], [conditioning], [window] or [features] changed
/// since the run was trained.
RoadPlan road_of_run(const Project& project, const Run& run, FittedRoad& fitted);

/// runs/<run>/decision.json: one threshold per class and how it was found.
struct RunDecision {
  std::vector<double> thresholds;
  std::string source;  // "as given", "searched on 312 validation windows for macro F1"
};
void write_decision(const Run& run, const Project& project, const RunDecision& decision);
RunDecision read_decision(const Run& run, const Project& project);

/// The thresholds that [decision] gives by itself.
std::vector<double> given_thresholds(const Project& project);

/// The plan of a run, compiled from its int8 network and the given thresholds.
CompiledPlan compile_run(const Project& project, const Run& run, const std::vector<double>& thresholds,
                         const NetworkOptions& options = {});

}  // namespace edgesmith
