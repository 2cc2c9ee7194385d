#pragma once
// A short stretch of a test recording that firmware plays back where a board has no sensor.

#include <string>
#include <vector>

#include "host/plan/road_plan.h"
#include "host/project/project.h"
#include "host/target/build_firmware.h"

namespace edgesmith {

/// Up to ten seconds around the first labelled stretch that is not idle, of the first test recording; empty when the
/// project has no recordings.
ReplaySamples replay_samples(const Project& project, const RoadPlan& road);

/// What the live firmware said about that stretch, and what the labels say.
struct LiveReplay {
  std::string board, recording;
  std::string output;               // the firmware's own lines
  std::vector<std::string> labels;  // "1.85 s  tap", times as the firmware counts them
};

/// Builds the firmware and lets it run by itself in the emulator, its timer pushing samples at the sensor's rate.
LiveReplay replay_project(const Project& project, const std::string& board, const std::string& run);

/// RAM that the runtime asks for to run a plan file.
std::uint32_t plan_memory_bytes(const Bytes& plan_file);

}  // namespace edgesmith
