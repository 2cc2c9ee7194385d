#pragma once
// Small float networks for the tests of this folder.

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "host/base/random.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

/// Builds a chain of layers with random weights; each call appends one and makes it the output.
class Chain {
 public:
  Chain(std::string name, std::vector<std::int64_t> input_shape) {
    graph.name = std::move(name);
    graph.inputs = {activation("input", std::move(input_shape))};
    graph.outputs = graph.inputs;
  }

  ir::Attributes& layer(ir::OpKind kind, const std::string& name, std::vector<std::int64_t> output_shape,
                        std::vector<std::int64_t> weights_shape = {}, std::int64_t biases = 0) {
    ir::Op op{kind, graph.outputs, {}, {}, name};
    if (!weights_shape.empty()) {
      op.inputs.push_back(constant(name + "/weights", std::move(weights_shape)));
      op.inputs.push_back(biases ? constant(name + "/bias", {biases}) : ir::kNoTensor);
    }
    op.outputs = {activation(name, std::move(output_shape))};
    graph.outputs = op.outputs;
    graph.ops.push_back(std::move(op));
    return graph.ops.back().attributes;
  }

  ir::Graph graph;

  ir::TensorId constant(const std::string& name, std::vector<std::int64_t> shape) {
    const ir::TensorId id = activation(name, std::move(shape));
    ir::Tensor& tensor = graph.tensor(id);
    tensor.data.resize(ir::tensor_bytes(tensor));
    for (std::size_t at = 0; at < tensor.data.size(); at += sizeof(float)) {
      const auto value = static_cast<float>(random_.normal() * 0.3);
      std::memcpy(tensor.data.data() + at, &value, sizeof value);
    }
    return id;
  }

 private:
  ir::TensorId activation(const std::string& name, std::vector<std::int64_t> shape) {
    ir::Tensor tensor;
    tensor.name = name;
    tensor.shape = std::move(shape);
    return graph.add(std::move(tensor));
  }

  Random random_{1};
};

/// Dense layers: 24 -> 16 -> 5, softmax.
inline ir::Graph sample_mlp() {
  Chain chain("mlp", {1, 24});
  chain.layer(ir::OpKind::fully_connected, "hidden", {1, 16}, {16, 24}, 16).activation = ir::Activation::relu;
  chain.layer(ir::OpKind::fully_connected, "logits", {1, 5}, {5, 16}, 5);
  chain.layer(ir::OpKind::softmax, "scores", {1, 5});
  return chain.graph;
}

/// Every operator that the format shares with us but MEAN: 26 steps of 6 channels -> 4 scores.
inline ir::Graph sample_cnn() {
  Chain chain("cnn", {1, 1, 26, 6});
  ir::Attributes& conv = chain.layer(ir::OpKind::conv2d, "conv", {1, 1, 13, 8}, {8, 1, 5, 6}, 8);
  conv.activation = ir::Activation::relu;
  conv.stride_w = 2;
  conv.pad_left = 1, conv.pad_right = 2;  // SAME: 13 outputs need 29
  ir::Attributes& max_pool = chain.layer(ir::OpKind::max_pool2d, "max_pool", {1, 1, 6, 8});
  max_pool.filter_h = 1, max_pool.filter_w = 2, max_pool.stride_w = 2;
  ir::Attributes& depthwise = chain.layer(ir::OpKind::depthwise_conv2d, "depthwise", {1, 1, 6, 16}, {1, 1, 3, 16}, 16);
  depthwise.activation = ir::Activation::relu6;
  depthwise.depth_multiplier = 2;
  depthwise.pad_left = depthwise.pad_right = 1;
  chain.layer(ir::OpKind::conv2d, "pointwise", {1, 1, 6, 12}, {12, 1, 1, 16}, 12);
  ir::Attributes& average_pool = chain.layer(ir::OpKind::average_pool2d, "average_pool", {1, 1, 2, 12});
  average_pool.filter_h = 1, average_pool.filter_w = 3, average_pool.stride_w = 3;
  chain.layer(ir::OpKind::reshape, "flat", {1, 24});
  chain.layer(ir::OpKind::fully_connected, "logits", {1, 4}, {4, 24}, 4);
  chain.layer(ir::OpKind::softmax, "scores", {1, 4});
  return chain.graph;
}

