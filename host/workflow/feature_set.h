#pragma once
// Feature vectors of all windows, computed by the device's road, and the normalisation fitted on training windows.

#include <cstdint>
#include <vector>

#include "host/workflow/project_data.h"

namespace edgesmith {

struct FeatureSet {
  std::uint32_t elems = 0;
  std::vector<float> values;        // [windows][elems], before normalisation
  std::vector<std::uint8_t> flags;  // [windows], guard::Reason bits; flagged windows are neither trained on nor scored
};

FeatureSet extract_features(const RoadPlan& road, const ProjectData& data);

/// Windows of a split that can be trained on or scored, as indices.
std::vector<std::size_t> usable_windows(const Project& project, const ProjectData& data, const FeatureSet& features,
                                        dataset::Split split);

WindowFlow window_flow(const Project& project, const ProjectData& data, const FeatureSet& features);

/// What is learned from the training windows apart from the network.
struct FittedRoad {
  std::vector<float> offset, gain;    // normalisation
  std::vector<float> center, spread;  // [channels]: mean and standard deviation of the samples, in the input unit
};

/// Sums in double precision in the order of the windows. Error when there is no training window.
FittedRoad fit_road(const Project& project, const RoadPlan& road, const ProjectData& data, const FeatureSet& features);

/// Normalised features of some windows, by the device's normalize(): [windows.size()][elems].
std::vector<float> normalised(const RoadPlan& road, const FeatureSet& features,
                              const std::vector<std::size_t>& windows);

}  // namespace edgesmith
