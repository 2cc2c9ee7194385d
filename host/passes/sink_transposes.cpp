// A TRANSPOSE moves behind operators to which places are nothing, until it meets one that undoes it. Moving behind
// QUANTIZE it moves bytes instead of floats; it stays before DEQUANTIZE for the same reason. A MEAN may not need it.

#include <algorithm>
#include <optional>

#include "host/ir/shapes.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

using ir::OpKind;

bool is_unary(OpKind kind) {
  constexpr OpKind kUnary[] = {OpKind::relu, OpKind::relu6,      OpKind::leaky_relu, OpKind::logistic,
                               OpKind::tanh, OpKind::hard_swish, OpKind::quantize,   OpKind::lookup};
  return std::find(std::begin(kUnary), std::end(kUnary), kind) != std::end(kUnary);
}

bool is_binary(OpKind kind) {
  return kind == OpKind::add || kind == OpKind::sub || kind == OpKind::mul;
}

/// The TRANSPOSE that writes `tensor`; null when something else does.
const ir::Op* transpose_of(const ir::Graph& graph, ir::TensorId tensor) {
  const std::optional<std::size_t> producer = producer_of(graph, tensor);
  return producer && graph.ops[*producer].kind == OpKind::transpose ? &graph.ops[*producer] : nullptr;
}

/// A TRANSPOSE of a TRANSPOSE reads what the first one reads.
bool join(const ir::Graph& graph, ir::Op& op) {
  const ir::Op* first = op.kind == OpKind::transpose ? transpose_of(graph, op.inputs[0]) : nullptr;
  if (!first) return false;
  for (int& dimension : op.attributes.permutation)
    dimension = first->attributes.permutation[static_cast<std::size_t>(dimension)];
  op.inputs[0] = first->inputs[0];
  return true;
}

/// Averaged dimensions must lie side by side for the kernels, those of 1 aside.
bool side_by_side(const ir::Shape& shape, const std::vector<bool>& averaged) {
  int runs = 0;
  bool inside = false;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) continue;
    runs += averaged[d] && !inside;
    inside = averaged[d];
  }
  return runs <= 1;
}

/// A MEAN over dimensions that were moved averages them where they come from, if what it keeps is in order there too.
bool average_before(const ir::Graph& graph, ir::Op& op) {
  if (op.kind != OpKind::mean || op.attributes.keep_dims) return false;
  const ir::Op* transpose = transpose_of(graph, op.inputs[0]);
  if (!transpose || graph.tensor(op.inputs[0]).dtype != ir::DType::s8) return false;  // the order of floats matters
  const ir::Shape& shape = graph.tensor(transpose->inputs[0]).shape;
  const std::vector<int>& permutation = transpose->attributes.permutation;
  std::vector<bool> averaged(shape.size(), false);
  std::vector<int> axes;
  for (const int axis : ir::reduced_axes(graph, op)) {
    axes.push_back(permutation[static_cast<std::size_t>(axis)]);
    averaged[static_cast<std::size_t>(axes.back())] = true;
  }
  std::vector<int> kept = permutation;
  std::erase_if(kept, [&](int d) { return averaged[static_cast<std::size_t>(d)]; });
  if (!std::is_sorted(kept.begin(), kept.end()) || !side_by_side(shape, averaged)) return false;
  op.inputs[0] = transpose->inputs[0];
  op.attributes.axes = axes;
  return true;
}

/// What `op` would read if its inputs were not transposed; nothing when they are not, or not all alike, or when others
/// need them transposed.
std::optional<std::vector<ir::TensorId>> inputs_before(const ir::Graph& graph, const ir::Op& op) {
  const std::size_t moving = is_unary(op.kind) ? 1 : is_binary(op.kind) ? 2 : 0;
  if (moving == 0) return std::nullopt;
  std::vector<ir::TensorId> inputs = op.inputs;
  const std::vector<int>* permutation = nullptr;
  for (std::size_t i = 0; i < moving; ++i) {
    const ir::Tensor& tensor = graph.tensor(op.inputs[i]);
    if (tensor.constant() && ir::elems(tensor.shape) == 1) continue;  // the same at all places
    const ir::Op* transpose = transpose_of(graph, op.inputs[i]);
    if (!transpose || tensor.shape != graph.tensor(op.outputs[0]).shape) return std::nullopt;
    const auto own_reads = std::count(op.inputs.begin(), op.inputs.end(), op.inputs[i]);
    if (readers(graph, op.inputs[i]) != own_reads) return std::nullopt;
    if (permutation && *permutation != transpose->attributes.permutation) return std::nullopt;
    permutation = &transpose->attributes.permutation;
    inputs[i] = transpose->inputs[0];
  }
  return permutation ? std::optional(inputs) : std::nullopt;
}

/// The operator writes a tensor that is not in the file; the TRANSPOSE behind it what it wrote.
void sink(ir::Graph& graph, std::size_t op_index, const std::vector<ir::TensorId>& inputs) {
  ir::Op& op = graph.ops[op_index];
  const auto moved =
      static_cast<std::size_t>(std::mismatch(inputs.begin(), inputs.end(), op.inputs.begin()).first - inputs.begin());
  ir::Op transpose = *transpose_of(graph, op.inputs[moved]);
  ir::Tensor before = graph.tensor(op.outputs[0]);
  before.name += "/before_transpose";
  before.shape = graph.tensor(inputs[moved]).shape;
  transpose.inputs = {graph.add(std::move(before))};
  transpose.outputs = op.outputs;
  transpose.source_index = op.source_index;
  op.inputs = inputs;
  op.outputs = transpose.inputs;
  op.source_index = -1;
  graph.ops.insert(graph.ops.begin() + static_cast<std::ptrdiff_t>(op_index) + 1, std::move(transpose));
}

}  // namespace

bool sink_transposes(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    if (join(graph, graph.ops[i]) || average_before(graph, graph.ops[i])) changed = true;
    const auto inputs = inputs_before(graph, graph.ops[i]);
    if (!inputs) continue;
    sink(graph, i, *inputs);
    changed = true;
  }
  return remove_dead_ops(graph) || changed;
}

}  // namespace edgesmith::passes
