#pragma once
// The network of examples/tap, untrained: its shape is the example's, its weights come from a seed.

#include "host/base/files.h"
#include "host/ir/graph.h"
#include "host/project/project.h"

namespace edgesmith::fuzz {

Project tap_project();
ir::Graph tap_int8_network(const Project& project);

/// A plan file of it.
Bytes tap_plan(const Project& project, const ir::Graph& network);

}  // namespace edgesmith::fuzz
