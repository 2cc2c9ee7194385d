#pragma once
// What several passes need to know of a graph, and do to it.

#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::passes {

/// How many operators read `tensor`; being an output of the network counts as one more.
int readers(const ir::Graph& graph, ir::TensorId tensor);

/// The operator that writes what `op` reads, if nobody else reads it: `op` may then be merged into it unnoticed. Else
/// null.
ir::Op* sole_producer(ir::Graph& graph, const ir::Op& op);

/// Takes operator `op_index` out; `producer`, which fed it, writes its output from now on.
void bypass(ir::Graph& graph, ir::Op& producer, std::size_t op_index);

/// Removes tensors that no operator and no end of the network names, and renumbers the others.
void drop_unused_tensors(ir::Graph& graph);

}  // namespace edgesmith::passes
