#include <algorithm>
#include <optional>

#include "host/ir/requantization.h"
#include "host/passes/byte_tables.h"
#include "host/passes/passes.h"

namespace edgesmith::passes {
namespace {

using ir::Activation;
using ir::OpKind;

bool can_fuse(OpKind kind) {
  switch (kind) {
    case OpKind::conv2d:
    case OpKind::depthwise_conv2d:
    case OpKind::fully_connected:
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
      return true;
    case OpKind::mean:
    case OpKind::softmax:
    case OpKind::reshape:
    case OpKind::relu:
    case OpKind::batch_norm:
    case OpKind::pad:
    case OpKind::transpose:
    case OpKind::concatenation:
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
    case OpKind::quantize:
    case OpKind::dequantize:
    case OpKind::conv2d_add:
    case OpKind::lookup:
      return false;
  }
  return false;
}

/// What both are as one, on float32.
std::optional<Activation> joined_float(Activation fused, OpKind kind) {
  if (kind == OpKind::relu) return fused == Activation::none ? Activation::relu : fused;
  if (kind == OpKind::relu6) return Activation::relu6;
  return std::nullopt;
}

/// Does `table` make of values within `before` what the limits `after` make of any value?
bool only_clamps(const ir::UnaryTable& table, ir::ActivationRange before, ir::ActivationRange after) {
  for (std::int32_t q = -128; q <= 127; ++q) {
    const std::int32_t given = std::clamp(q, before.min, before.max), wanted = std::clamp(q, after.min, after.max);
    if (table[static_cast<std::uint8_t>(given)] != static_cast<std::uint8_t>(wanted)) return false;
  }
  return true;
}

bool same_meaning(const ir::Tensor& a, const ir::Tensor& b) {
  return a.dtype == b.dtype && a.quantization.scale == b.quantization.scale &&
         a.quantization.zero_point == b.quantization.zero_point;
}

/// What both are as one, on int8, whatever the rounding.
std::optional<Activation> joined_int8(const ir::Graph& graph, Activation fused, const ir::Op& op) {
  const ir::Tensor& output = graph.tensor(op.outputs[0]);
  if (!same_meaning(graph.tensor(op.inputs[0]), output)) return std::nullopt;
  const auto range = [&output](Activation activation) {
    return ir::activation_range(activation, output.quantization.scale[0], output.quantization.zero_point[0]);
  };
  const auto table = byte_table(graph, op, Rounding::tflm_double), single = byte_table(graph, op, Rounding::single);
  if (!table || table != single) return std::nullopt;
  for (const Activation activation : {Activation::none, Activation::relu, Activation::relu6}) {
    if (only_clamps(*table, range(fused), range(activation))) return activation;
  }
  return std::nullopt;
}

std::optional<Activation> joined(const ir::Graph& graph, Activation fused, const ir::Op& op) {
  switch (graph.tensor(op.inputs[0]).dtype) {
    case ir::DType::f32:
      return joined_float(fused, op.kind);
    case ir::DType::s8:
      return joined_int8(graph, fused, op);
    default:
      return std::nullopt;
  }
}

}  // namespace

bool fuse_activation(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    ir::Op* producer = sole_producer(graph, graph.ops[i]);
    const auto both = producer && can_fuse(producer->kind)
                          ? joined(graph, producer->attributes.activation, graph.ops[i])
                          : std::nullopt;
    if (!both) {
      ++i;
      continue;
    }
    producer->attributes.activation = *both;
    bypass(graph, *producer, i);
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
