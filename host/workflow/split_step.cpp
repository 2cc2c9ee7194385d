#include "host/workflow/split_step.h"

namespace edgesmith {

SplitResult split_result(const Project& project, const ProjectData& data, const FeatureSet& features) {
  SplitResult result;
  result.flow = window_flow(project, data, features);
  result.classes = project.labels.classes;
  for (const auto& [group, split] : data.assignment)
    result.groups[dataset::split_name(split)].push_back(group);
  for (const auto split : {dataset::Split::train, dataset::Split::validate, dataset::Split::test}) {
    std::vector<std::int64_t>& counts = result.per_class[dataset::split_name(split)];
    counts.assign(result.classes.size(), 0);
    for (std::size_t w : usable_windows(project, data, features, split)) {
      ++counts[static_cast<std::size_t>(data.windows[w].label)];
    }
  }
  return result;
}

SplitResult split_project(const Project& project) {
  const RoadPlan road = make_road_plan(project);
  const ProjectData data = load_project_data(project, road);
  return split_result(project, data, extract_features(road, data));
}

}  // namespace edgesmith
