#include "host/passes/rewrite.h"

#include <algorithm>

namespace edgesmith::passes {
namespace {

template <class Visit>
void for_each_use(ir::Graph& graph, const Visit& visit) {
  for (ir::TensorId& id : graph.inputs)
    visit(id);
  for (ir::TensorId& id : graph.outputs)
    visit(id);
  for (ir::Op& op : graph.ops) {
    for (ir::TensorId& id : op.inputs)
      visit(id);
    for (ir::TensorId& id : op.outputs)
      visit(id);
  }
}

}  // namespace

int readers(const ir::Graph& graph, ir::TensorId tensor) {
  auto count = std::count(graph.outputs.begin(), graph.outputs.end(), tensor);
  for (const ir::Op& op : graph.ops)
    count += std::count(op.inputs.begin(), op.inputs.end(), tensor);
  return static_cast<int>(count);
}

bool is_output(const ir::Graph& graph, ir::TensorId tensor) {
  return std::find(graph.outputs.begin(), graph.outputs.end(), tensor) != graph.outputs.end();
}

std::optional<std::size_t> producer_of(const ir::Graph& graph, ir::TensorId tensor) {
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    if (graph.ops[i].outputs[0] == tensor) return i;
  }
  return std::nullopt;
}

ir::Op* sole_producer(ir::Graph& graph, const ir::Op& op) {
  const std::optional<std::size_t> producer = producer_of(graph, op.inputs[0]);
  return producer && readers(graph, op.inputs[0]) == 1 ? &graph.ops[*producer] : nullptr;
}

void bypass(ir::Graph& graph, ir::Op& producer, std::size_t op_index) {
  producer.outputs = graph.ops[op_index].outputs;
  producer.source_index = graph.ops[op_index].source_index;
  erase_op(graph, op_index);
}

void erase_op(ir::Graph& graph, std::size_t op_index) {
  graph.ops.erase(graph.ops.begin() + static_cast<std::ptrdiff_t>(op_index));
}

void redirect_readers(ir::Graph& graph, ir::TensorId from, ir::TensorId to) {
  for (ir::Op& op : graph.ops)
    std::replace(op.inputs.begin(), op.inputs.end(), from, to);
}

ir::TensorId bias_of(const ir::Op& op) {
  return op.inputs.size() < 3 ? ir::kNoTensor : op.inputs[2];
}

bool remove_identity(ir::Graph& graph, std::size_t op_index) {
  const ir::TensorId from = graph.ops[op_index].inputs[0], to = graph.ops[op_index].outputs[0];
  const ir::Tensor &a = graph.tensor(from), &b = graph.tensor(to);
  if (a.dtype != b.dtype || a.shape != b.shape || a.quantization.scale != b.quantization.scale ||
      a.quantization.zero_point != b.quantization.zero_point) {
    return false;
  }
  if (!is_output(graph, to)) {
    erase_op(graph, op_index);
    redirect_readers(graph, to, from);
    return true;
  }
  const std::optional<std::size_t> producer = producer_of(graph, from);
  if (!producer || is_output(graph, from)) return false;
  graph.ops[*producer].outputs[0] = to;
  erase_op(graph, op_index);
  redirect_readers(graph, from, to);
  return true;
}

void drop_unused_tensors(ir::Graph& graph) {
  std::vector<ir::TensorId> new_id(graph.tensors.size(), ir::kNoTensor);
  for_each_use(graph, [&](ir::TensorId id) {
    if (id != ir::kNoTensor) new_id[static_cast<std::size_t>(id)] = 0;
  });
  std::vector<ir::Tensor> kept;
  for (std::size_t old = 0; old < new_id.size(); ++old) {
    if (new_id[old] == ir::kNoTensor) continue;
    new_id[old] = static_cast<ir::TensorId>(kept.size());
    kept.push_back(std::move(graph.tensors[old]));
  }
  graph.tensors = std::move(kept);
  for_each_use(graph, [&](ir::TensorId& id) {
    if (id != ir::kNoTensor) id = new_id[static_cast<std::size_t>(id)];
  });
}

}  // namespace edgesmith::passes
