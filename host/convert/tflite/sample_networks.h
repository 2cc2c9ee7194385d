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

 private:
  ir::TensorId activation(const std::string& name, std::vector<std::int64_t> shape) {
    ir::Tensor tensor;
    tensor.name = name;
    tensor.shape = std::move(shape);
    return graph.add(std::move(tensor));
  }

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

inline ir::Quantization per_channel(std::int64_t channels, float first_scale, int axis) {
  ir::Quantization quantization{{}, std::vector<std::int64_t>(static_cast<std::size_t>(channels), 0), axis};
  for (std::int64_t c = 0; c < channels; ++c)
    quantization.scale.push_back(first_scale * static_cast<float>(c + 1));
  return quantization;
}

/// `graph` with int8 types and made-up integers and scales: right in form, without meaning.
inline ir::Graph as_int8(ir::Graph graph) {
  for (ir::Tensor& tensor : graph.tensors) {
    tensor.dtype = ir::DType::s8;
    if (!tensor.constant()) tensor.quantization = {{0.0625f}, {3}, 0};
  }
  for (const ir::Op& op : graph.ops) {
    if (op.kind == ir::OpKind::softmax) graph.tensor(op.outputs[0]).quantization = {{1.0f / 256}, {-128}, 0};
    if (op.inputs.size() < 3) continue;
    const int axis = op.kind == ir::OpKind::depthwise_conv2d ? 3 : 0;
    ir::Tensor &weights = graph.tensor(op.inputs[1]), &bias = graph.tensor(op.inputs[2]);
    weights.data.resize(ir::tensor_bytes(weights));
    weights.quantization = per_channel(weights.shape[static_cast<std::size_t>(axis)], 0.001f, axis);
    bias.dtype = ir::DType::s32;
    bias.quantization = per_channel(bias.shape[0], 0.001f * 0.0625f, 0);
    for (std::size_t at = 3; at < bias.data.size(); at += sizeof(std::int32_t))
      bias.data[at] = 0;  // below 2^24
  }
  return graph;
}

}  // namespace edgesmith::convert
