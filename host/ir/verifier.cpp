// Graphs come from files: nothing about ids, shapes or sizes is taken for granted.

#include "host/ir/verifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/kernels/params.h"
#include "host/ir/diagnostics.h"
#include "host/ir/quantization_rules.h"
#include "host/ir/shapes.h"

namespace edgesmith::ir {
namespace {

struct Arity {
  std::size_t min, max;
};

Arity arity(OpKind kind) {
  switch (kind) {
    case OpKind::conv2d:
    case OpKind::depthwise_conv2d:
    case OpKind::fully_connected:
      return {2, 3};
    case OpKind::batch_norm:
      return {5, 5};
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
    case OpKind::mean:
    case OpKind::softmax:
    case OpKind::reshape:
    case OpKind::relu:
    case OpKind::pad:
    case OpKind::transpose:
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
    case OpKind::quantize:
    case OpKind::dequantize:
      return {1, 1};
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
    case OpKind::lookup:
      return {2, 2};
    case OpKind::concatenation:
      return {2, kernels::kMaxInputs};
    case OpKind::conv2d_add:
      return {4, 4};
  }
  return {1, 1};
}

[[noreturn]] void refuse_graph(const Graph& graph, const std::string& reason, ErrorText text) {
  text.code = "graph." + reason;
  text.where = graph.name;
  throw Error(std::move(text));
}

bool exists(const Graph& graph, TensorId id) {
  return id >= 0 && static_cast<std::size_t>(id) < graph.tensors.size();
}

void verify_tensor(const Graph& graph, const Tensor& tensor) {
  const std::int64_t count = elems(tensor.shape);
  if (count < 1 || count > kMaxTensorElems) {
    refuse_graph(graph, "shape",
                 {.what = fmt::format("tensor '{}' has a size that we do not take", tensor.name),
                  .expected = fmt::format("positive dimensions, at most {} elements", kMaxTensorElems),
                  .found = shape_text(tensor.shape)});
  }
  if (tensor.constant() && tensor.data.size() != tensor_bytes(tensor)) {
    refuse_graph(graph, "constant",
                 {.what = fmt::format("constant '{}' ({} {}) has a wrong number of bytes", tensor.name,
                                      dtype_name(tensor.dtype), shape_text(tensor.shape)),
                  .expected = fmt::format("{}", tensor_bytes(tensor)),
                  .found = fmt::format("{}", tensor.data.size())});
  }
}

/// Follows the execution order: which tensors hold a value by now?
class Order {
 public:
  explicit Order(const Graph& graph) : graph_(graph), written_(graph.tensors.size(), false) {
    for (std::size_t i = 0; i < graph.tensors.size(); ++i)
      written_[i] = graph.tensors[i].constant();
    for (const TensorId id : graph.inputs)
      begin_with(id);
  }

  void read(const Op& op, TensorId id) const {
    need_id(op, id);
    if (written_[static_cast<std::size_t>(id)]) return;
    refuse(graph_, op, "order",
           {.what = tensor_text(graph_, id) + " is read before anything has written it",
            .expected = "a graph input, a constant or the output of an earlier operator",
            .try_this = "export the network again; operators must stand in execution order"});
  }

  void write(const Op& op, TensorId id) {
    need_id(op, id);
    if (written_[static_cast<std::size_t>(id)]) {
      refuse(graph_, op, "producer",
             {.what = tensor_text(graph_, id) + " is written twice",
              .expected = "one producer for each tensor, none for inputs and constants"});
    }
    written_[static_cast<std::size_t>(id)] = true;
  }

  void end_with(TensorId id) const {
    if (exists(graph_, id) && written_[static_cast<std::size_t>(id)]) return;
    refuse_graph(graph_, "output",
                 {.what = fmt::format("graph output {} is a tensor that nothing writes", id),
                  .expected = "the output of an operator"});
  }

 private:
  void begin_with(TensorId id) {
    if (exists(graph_, id) && !written_[static_cast<std::size_t>(id)]) {
      written_[static_cast<std::size_t>(id)] = true;
      return;
    }
    refuse_graph(graph_, "input",
                 {.what = fmt::format("graph input {} does not exist, is a constant or stands there twice", id),
                  .expected = fmt::format("an activation, 0 to {}", static_cast<int>(graph_.tensors.size()) - 1)});
  }

  void need_id(const Op& op, TensorId id) const {
    if (exists(graph_, id)) return;
    refuse(graph_, op, "tensor_id",
           {.what = "a tensor does not exist",
            .expected = fmt::format("0 to {}", static_cast<int>(graph_.tensors.size()) - 1),
            .found = fmt::format("{}", id)});
  }

