// Gemm and MatMul with constant weights.
#include <algorithm>

#include "host/convert/onnx/weights.h"

namespace edgesmith::convert::onnx {
namespace {

// with = {1 when the file has [out][in], then the place in memory of each input}: -> [out][in in the order of memory]
Constant as_rows(const Constant& weights, const std::vector<std::int64_t>& with) {
  Constant rows = with[0] ? weights : transposed(weights, {1, 0});
  const auto inputs = static_cast<std::size_t>(rows.shape[1]);
  if (with.size() == 1) return rows;
  Constant reordered = rows;
  for (std::size_t i = 0; i < rows.values.size(); ++i)
    reordered.values[i] = rows.values[i / inputs * inputs + static_cast<std::size_t>(with[1 + i % inputs])];
  return reordered;
}

// For each element of the view's last dimension, in the order of memory: its index as the file counts.
void append_order(const View& view, std::vector<std::int64_t>& order) {
  const std::vector<int>& atoms = view.dims.back();
  Shape extents;
  std::vector<std::int64_t> steps;
  bool in_order = true;
  std::size_t next = 0;
  for (const int atom : view.stored) {
    const auto at = std::find(atoms.begin(), atoms.end(), atom);
    if (at == atoms.end()) continue;
    in_order = in_order && at == atoms.begin() + static_cast<std::ptrdiff_t>(next++);
    std::int64_t step = 1;
    for (auto inner = at + 1; inner != atoms.end(); ++inner)
      step *= view.atoms[static_cast<std::size_t>(*inner)];
    extents.push_back(view.atoms[static_cast<std::size_t>(atom)]);
    steps.push_back(step);
  }
  if (in_order) return;
  walk(extents, steps, [&](std::size_t index) { order.push_back(static_cast<std::int64_t>(index)); });
}

// Memory with the last dimension's elements side by side, in whatever order; the rows before them as the file has them.
View as_rows_in_memory(Builder& build, const View& view) {
  const std::vector<int>& last = view.dims.back();
  std::vector<int> order, columns;
  for (const int atom : view.stored)
    if (std::find(last.begin(), last.end(), atom) != last.end()) columns.push_back(atom);
  for (std::size_t d = 0; d + 1 < view.dims.size(); ++d)
    order.insert(order.end(), view.dims[d].begin(), view.dims[d].end());
  order.insert(order.end(), columns.begin(), columns.end());
  if (order == view.stored) return view;
  std::int64_t rows = 1;
  for (std::size_t d = 0; d + 1 < view.shape.size(); ++d)
    rows *= view.shape[d];
  return build.laid(view, order, {rows, view.shape.back()});
}

// Weights in [out][in] or [in][out].
void emit_dense(const Node& node, bool out_in, double alpha, const Value* bias, double beta) {
  Importer& importer = node.importer;
  const View& x = node.view(0);
  Layer layer;
  layer.kind = ir::OpKind::fully_connected;
  layer.name = node.output_name();
  layer.weights = &node.constant_value(1, "weights");
  const Shape& weights = layer.weights->constant.shape;
  require(weights.size() == 2 && ir::elems(weights) > 0, "its weights have shape " + ir::shape_text(weights),
          "two dimensions");
  const std::int64_t inputs = weights[out_in ? 1 : 0], outputs = weights[out_in ? 0 : 1];
  require(!x.shape.empty() && x.shape.back() == inputs, "its input of shape " + ir::shape_text(x.shape) +
                                                            " does not go with weights of shape " +
                                                            ir::shape_text(weights));
  layer.channel_axis = out_in ? 0 : 1;
  layer.arrange = as_rows;
  layer.weight_factor = alpha;
  layer.input = as_rows_in_memory(importer.build, x);
  layer.with = {out_in ? 1 : 0};
  append_order(layer.input, layer.with);
  if (bias) set_bias(layer, *bias, outputs, beta);
  take_bias_behind(node, layer, outputs, x.shape.size() - 1, x.shape.size());

  Shape seen = x.shape;
  seen.back() = outputs;
  layer.output = {checked_elems(seen, "its output") / outputs, outputs};
  const Emitted emitted = emit_layer(node, std::move(layer));
  View view = plain_view(emitted.tensor, seen);
  view.dequantized = emitted.is_int8;
  importer.set_view(emitted.name, std::move(view));
}

}  // namespace

void read_gemm(const Node& node) {
  require(node.integer("transA", 0) == 0, "it transposes its input (transA)", "transA = 0",
          "put the batch first in the network's input");
  require(node.view(0).shape.size() == 2, "its input has shape " + ir::shape_text(node.view(0).shape), "two dimensions",
          "flatten the input before it");
  const Value* bias = node.has(2) ? &node.constant_value(2, "bias") : nullptr;
  if (bias) {
    const Shape& shape = bias->constant.shape;
    const bool a_row = shape.size() <= 1 || (shape.size() == 2 && shape[0] == 1);
    require(a_row, "its bias has shape " + ir::shape_text(shape), "one value for each output");
  }
  const double alpha = static_cast<double>(node.number_of("alpha", 1));
  require(alpha > 0, "its alpha is not above zero", "", "multiply the weights instead");
  emit_dense(node, node.integer("transB", 0) != 0, alpha, bias, static_cast<double>(node.number_of("beta", 1)));
}

void read_matmul(const Node& node) {
  require(!node.is_constant(0), "its first input is a constant", "an activation times constant weights",
          "write W @ x as x @ W.T (nn.Linear does)");
  emit_dense(node, false, 1, nullptr, 1);
}

}  // namespace edgesmith::convert::onnx
