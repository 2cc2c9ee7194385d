#pragma once
// A short stretch of a test recording that firmware plays back where a board has no sensor.

#include "host/plan/road_plan.h"
#include "host/project/project.h"
#include "host/target/build_firmware.h"

namespace edgesmith {

/// Up to ten seconds around the first labelled stretch that is not idle, of the first test recording; empty when the
/// project has no recordings.
ReplaySamples replay_samples(const Project& project, const RoadPlan& road);

/// RAM that the runtime asks for to run a plan file.
std::uint32_t plan_memory_bytes(const Bytes& plan_file);

}  // namespace edgesmith
