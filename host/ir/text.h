#pragma once
// A graph for human eyes, and for test logs.

#include <string>

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// One line for the graph, one an operator:
///
///     graph 'kws': input 'x' int8 1x49x10x1
///       0  CONV_2D 'conv1'  int8 1x49x10x1 -> int8 1x25x5x64  weights 64x10x4x1 bias  stride 2x2 pad 4,5,1,1 relu
std::string to_text(const Graph& graph);

/// A tensor's or operator's name without what converters appended: "conv/Relu" of "conv/Relu;bn/FusedBatchNormV3".
std::string short_name(const std::string& name);

}  // namespace edgesmith::ir
