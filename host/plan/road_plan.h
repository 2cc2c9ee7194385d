#pragma once
// The road of a project as constants: everything between a sample and the network's input.

#include <cstdint>
#include <string>
#include <vector>

#include "device/plan/format.h"
#include "device/runtime/plan.h"
#include "host/project/project.h"

namespace edgesmith {

/// Owns what a RoadSpec points to.
struct RoadPlan {
  plan::RoadRecord record = {};
  std::vector<signal::ConditionStep> conditioning;
  std::vector<signal::SignalSpec> signals;
  std::vector<float> offset, gain;   // normalisation; 0 and 1 until fitted
  std::vector<guard::Range> ranges;  // [channels]

  /// Valid as long as this object stays where it is and is not changed.
  RoadSpec spec() const;
  std::uint32_t feature_elems() const;
  /// Shape of the network's input without the batch: {height, width, channels}.
  std::vector<std::uint32_t> input_shape() const;
};

/// Without normalisation constants, which are fitted on training windows. Error ("plan.limit") where the runtime cannot
/// do what the project asks for.
RoadPlan make_road_plan(const Project& project);

/// What each statistic in the feature vector is: "std l2(ax,ay,az)", "mean ax in part 2". Empty for raw features.
std::vector<std::string> feature_names(const Project& project);

}  // namespace edgesmith
