#include "host/workflow/device_step.h"

#include "host/base/error.h"
#include "host/target/status_text.h"
#include "host/workflow/sample_bytes.h"

namespace edgesmith {

std::vector<Stretch> stretches_of(const RoadPlan& road, const ProjectData& data,
                                  const std::vector<std::size_t>& recordings) {
  std::vector<Stretch> stretches;
  for (std::size_t r : recordings) {
    const dataset::Recording& recording = data.recordings[r];
    stretches.push_back({sample_bytes(recording, static_cast<SampleFormat>(road.record.format)),
                         static_cast<std::uint32_t>(recording.length_samples())});
  }
  return stretches;
}

std::vector<std::vector<WindowTrace>> run_on_device(const Project& project, const Run& run, const std::string& board,
                                                    const ProjectData& data,
                                                    const std::vector<std::size_t>& recordings) {
  const TargetProfile profile = load_profile(board);
  require(profile, "test");
  const ProjectBuild build = build_project(project, board, run.name);
  const HarnessRun harness =
      run_bulk(profile, build.generated.elf, stretches_of(build.compiled.plan.road, data, recordings),
               project.folder / "build" / profile.name / "bulk");
  if (harness.info.begun != Status::ok) {
    throw Error(ErrorKind::defect, {.code = "device.begin",
                                    .what = "the firmware refuses to start",
                                    .where = board,
                                    .found = status_text(harness.info.begun),
                                    .try_this = "edgesmith test"});
  }
  std::vector<std::vector<WindowTrace>> traces(recordings.size());
  for (const WindowTrace& trace : harness.windows)
    traces.at(trace.stretch).push_back(trace);
  return traces;
}

}  // namespace edgesmith
