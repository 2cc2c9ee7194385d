// Graphs come from files: nothing about ids, shapes or sizes is taken for granted.

#include "host/ir/verifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

void need_id(const Graph& graph, const Op& op, TensorId id) {
  if (exists(graph, id)) return;
  refuse(graph, op, "tensor_id",
         {.what = "a tensor does not exist",
          .expected = fmt::format("0 to {}", static_cast<int>(graph.tensors.size()) - 1),
          .found = fmt::format("{}", id)});
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
    need_id(graph_, op, id);
    if (written_[static_cast<std::size_t>(id)]) return;
    refuse(graph_, op, "order",
           {.what = tensor_text(graph_, id) + " is read before anything has written it",
            .expected = "a graph input, a constant or the output of an earlier operator",
            .try_this = "export the network again; operators must stand in execution order"});
  }

  void write(const Op& op, TensorId id) {
    need_id(graph_, op, id);
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
  return input == 2 && op.inputs[input] == kNoTensor && takes_weights(op.kind);
}

void verify_order(const Op& op, Order& order) {
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    if (!is_absent_bias(op, i)) order.read(op, op.inputs[i]);
  }
  order.write(op, op.outputs[0]);
}

/// Must input `i` be known when converting?
bool is_parameter(OpKind kind, std::size_t i) {
  switch (kind) {
    case OpKind::conv2d:
    case OpKind::depthwise_conv2d:
    case OpKind::fully_connected:
    case OpKind::conv2d_add:
      return i == 1 || i == 2;
    case OpKind::batch_norm:
    case OpKind::lookup:
      return i > 0;
    default:
      return false;
  }
}

void verify_constants(const Graph& graph, const Op& op) {
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    if (is_absent_bias(op, i) || !is_parameter(op.kind, i) || graph.tensor(op.inputs[i]).constant()) continue;
    refuse(graph, op, "constant", {.what = tensor_text(graph, op.inputs[i]) + " must be a constant"});
  }
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
  return kind == OpKind::batch_norm;
}

void need_dtype(const Graph& graph, const Op& op, TensorId id, DType expected) {
  if (graph.tensor(id).dtype == expected) return;
  refuse(graph, op, "dtype",
         {.what = tensor_text(graph, id) + " has a type that does not go with the others",
          .expected = dtype_name(expected),
          .found = dtype_name(graph.tensor(id).dtype)});
}

void need_one_of(const Graph& graph, const Op& op, TensorId id, std::initializer_list<DType> allowed) {
  if (std::find(allowed.begin(), allowed.end(), graph.tensor(id).dtype) != allowed.end()) return;
  std::string expected;
  for (const DType dtype : allowed)
    expected += (expected.empty() ? "" : " or ") + std::string(dtype_name(dtype));
  refuse(graph, op, "dtype",
         {.what = tensor_text(graph, id) + " has a type that this operator does not take",
          .expected = expected,
          .found = dtype_name(graph.tensor(id).dtype),
          .try_this = "convert again as float32 or with full integer (int8) quantization"});
}

/// Operators between types. False: `op` is none of them.
bool verify_conversion(const Graph& graph, const Op& op) {
  switch (op.kind) {
    case OpKind::quantize:
      need_one_of(graph, op, op.inputs[0], {DType::f32, DType::s8, DType::u8});
      need_one_of(graph, op, op.outputs[0], {DType::s8, DType::u8});
      return true;
    case OpKind::dequantize:
      if (graph.tensor(op.inputs[0]).dtype != DType::f16 || !graph.tensor(op.inputs[0]).constant()) {
        need_one_of(graph, op, op.inputs[0], {DType::s8, DType::u8});
      }
      need_dtype(graph, op, op.outputs[0], DType::f32);
      return true;
    case OpKind::lookup:
      need_one_of(graph, op, op.inputs[0], {DType::s8, DType::u8});
      need_one_of(graph, op, op.outputs[0], {DType::s8, DType::u8});
      need_dtype(graph, op, op.inputs[1], graph.tensor(op.outputs[0]).dtype);
      return true;
    default:
      return false;
  }
}

void verify_dtypes(const Graph& graph, const Op& op) {
  if (verify_conversion(graph, op)) return;
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
    const bool bias = i == 2 && takes_weights(op.kind);
    need_dtype(graph, op, op.inputs[i], dtype == DType::s8 && bias ? DType::s32 : dtype);
  }
}

void verify_bias_shape(const Graph& graph, const Op& op) {
  if (!takes_weights(op.kind) || op.inputs.size() < 3 || op.inputs[2] == kNoTensor) return;
  const std::int64_t channels = graph.tensor(op.outputs[0]).shape.back();
  if (elems(graph.tensor(op.inputs[2]).shape) == channels) return;
  refuse(graph, op, "shape",
         {.what = tensor_text(graph, op.inputs[2]) + " does not have one value for each output channel",
          .expected = fmt::format("{}", channels),
          .found = shape_text(graph.tensor(op.inputs[2]).shape)});
}

void verify_table(const Graph& graph, const Op& op) {
  if (op.kind != OpKind::lookup || elems(graph.tensor(op.inputs[1]).shape) == 256) return;
  refuse(graph, op, "shape",
         {.what = tensor_text(graph, op.inputs[1]) + " does not have one entry for each byte",
          .expected = "256",
          .found = shape_text(graph.tensor(op.inputs[1]).shape)});
}

void verify_ids(const Graph& graph, const Op& op) {
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    if (!is_absent_bias(op, i)) need_id(graph, op, op.inputs[i]);
  }
  need_id(graph, op, op.outputs[0]);
}

/// zero_point_in_bias is about a zero point, so there must be one.
void verify_attributes(const Graph& graph, const Op& op) {
  const Attributes& a = op.attributes;
  const bool int8_layer = takes_weights(op.kind) && graph.tensor(op.inputs[0]).dtype == DType::s8;
  if (a.zero_point_in_bias && !int8_layer) {
    refuse(graph, op, "attribute", {.what = "a zero point is in its bias, but it is no int8 layer with weights"});
  }
  if (std::isfinite(a.alpha) && !std::isnan(a.pad_value)) return;
  refuse(graph, op, "attribute",
         {.what = "one of its attributes is not a number",
          .expected = "a finite alpha, a pad value that is no NaN",
          .found = fmt::format("alpha {}, pad value {}", a.alpha, a.pad_value)});
}

bool is_quantized(DType dtype) {
  return dtype == DType::s8 || dtype == DType::u8;
}

}  // namespace

void verify_op(const Graph& graph, const Op& op) {
  verify_arity(graph, op);
  verify_ids(graph, op);
  verify_constants(graph, op);
  verify_shape(graph, op);
  verify_bias_shape(graph, op);
  verify_table(graph, op);
  verify_dtypes(graph, op);
  verify_attributes(graph, op);
  const bool quantized =
      is_quantized(graph.tensor(op.inputs[0]).dtype) || is_quantized(graph.tensor(op.outputs[0]).dtype);
  if (quantized) verify_quantization(graph, op);
}

void verify(const Graph& graph) {
  for (const Tensor& tensor : graph.tensors)
    verify_tensor(graph, tensor);
  Order order(graph);
  for (const Op& op : graph.ops) {
    verify_arity(graph, op);
    verify_order(op, order);
    verify_op(graph, op);
  }
  for (const TensorId id : graph.outputs)
    order.end_with(id);
}

}  // namespace edgesmith::ir
