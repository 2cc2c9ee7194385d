#pragma once
// A project's recordings, cut, labelled and split.

#include <map>
#include <string>
#include <vector>

#include "host/dataset/recording.h"
#include "host/dataset/windows.h"
#include "host/plan/road_plan.h"
#include "host/project/project.h"

namespace edgesmith {

/// How each window ended up; the report shows it as a flow.
struct WindowFlow {
  int cut = 0;
  int flagged = 0, unlabelled = 0, below_purity = 0;  // each window by the first of these that holds
  int train = 0, validate = 0, test = 0;
  int unassigned = 0;  // good, but of a group that is in no split
};

struct ProjectData {
  std::vector<dataset::Recording> recordings;
  std::vector<dataset::Window> windows;   // ordered by recording, then time
  std::vector<std::size_t> first_window;  // [recordings]: where its windows begin; entry n of a desk run is + n
  std::map<std::string, dataset::Split> assignment;  // session or subject -> split; empty for foreign recordings
  bool by_subject = false;

  const std::string& group_of(const dataset::Recording& recording) const {
    return by_subject ? recording.subject : recording.session;
  }
  bool in_split(const dataset::Recording& recording, dataset::Split split) const;
  std::size_t window_count(std::size_t recording) const;
};

/// Reads project/recordings and project/splits.json (written here when it is not there yet, or when groups were added;
/// those that have a place in it keep it, until [split] asks for another dealing).
/// Errors: no recordings, other channels or rate than [input], a window longer than every recording.
ProjectData load_project_data(const Project& project, const RoadPlan& road);

/// Error (run.stale) when a group has changed sides since `splits_then` was written: what was trained on is no test.
void check_split(const ProjectData& data, const std::filesystem::path& splits_then);

/// Recordings that the project has never seen; no splits.
ProjectData load_foreign_data(const Project& project, const RoadPlan& road, const std::filesystem::path& recordings);

/// Labelled and pure enough to be trained on and scored.
bool usable(const Project& project, const dataset::Window& window);

}  // namespace edgesmith