/// What joins and moves tensors: a residual block with constants, pads, activations and a transposed branch.
/// 6 x 4 pixels of 3 channels -> 72 values.
inline ir::Graph sample_branches() {
  using ir::OpKind;
  const std::vector<std::int64_t> image = {1, 6, 4, 3};
  Chain chain("branches", image);
  ir::Graph& graph = chain.graph;
  const auto behind = [&](OpKind kind, const std::string& name, ir::TensorId with) {
    chain.layer(kind, name, image);
    graph.ops.back().inputs.push_back(with);
  };
  chain.layer(OpKind::hard_swish, "swish", image);
  const ir::TensorId skip = graph.outputs[0];
  ir::Attributes& pad = chain.layer(OpKind::pad, "pad", {1, 8, 6, 3});
  pad.pads_before = pad.pads_after = {0, 1, 1, 0};
  chain.layer(OpKind::conv2d, "conv", image, {3, 3, 3, 3}, 3);
  behind(OpKind::add, "residual", skip);
  graph.ops.back().attributes.activation = ir::Activation::relu;
  behind(OpKind::mul, "gain", chain.constant("gain/factor", {3}));
  behind(OpKind::sub, "offset", chain.constant("offset/value", {1, 1, 4, 1}));
  chain.layer(OpKind::leaky_relu, "leaky", image).alpha = 0.125f;
  chain.layer(OpKind::relu6, "relu6", image);
  chain.layer(OpKind::relu, "relu", image);
  chain.layer(OpKind::transpose, "turned", {1, 4, 6, 3}).permutation = {0, 2, 1, 3};
  chain.layer(OpKind::reshape, "back", image);
  behind(OpKind::concatenation, "joined", skip);
  graph.tensor(graph.outputs[0]).shape = {1, 6, 8, 3};
  graph.ops.back().attributes.axis = 2;
  ir::Attributes& border = chain.layer(OpKind::pad, "border", {1, 6, 8, 4});
  border.pads_before = {0, 0, 0, 0}, border.pads_after = {0, 0, 0, 1};
  border.pad_value = 0.5f;
  chain.layer(OpKind::mean, "mean", {1, 8, 4}).axes = {1};
  chain.layer(OpKind::tanh, "tanh", {1, 8, 4});
  chain.layer(OpKind::logistic, "logistic", {1, 8, 4});
  return graph;
}

inline ir::Quantization per_channel(std::int64_t channels, float first_scale, int axis) {
  ir::Quantization quantization{{}, std::vector<std::int64_t>(static_cast<std::size_t>(channels), 0), axis};
  for (std::int64_t c = 0; c < channels; ++c)
    quantization.scale.push_back(first_scale * static_cast<float>(c + 1));
  return quantization;
}

/// `graph`, which is int8, with `from` in front of it and `to` behind it, through QUANTIZE and DEQUANTIZE.
inline ir::Graph with_ends(ir::Graph graph, ir::DType from, ir::DType to) {
  const auto end = [&](ir::DType dtype, const char* name, ir::TensorId like) {
    ir::Tensor tensor = graph.tensor(like);
    tensor.name = name;
    tensor.dtype = dtype;
    if (dtype == ir::DType::u8) tensor.quantization.zero_point[0] += 128;
    if (dtype == ir::DType::f32) tensor.quantization = {};
    return graph.add(std::move(tensor));
  };
  const ir::TensorId in = end(from, "from", graph.inputs[0]), out = end(to, "to", graph.outputs[0]);
  graph.ops.insert(graph.ops.begin(), ir::Op{ir::OpKind::quantize, {in}, graph.inputs, {}, "entry"});
  const ir::OpKind last = to == ir::DType::f32 ? ir::OpKind::dequantize : ir::OpKind::quantize;
  graph.ops.push_back(ir::Op{last, graph.outputs, {out}, {}, "exit"});
  graph.inputs = {in};
  graph.outputs = {out};
  return graph;
}

/// `graph` with int8 types and made-up integers and scales: right in form, without meaning.
inline ir::Graph as_int8(ir::Graph graph) {
  for (ir::Tensor& tensor : graph.tensors) {
    tensor.dtype = ir::DType::s8;
    tensor.quantization = {{0.0625f}, {3}, 0};
  }
  for (const ir::Op& op : graph.ops) {
    if (op.kind == ir::OpKind::softmax) graph.tensor(op.outputs[0]).quantization = {{1.0f / 256}, {-128}, 0};
    if (op.kind == ir::OpKind::logistic) graph.tensor(op.outputs[0]).quantization = {{1.0f / 256}, {-128}, 0};
    if (op.kind == ir::OpKind::tanh) graph.tensor(op.outputs[0]).quantization = {{1.0f / 128}, {0}, 0};
    if (!ir::takes_weights(op.kind)) continue;
    const int axis = op.kind == ir::OpKind::depthwise_conv2d ? 3 : 0;
    ir::Tensor &weights = graph.tensor(op.inputs[1]), &bias = graph.tensor(op.inputs[2]);
    weights.quantization = per_channel(weights.shape[static_cast<std::size_t>(axis)], 0.001f, axis);
    bias.dtype = ir::DType::s32;
    bias.quantization = per_channel(bias.shape[0], 0.001f * 0.0625f, 0);
    for (std::size_t at = 3; at < bias.data.size(); at += sizeof(std::int32_t))
      bias.data[at] = 0;  // below 2^24
  }
  for (ir::Tensor& tensor : graph.tensors) {
    if (tensor.constant()) tensor.data.resize(ir::tensor_bytes(tensor));
  }
  return graph;
}

}  // namespace edgesmith::convert
