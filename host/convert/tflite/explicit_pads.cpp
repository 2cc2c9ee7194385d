#include "host/convert/tflite/explicit_pads.h"

#include <limits>

#include "host/convert/tflite/padding.h"

namespace edgesmith::convert {
namespace {

/// Real value that changes no maximum: of float32 the lowest, of int8 that of -128.
float lowest_value(const ir::Tensor& tensor) {
  if (tensor.dtype == ir::DType::f32) return std::numeric_limits<float>::lowest();
  return tensor.quantization.scale[0] * static_cast<float>(-128 - tensor.quantization.zero_point[0]);
}

bool can_pad_before(ir::OpKind kind) {
  return kind == ir::OpKind::conv2d || kind == ir::OpKind::depthwise_conv2d || kind == ir::OpKind::max_pool2d;
}

/// The PAD, with its output among the graph's tensors; `op` then reads that, without pads of its own.
ir::Op moved_out(ir::Graph& graph, ir::Op& op) {
  ir::Attributes& a = op.attributes;
  ir::Op pad = {};
  pad.kind = ir::OpKind::pad;
  pad.name = op.name + "/pad";
  pad.inputs = {op.inputs[0]};
  pad.attributes.pads_before = {0, a.pad_top, a.pad_left, 0};
  pad.attributes.pads_after = {0, a.pad_bottom, a.pad_right, 0};
  ir::Tensor padded = graph.tensor(op.inputs[0]);
  if (op.kind == ir::OpKind::max_pool2d) pad.attributes.pad_value = lowest_value(padded);
  padded.name += "/padded";
  padded.shape[1] += a.pad_top + a.pad_bottom;
  padded.shape[2] += a.pad_left + a.pad_right;
  pad.outputs = {graph.add(std::move(padded))};
  op.inputs[0] = pad.outputs[0];
  a.pad_top = a.pad_bottom = a.pad_left = a.pad_right = 0;
  return pad;
}

}  // namespace

bool pads_have_a_name(const ir::Graph& graph, const ir::Op& op) {
  const ir::Attributes& a = op.attributes;
  const Pads vertical{a.pad_top, a.pad_bottom}, horizontal{a.pad_left, a.pad_right};
  if (vertical == Pads{} && horizontal == Pads{}) return true;
  const bool weighted = ir::takes_weights(op.kind);
  const std::int64_t filter_h = weighted ? graph.tensor(op.inputs[1]).shape[1] : a.filter_h;
  const std::int64_t filter_w = weighted ? graph.tensor(op.inputs[1]).shape[2] : a.filter_w;
  const ir::Tensor& input = graph.tensor(op.inputs[0]);
  return vertical == same_padding(input.shape[1], filter_h, a.stride_h, a.dilation_h) &&
         horizontal == same_padding(input.shape[2], filter_w, a.stride_w, a.dilation_w);
}

ir::Graph with_explicit_pads(const ir::Graph& graph) {
  ir::Graph padded = graph;
  padded.ops.clear();
  for (ir::Op op : graph.ops) {
    if (can_pad_before(op.kind) && !pads_have_a_name(graph, op)) padded.ops.push_back(moved_out(padded, op));
    padded.ops.push_back(std::move(op));
  }
  return padded;
}

}  // namespace edgesmith::convert
