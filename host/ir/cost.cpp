#include "host/ir/cost.h"

namespace edgesmith::ir {

std::int64_t macs(const Graph& graph, const Op& op) {
  if (!takes_weights(op.kind)) return 0;
  const Tensor& weights = graph.tensor(op.inputs[1]);
  const std::int64_t outputs = elems(graph.tensor(op.outputs[0]).shape);
  if (op.kind == OpKind::depthwise_conv2d) return outputs * weights.shape[1] * weights.shape[2];
  return outputs * (elems(weights.shape) / weights.shape[0]);
}

std::int64_t macs(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Op& op : graph.ops)
    sum += macs(graph, op);
  return sum;
}

}  // namespace edgesmith::ir
