#pragma once
// split: who is trained on, chosen with and tested on.

#include <string>

#include <nlohmann/json.hpp>

#include "host/workflow/feature_set.h"

namespace edgesmith {

/// Group by group and class by class, where the windows went.
struct SplitResult {
  WindowFlow flow;
  std::vector<std::string> classes;
  std::map<std::string, std::vector<std::string>> groups;      // split -> sessions or subjects
  std::map<std::string, std::vector<std::int64_t>> per_class;  // split -> usable windows of each class
};

/// Writes splits.json when it is not there yet.
SplitResult split_project(const Project& project);
SplitResult split_result(const Project& project, const ProjectData& data, const FeatureSet& features);

}  // namespace edgesmith