  const Graph& graph_;
  std::vector<bool> written_;
};

void verify_arity(const Graph& graph, const Op& op) {
  const Arity inputs = arity(op.kind);
  if (op.inputs.size() >= inputs.min && op.inputs.size() <= inputs.max && op.outputs.size() == 1) return;
  refuse(graph, op, "arity",
         {.what = "the operator has a wrong number of tensors",
          .expected = inputs.min == inputs.max ? fmt::format("{} inputs, 1 output", inputs.min)
                                               : fmt::format("{} to {} inputs, 1 output", inputs.min, inputs.max),
          .found = fmt::format("{} inputs, {} outputs", op.inputs.size(), op.outputs.size())});
}

bool is_absent_bias(const Op& op, std::size_t input) {
  return input == 2 && op.inputs[input] == kNoTensor && op.kind != OpKind::batch_norm;
}

void verify_order(const Graph& graph, const Op& op, Order& order) {
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    if (is_absent_bias(op, i)) continue;
    order.read(op, op.inputs[i]);
    if (i > 0 && !graph.tensor(op.inputs[i]).constant()) {
      refuse(graph, op, "constant", {.what = tensor_text(graph, op.inputs[i]) + " must be a constant"});
    }
  }
  order.write(op, op.outputs[0]);
}

void verify_shape(const Graph& graph, const Op& op) {
  const Shape inferred = infer_shape(graph, op);
  if (inferred == graph.tensor(op.outputs[0]).shape) return;
  refuse(graph, op, "shape",
         {.what = tensor_text(graph, op.outputs[0]) + " has another shape than the operator gives",
          .expected = shape_text(inferred),
          .found = shape_text(graph.tensor(op.outputs[0]).shape)});
}

bool float_only(OpKind kind) {
  return kind == OpKind::relu || kind == OpKind::batch_norm;
}

void need_dtype(const Graph& graph, const Op& op, TensorId id, DType expected) {
  if (graph.tensor(id).dtype == expected) return;
  refuse(graph, op, "dtype",
         {.what = tensor_text(graph, id) + " has a type that does not go with the others",
          .expected = dtype_name(expected),
          .found = dtype_name(graph.tensor(id).dtype)});
}

void verify_dtypes(const Graph& graph, const Op& op) {
  const DType dtype = graph.tensor(op.inputs[0]).dtype;
  if (dtype != DType::f32 && (dtype != DType::s8 || float_only(op.kind))) {
    refuse(graph, op, "dtype",
           {.what = tensor_text(graph, op.inputs[0]) + " has a type that this operator does not take",
            .expected = float_only(op.kind) ? "float32" : "float32 or int8",
            .found = dtype_name(dtype),
            .try_this = "quantise the network to int8, or give the float32 network"});
  }
  need_dtype(graph, op, op.outputs[0], dtype);
  for (std::size_t i = 1; i < op.inputs.size(); ++i) {
    if (is_absent_bias(op, i)) continue;
    need_dtype(graph, op, op.inputs[i], dtype == DType::s8 && i == 2 ? DType::s32 : dtype);
  }
}

void verify_bias_shape(const Graph& graph, const Op& op) {
  if (op.kind == OpKind::batch_norm || op.inputs.size() < 3 || op.inputs[2] == kNoTensor) return;
  const std::int64_t channels = graph.tensor(op.outputs[0]).shape.back();
  if (elems(graph.tensor(op.inputs[2]).shape) == channels) return;
  refuse(graph, op, "shape",
         {.what = tensor_text(graph, op.inputs[2]) + " does not have one value for each output channel",
          .expected = fmt::format("{}", channels),
          .found = shape_text(graph.tensor(op.inputs[2]).shape)});
}

void verify_op(const Graph& graph, const Op& op, Order& order) {
  verify_arity(graph, op);
  verify_order(graph, op, order);
  verify_shape(graph, op);
  verify_bias_shape(graph, op);
  verify_dtypes(graph, op);
  if (graph.tensor(op.inputs[0]).dtype == DType::s8) verify_quantization(graph, op);
}

}  // namespace

void verify(const Graph& graph) {
  for (const Tensor& tensor : graph.tensors)
    verify_tensor(graph, tensor);
  Order order(graph);
  for (const Op& op : graph.ops)
    verify_op(graph, op, order);
  for (const TensorId id : graph.outputs)
    order.end_with(id);
}

}  // namespace edgesmith::ir
