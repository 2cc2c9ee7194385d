#pragma once
// The int8 rules of TFLite, operator by operator. Part of verify().

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Throws Error unless the int8 operator's tensors are quantised as TFLite says. Ids, types and shapes were checked.
void verify_quantization(const Graph& graph, const Op& op);

}  // namespace edgesmith::ir
