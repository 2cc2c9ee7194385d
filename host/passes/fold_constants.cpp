#include <algorithm>

#include "host/ir/interpreter.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

bool all_constant(const ir::Graph& graph, const ir::Op& op) {
  return std::all_of(op.inputs.begin(), op.inputs.end(),
                     [&](ir::TensorId id) { return id == ir::kNoTensor || graph.tensor(id).constant(); });
}

/// Constants lie in flash. Four bytes for one are what DEQUANTIZE makes.
bool is_small(const ir::Graph& graph, const ir::Op& op) {
  std::size_t bytes = 256;
  for (const ir::TensorId id : op.inputs)
    bytes += id == ir::kNoTensor ? 0 : graph.tensor(id).data.size();
  return ir::tensor_bytes(graph.tensor(op.outputs[0])) <= 4 * bytes;
}

/// The operator as a network without inputs.
std::vector<std::uint8_t> answer_of(const ir::Graph& graph, ir::Op op, Rounding rounding) {
  ir::Graph alone;
  const auto take = [&](ir::TensorId& id) {
    if (id != ir::kNoTensor) id = alone.add(graph.tensor(id));
  };
  std::for_each(op.inputs.begin(), op.inputs.end(), take);
  std::for_each(op.outputs.begin(), op.outputs.end(), take);
  alone.outputs = op.outputs;
  alone.ops = {std::move(op)};
  return ir::Interpreter(alone, rounding).run({})[0];
}

}  // namespace

bool fold_constants(ir::Graph& graph, Rounding rounding) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    const ir::Op& op = graph.ops[i];
    if (!all_constant(graph, op) || !is_small(graph, op) || is_output(graph, op.outputs[0])) {
      ++i;
      continue;
    }
    graph.tensor(op.outputs[0]).data = answer_of(graph, op, rounding);
    erase_op(graph, i);
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
