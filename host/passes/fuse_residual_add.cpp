// The int8 sum brings both sides to a common scale, adds them and scales the result: nothing in it depends on which
// side stands first, so either may be the convolution.

#include <algorithm>
#include <optional>

#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

/// A convolution whose output enters an ADD and nothing else.
struct Residual {
  std::size_t conv, add;
  ir::TensorId skip;
};

bool defined_before(const ir::Graph& graph, ir::TensorId tensor, std::size_t op_index) {
  const std::optional<std::size_t> producer = producer_of(graph, tensor);
  return !producer || *producer < op_index;
}

/// Where the skip tensor is made after the convolution ran, the convolution has to wait for it, and its input with it.
/// That may not cost more than the convolution's output, which would have waited instead.
bool may_wait(const ir::Graph& graph, const ir::Op& conv, ir::TensorId skip) {
  const std::size_t ready = *producer_of(graph, skip);
  const ir::TensorId input = conv.inputs[0];
  const bool read_later = std::any_of(
      graph.ops.begin() + static_cast<std::ptrdiff_t>(ready), graph.ops.end(),
      [input](const ir::Op& op) { return std::find(op.inputs.begin(), op.inputs.end(), input) != op.inputs.end(); });
  return read_later || ir::tensor_bytes(graph.tensor(input)) <= ir::tensor_bytes(graph.tensor(conv.outputs[0]));
}

std::optional<Residual> residual_of(const ir::Graph& graph, std::size_t add, std::size_t side) {
  const ir::Op& sum = graph.ops[add];
  const ir::TensorId between = sum.inputs[side], skip = sum.inputs[1 - side];
  const std::optional<std::size_t> conv = producer_of(graph, between);
  if (!conv || graph.ops[*conv].kind != ir::OpKind::conv2d || readers(graph, between) != 1) return std::nullopt;
  const bool fits = graph.tensor(between).dtype == ir::DType::s8 && !graph.tensor(skip).constant() &&
                    graph.tensor(between).shape == graph.tensor(skip).shape;
  if (!fits || (!defined_before(graph, skip, *conv) && !may_wait(graph, graph.ops[*conv], skip))) return std::nullopt;
  return Residual{*conv, add, skip};
}

/// Of two convolutions the one that runs last: it finds the other's output ready.
std::optional<Residual> find(const ir::Graph& graph, std::size_t add) {
  if (graph.ops[add].kind != ir::OpKind::add) return std::nullopt;
  const std::optional<Residual> first = residual_of(graph, add, 0), second = residual_of(graph, add, 1);
  if (!first || !second) return first ? first : second;
  return first->conv > second->conv ? first : second;
}

void fuse(ir::Graph& graph, const Residual& residual) {
  ir::Op both = graph.ops[residual.conv];
  const ir::Op& sum = graph.ops[residual.add];
  both.kind = ir::OpKind::conv2d_add;
  both.attributes.conv_output = graph.tensor(both.outputs[0]).quantization;
  both.attributes.sum_activation = sum.attributes.activation;
  both.inputs = {both.inputs[0], both.inputs[1], bias_of(both), residual.skip};
  both.outputs = sum.outputs;
  both.source_index = sum.source_index;
  both.source_kind.clear();
  std::size_t place = residual.conv;  // or right behind what makes the skip tensor
  if (const auto producer = producer_of(graph, residual.skip)) place = std::max(place, *producer);
  graph.ops[place == residual.conv ? place : residual.add] = both;
  erase_op(graph, place == residual.conv ? residual.add : residual.conv);
  if (place == residual.conv) return;
  // Both lists lost the convolution: the sum stands at add - 1, the skip tensor's producer at place - 1.
  const auto begin = graph.ops.begin();
  std::rotate(begin + static_cast<std::ptrdiff_t>(place), begin + static_cast<std::ptrdiff_t>(residual.add) - 1,
              begin + static_cast<std::ptrdiff_t>(residual.add));
}

}  // namespace

bool fuse_residual_add(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    const std::optional<Residual> residual = find(graph, i);
    if (residual) fuse(graph, *residual);
    changed = changed || residual;
    if (!residual) ++i;
  }
  return changed;
}

}  // namespace edgesmith::passes
