#include "host/workflow/replay.h"

#include <fmt/format.h>

#include <cmath>

#include "device/runtime/plan_file.h"
#include "host/plan/kernel_sets.h"
#include "host/target/emulator.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/project_data.h"
#include "host/workflow/sample_bytes.h"

namespace edgesmith {
namespace {

constexpr double kReplaySeconds = 10;
constexpr double kLeadSeconds = 2;  // played before the first event
constexpr int kCoreLike125MHz = 3;  // one instruction lasts 8 ns against the board's timers

/// [from, from + count) of one recording; count = 0 when there is none.
struct Excerpt {
  dataset::Recording recording;
  std::int64_t from = 0, count = 0;
};

/// Where the first label other than idle begins; 0 when there is none.
std::int64_t first_event(const Project& project, const dataset::Recording& recording) {
  for (const dataset::Label& label : recording.labels) {
    if (label.label != project.labels.idle) return label.from;
  }
  return 0;
}

Excerpt choose_excerpt(const Project& project, const RoadPlan& road) {
  if (!std::filesystem::exists(project.folder / "recordings")) return {};
  const auto lead = static_cast<std::int64_t>(kLeadSeconds * project.input.rate_hz);
  const auto most = static_cast<std::int64_t>(kReplaySeconds * project.input.rate_hz);
  const ProjectData data = load_project_data(project, road);
  for (const dataset::Recording& recording : data.recordings) {
    if (!data.in_split(recording, dataset::Split::test)) continue;
    const std::int64_t from = std::max<std::int64_t>(0, first_event(project, recording) - lead);
    return {recording, from, std::min(most, recording.length_samples() - from)};
  }
  return {};
}

/// Labels other than idle, at the time when their stretch ends: a decision cannot come earlier.
std::vector<std::string> event_lines(const Project& project, const Excerpt& excerpt) {
  std::vector<std::string> lines;
  for (const dataset::Label& label : excerpt.recording.labels) {
    const bool inside = label.from >= excerpt.from && label.to <= excerpt.from + excerpt.count;
    if (!inside || label.label == project.labels.idle) continue;
    const auto ms = [&](std::int64_t sample) {
      return std::llround(1000 * static_cast<double>(sample - excerpt.from) / project.input.rate_hz);
    };
    lines.push_back(fmt::format("{} .. {} ms  {}", ms(label.from), ms(label.to), label.label));
  }
  return lines;
}

}  // namespace

ReplaySamples replay_samples(const Project& project, const RoadPlan& road) {
  const Excerpt excerpt = choose_excerpt(project, road);
  if (excerpt.count == 0) return {};
  const auto format = static_cast<SampleFormat>(road.record.format);
  const std::vector<std::uint8_t> bytes = sample_bytes(excerpt.recording, format);
  const auto step = static_cast<std::int64_t>(road.record.channels * sample_format_bytes(format));
  ReplaySamples replay;
  replay.samples.assign(bytes.begin() + excerpt.from * step, bytes.begin() + (excerpt.from + excerpt.count) * step);
  replay.count = static_cast<std::uint32_t>(excerpt.count);
  return replay;
}

LiveReplay replay_project(const Project& project, const std::string& board, const std::string& run) {
  const TargetProfile profile = load_profile(board_name(project, board));
  require(profile, "test");
  const ProjectBuild build = build_project(project, profile.name, run);
  const Excerpt excerpt = choose_excerpt(project, build.compiled.plan.road);
  LiveReplay replay;
  replay.board = profile.name;
  replay.recording = excerpt.recording.id();
  replay.labels = event_lines(project, excerpt);
  replay.output = run_live(profile, build.generated.elf, 60, {.icount_shift = kCoreLike125MHz});
  return replay;
}

std::uint32_t plan_memory_bytes(const Bytes& plan_file) {
  LoadedPlan loaded;
  return open_plan_on_desk({plan_file.data(), plan_file.size()}, loaded) == Status::ok ? memory_bytes(loaded.plan) : 0;
}

}  // namespace edgesmith
