#include "host/plan/road_limits.h"

#include <fmt/format.h>

#include <cmath>

#include "host/base/error.h"

namespace edgesmith {
namespace {

[[noreturn]] void refuse(const Project& project, const char* section, const std::string& expected,
                         const std::string& found, const char* try_this) {
  throw Error({.code = "plan.limit",
               .what = fmt::format("the firmware cannot do what {} asks for", section),
               .where = (project.folder / "edgesmith.toml").string(),
               .expected = expected,
               .found = found,
               .try_this = try_this});
}

}  // namespace

std::uint32_t hop_us(const Project& project) {
  const double us = project.window.hop_samples * 1e6 / project.input.rate_hz;
  if (us <= 4294967295.0) return static_cast<std::uint32_t>(std::lround(us));
  refuse(project, "[window]", "a hop of at most 71 minutes", fmt::format("{:.0f} minutes", us / 6e7),
         "shorten the hop, or sample more often");
}

void check_limits(const Project& project, const RoadPlan& road) {
  const RoadSpec spec = road.spec();
  if (guard::check_ranges({road.ranges.data(), road.ranges.size()}) != Status::ok) {
    refuse(project, "[input] range", "limits within 1e9, and apart from each other in single precision",
           fmt::format("{} to {}", project.input.range_low, project.input.range_high), "choose another unit");
  }
  if (!(spec.scale > 0)) {
    refuse(project, "[input] scale", "a number that single precision holds", fmt::format("{}", project.input.scale),
           "choose another unit");
  }
  if (signal::check_conditioning(spec.conditioning, spec.channels) != Status::ok) {
    refuse(project, "[[conditioning]]",
           fmt::format("at most {} steps, whose numbers lie within 1e9 and are more than nothing in single precision",
                       signal::kMaxConditionSteps),
           fmt::format("{} steps", road.conditioning.size()), "leave steps out, or mend their numbers");
  }
  if (spec.settling_samples > kMaxSettlingSamples) {
    refuse(project, "[[conditioning]]", fmt::format("steps that settle within {} samples", kMaxSettlingSamples),
           fmt::format("{} samples", spec.settling_samples), "raise alpha");
  }
  if (signal::check_features(spec.features, spec.window_samples, spec.channels) != Status::ok) {
    refuse(project, "[[features]]", fmt::format("at most {} signals in all blocks together", signal::kMaxSignals),
           fmt::format("{} signals", road.signals.size()), "describe fewer signals");
  }
}

}  // namespace edgesmith
