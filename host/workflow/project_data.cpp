#include "host/workflow/project_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/error.h"

namespace edgesmith {
namespace {

namespace fs = std::filesystem;

void need_some(const ProjectData& data, const fs::path& folder) {
  if (!data.recordings.empty()) return;
  throw Error({.code = "data.none",
               .what = "there are no recordings",
               .where = folder.string(),
               .expected = "recordings/<session>/<name>.wav or .csv",
               .try_this = "edgesmith import FOLDER --into PROJECT --format csv, or set [data] source"});
}

void need_windows(const Project& project, const ProjectData& data, const RoadPlan& road) {
  if (!data.windows.empty()) return;
  std::int64_t longest = 0;
  for (const dataset::Recording& recording : data.recordings)
    longest = std::max(longest, recording.length_samples());
  const std::int64_t needed = road.record.window_samples + road.record.settling_samples;
  throw Error({.code = "data.short",
               .what = "the window is longer than every recording",
               .where = project.name,
               .expected = fmt::format("recordings of at least {} samples ({} of window, {} of settling)", needed,
                                       road.record.window_samples, road.record.settling_samples),
               .found = fmt::format("the longest recording has {} samples", longest),
               .try_this = "shorten [window] length_samples, or record longer stretches"});
}

void cut(const Project& project, const RoadPlan& road, ProjectData& data) {
  data.windows = dataset::cut_windows(data.recordings, project.labels.classes, road.record.window_samples,
                                      road.record.hop_samples, road.record.settling_samples);
  need_windows(project, data, road);
  data.first_window.assign(data.recordings.size(), data.windows.size());
  for (std::size_t w = data.windows.size(); w-- > 0;) {
    data.first_window[static_cast<std::size_t>(data.windows[w].recording)] = w;
  }
}

ProjectData load(const Project& project, const RoadPlan& road, const fs::path& folder) {
  ProjectData data;
  data.by_subject = project.split.by == "subject";
  if (fs::exists(folder)) data.recordings = dataset::read_recordings(folder);
  need_some(data, folder);
  dataset::check_recordings(data.recordings, project.input.channels, project.input.rate_hz);
  cut(project, road, data);
  return data;
}

bool knows_every_group(const ProjectData& data) {
  return std::all_of(data.recordings.begin(), data.recordings.end(), [&data](const dataset::Recording& recording) {
    return data.assignment.count(data.group_of(recording)) > 0;
  });
}

dataset::SplitRequest split_request(const Project& project) {
  const SplitSection& split = project.split;
  return {split.by == "subject", split.train,           split.validate,    split.test,
          split.train_groups,    split.validate_groups, split.test_groups, split.seed};
}

}  // namespace

bool ProjectData::in_split(const dataset::Recording& recording, dataset::Split split) const {
  const auto at = assignment.find(group_of(recording));
  return at != assignment.end() && at->second == split;
}

std::size_t ProjectData::window_count(std::size_t recording) const {
  std::size_t count = 0;
  for (std::size_t w = first_window[recording]; w < windows.size(); ++w) {
    if (static_cast<std::size_t>(windows[w].recording) != recording) break;
    ++count;
  }
  return count;
}

bool usable(const Project& project, const dataset::Window& window) {
  return window.label != dataset::kUnlabelled && window.purity >= project.labels.purity;
}

ProjectData load_project_data(const Project& project, const RoadPlan& road) {
  ProjectData data = load(project, road, project.folder / "recordings");
  const fs::path file = project.folder / "splits.json";
  const bool listed = !project.split.train_groups.empty();
  if (!listed && fs::exists(file) && dataset::dealt_alike(file, split_request(project)))
    data.assignment = dataset::read_splits(file);
  if (!knows_every_group(data)) {
    const int classes = static_cast<int>(project.labels.classes.size());
    const auto dealt = dataset::assign_splits(data.recordings, data.windows, classes, split_request(project));
    data.assignment.insert(dealt.begin(), dealt.end());  // groups that have a place keep it: a test stays unseen
  }
  dataset::write_splits(file, data.recordings, data.windows, project.labels.classes, project.labels.purity,
                        split_request(project), data.assignment);
  return data;
}

void check_split(const ProjectData& data, const fs::path& splits_then) {
  if (!fs::exists(splits_then)) return;
  for (const auto& [group, then] : dataset::read_splits(splits_then)) {
    const auto now = data.assignment.find(group);
    if (now == data.assignment.end() || now->second == then) continue;
    throw Error({.code = "run.stale",
                 .what = "the split is no longer the one that this run was trained on",
                 .where = splits_then.parent_path().string(),
                 .expected = fmt::format("'{}' in {}", group, dataset::split_name(then)),
                 .found = fmt::format("in {}", dataset::split_name(now->second)),
                 .try_this = "edgesmith train, or undo the change of [split] or splits.json"});
  }
}

ProjectData load_foreign_data(const Project& project, const RoadPlan& road, const fs::path& recordings) {
  return load(project, road, recordings);
}

}  // namespace edgesmith
