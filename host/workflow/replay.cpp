#include "host/workflow/replay.h"

#include "device/runtime/plan_file.h"
#include "host/workflow/project_data.h"
#include "host/workflow/sample_bytes.h"

namespace edgesmith {
namespace {

constexpr double kReplaySeconds = 10;
constexpr double kLeadSeconds = 2;  // played before the first event

/// Where the first label other than idle begins; 0 when there is none.
std::int64_t first_event(const Project& project, const dataset::Recording& recording) {
  for (const dataset::Label& label : recording.labels) {
    if (label.label != project.labels.idle) return label.from;
  }
  return 0;
}

ReplaySamples cut(const Project& project, const RoadPlan& road, const dataset::Recording& recording) {
  const auto lead = static_cast<std::int64_t>(kLeadSeconds * project.input.rate_hz);
  const auto most = static_cast<std::int64_t>(kReplaySeconds * project.input.rate_hz);
  const std::int64_t from = std::max<std::int64_t>(0, first_event(project, recording) - lead);
  const std::int64_t count = std::min(most, recording.length_samples() - from);
  const auto format = static_cast<SampleFormat>(road.record.format);
  const std::vector<std::uint8_t> bytes = sample_bytes(recording, format);
  const auto step = static_cast<std::int64_t>(road.record.channels * sample_format_bytes(format));
  ReplaySamples replay;
  replay.samples.assign(bytes.begin() + from * step, bytes.begin() + (from + count) * step);
  replay.count = static_cast<std::uint32_t>(count);
  return replay;
}

}  // namespace

ReplaySamples replay_samples(const Project& project, const RoadPlan& road) {
  if (!std::filesystem::exists(project.folder / "recordings")) return {};
  const ProjectData data = load_project_data(project, road);
  for (const dataset::Recording& recording : data.recordings) {
    if (data.in_split(recording, dataset::Split::test)) return cut(project, road, recording);
  }
  return {};
}

std::uint32_t plan_memory_bytes(const Bytes& plan_file) {
  LoadedPlan loaded;
  return open_plan({plan_file.data(), plan_file.size()}, loaded) == Status::ok ? memory_bytes(loaded.plan) : 0;
}

}  // namespace edgesmith
