#pragma once
// Errors about a graph, told alike by everyone who checks one.

#include <string>

#include "host/base/error.h"
#include "host/ir/graph.h"

namespace edgesmith::ir {

/// "op 3 'conv1' (CONV_2D)", with the graph's name in front when it has one.
std::string place_text(const Graph& graph, const Op& op);

/// "tensor 'conv1/weights' (int8 8x3x3x1)"
std::string tensor_text(const Graph& graph, TensorId id);

/// Throws Error (request) at `op`; the code is "graph." and `reason`.
[[noreturn]] void refuse(const Graph& graph, const Op& op, const std::string& reason, ErrorText text);

}  // namespace edgesmith::ir
