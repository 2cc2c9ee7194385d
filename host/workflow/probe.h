#pragma once
// Simple inputs that show whether a network is wired as one thinks.

#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith {

/// Feeds zeros, a ramp, an impulse and one channel at a time, and says in words what looks wrong: outputs that nothing
/// moves, channels that nobody reads, an input that looks like channels first. Nothing: nothing was found.
std::vector<std::string> probe(const ir::Graph& graph);

}  // namespace edgesmith
