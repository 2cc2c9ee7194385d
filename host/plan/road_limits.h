#pragma once
// What a project may ask for and the runtime cannot do.

#include "host/plan/road_plan.h"

namespace edgesmith {

/// Microseconds of a hop at the nominal rate. Error ("plan.limit") beyond the 71 minutes that the runtime counts.
std::uint32_t hop_us(const Project& project);

/// Asks the runtime's own checks. Error ("plan.limit") that names the section, for what only they refuse: values that
/// single precision does not hold, too many steps or signals.
void check_limits(const Project& project, const RoadPlan& road);

}  // namespace edgesmith
