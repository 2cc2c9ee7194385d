#pragma once
// For fuzzing importers: what they accept must run.

#include <functional>

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Calls `read`, and runs what it answers once on zeros when the work is small. False when it threw an Error of the
/// request; every other exception passes through.
bool accepts_and_runs(const std::function<Graph()>& read);

}  // namespace edgesmith::ir
