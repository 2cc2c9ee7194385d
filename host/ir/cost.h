#pragma once
// What a network costs to run, counted on the graph.

#include <cstdint>

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Multiply-accumulate operations of convolutions and fully connected layers, taps in the padding included; 0 for
/// other operators. `op` must belong to a graph that verify() accepted.
std::int64_t macs(const Graph& graph, const Op& op);
std::int64_t macs(const Graph& graph);

}  // namespace edgesmith::ir
