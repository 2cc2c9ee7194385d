#pragma once
// What shape an operator's output has, from its inputs and attributes.

#include <cstdint>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::ir {

using Shape = std::vector<std::int64_t>;

/// Shape of op.outputs[0]. Two operators leave freedom and look at the shape that the output declares: RESHAPE takes
/// any with the same number of elements, FULLY_CONNECTED may keep the leading dimensions or flatten them to rows.
/// Throws Error when the inputs' shapes do not fit each other or the attributes. Input ids must be valid.
Shape infer_shape(const Graph& graph, const Op& op);

/// MEAN's axes, each within 0..rank-1.
std::vector<int> reduced_axes(const Graph& graph, const Op& op);

/// CONCATENATION's axis within 0..rank-1. Throws Error when there is none such.
std::size_t concatenation_axis(const Graph& graph, const Op& op);

}  // namespace edgesmith::ir
