#pragma once
// The operators on float32: plain loops that accumulate in float, in the order of memory. They are what calibration and
// the `float` stage run; nothing here is meant to be fast.

#include <span>

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Tensors of one operator: `inputs` as Op::inputs, with an empty span where a bias is absent.
struct FloatTensors {
  std::vector<std::span<const float>> inputs;
  std::span<float> output;
};

/// `op` must belong to a graph that verify() accepted and work on float32.
void run_float(const Graph& graph, const Op& op, const FloatTensors& tensors);

}  // namespace edgesmith::ir
