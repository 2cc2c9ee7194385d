#pragma once
// Convolutions and pools whose pads .tflite has no word for.

#include "host/ir/graph.h"

namespace edgesmith::convert {

/// Are the pads of a convolution or pool none at all, or as many as SAME adds?
bool pads_have_a_name(const ir::Graph& graph, const ir::Op& op);

/// `graph` with a PAD before each convolution and MAX_POOL_2D whose pads have no name: zeros, or the lowest value there
/// is. Not one output changes. AVERAGE_POOL_2D, which leaves its pads out of the mean, stays as it is.
ir::Graph with_explicit_pads(const ir::Graph& graph);

}  // namespace edgesmith::convert
