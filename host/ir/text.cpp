#include "host/ir/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace edgesmith::ir {
namespace {

std::string type_text(const Graph& graph, TensorId id) {
  if (id < 0 || static_cast<std::size_t>(id) >= graph.tensors.size()) return fmt::format("(no tensor {})", id);
  return fmt::format("{} {}", dtype_name(graph.tensor(id).dtype), shape_text(graph.tensor(id).shape));
}

bool is_pool(OpKind kind) {
  return kind == OpKind::max_pool2d || kind == OpKind::average_pool2d;
}

bool slides(OpKind kind) {
  return (takes_weights(kind) && kind != OpKind::fully_connected) || is_pool(kind);
}

std::string weights_text(const Graph& graph, const Op& op) {
  if (!takes_weights(op.kind) || op.inputs.size() < 2) return "";
  const bool bias = op.inputs.size() > 2 && op.inputs[2] != kNoTensor;
  return fmt::format("  weights {}{}", type_text(graph, op.inputs[1]), bias ? " bias" : "");
}

std::string window_text(const Op& op) {
  const Attributes& a = op.attributes;
  if (!slides(op.kind)) return "";
  std::string text;
  if (is_pool(op.kind)) text += fmt::format(" filter {}x{}", a.filter_h, a.filter_w);
  text += fmt::format(" stride {}x{}", a.stride_h, a.stride_w);
  if (a.dilation_h != 1 || a.dilation_w != 1) text += fmt::format(" dilation {}x{}", a.dilation_h, a.dilation_w);
  if (a.pad_top || a.pad_bottom || a.pad_left || a.pad_right) {
    text += fmt::format(" pad {},{},{},{}", a.pad_top, a.pad_bottom, a.pad_left, a.pad_right);
  }
  return " " + text;
}

std::string rest_text(const Op& op) {
  if (op.kind == OpKind::transpose) return fmt::format("  permutation {}", fmt::join(op.attributes.permutation, ","));
  if (op.kind == OpKind::concatenation) return fmt::format("  axis {}", op.attributes.axis);
  if (op.kind == OpKind::pad) {
    return fmt::format("  before {} after {}", fmt::join(op.attributes.pads_before, ","),
                       fmt::join(op.attributes.pads_after, ","));
  }
  if (op.kind == OpKind::mean) return fmt::format("  axes {}", fmt::join(op.attributes.axes, ","));
  switch (op.attributes.activation) {
    case Activation::none:
      return "";
    case Activation::relu:
      return " relu";
    case Activation::relu6:
      return " relu6";
  }
  return "";
}

std::string op_text(const Graph& graph, const Op& op) {
  const TensorId input = op.inputs.empty() ? kNoTensor : op.inputs[0];
  const TensorId output = op.outputs.empty() ? kNoTensor : op.outputs[0];
  return fmt::format("{}{}  {} -> {}{}{}{}", op_name(op.kind), op.name.empty() ? "" : " '" + short_name(op.name) + "'",
                     type_text(graph, input), type_text(graph, output), weights_text(graph, op), window_text(op),
                     rest_text(op));
}

}  // namespace

std::string short_name(const std::string& name) {
  return name.substr(0, name.find(';'));
}

std::string to_text(const Graph& graph) {
  std::string text = fmt::format("graph '{}':", graph.name);
  for (const TensorId id : graph.inputs)
    text += " input " + type_text(graph, id);
  text += "\n";
  for (std::size_t i = 0; i < graph.ops.size(); ++i)
    text += fmt::format("{:3}  {}\n", i, op_text(graph, graph.ops[i]));
  return text;
}

}  // namespace edgesmith::ir
