#pragma once
// Int8 networks for the tests of this folder, and the comparison of their bytes before and after a pass.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "host/base/random.h"
#include "host/ir/interpreter.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {

using Shape = std::vector<std::int64_t>;

/// What an int8 or uint8 tensor's bytes mean.
struct Scaled {
  float scale = 0.05f;
  std::int64_t zero_point = -7;
};

/// Tensors and operators one by one. Operators are numbered as those of a file are.
class Network {
 public:
  ir::Graph graph;

  ir::TensorId tensor(const Shape& shape, Scaled scaled = {}, ir::DType dtype = ir::DType::s8) {
    ir::Tensor tensor;
    tensor.name = "t" + std::to_string(graph.tensors.size());
    tensor.dtype = dtype;
    tensor.shape = shape;
    if (dtype != ir::DType::f32) tensor.quantization = {{scaled.scale}, {scaled.zero_point}, 0};
    return graph.add(std::move(tensor));
  }

  ir::TensorId real(const Shape& shape) {
    return tensor(shape, {}, ir::DType::f32);
  }

  ir::TensorId input(const Shape& shape, Scaled scaled = {}, ir::DType dtype = ir::DType::s8) {
    graph.inputs.push_back(tensor(shape, scaled, dtype));
    return graph.inputs.back();
  }

  /// Random int8 values.
  ir::TensorId constant(const Shape& shape, Scaled scaled = {}) {
    const ir::TensorId id = tensor(shape, scaled);
    graph.tensor(id).data = random_bytes(graph.tensor(id));
    return id;
  }

  /// Random weights with one scale.
  ir::TensorId weights(const Shape& shape) {
    const ir::TensorId id = constant(shape, {0.01f, 0});
    for (std::uint8_t& byte : graph.tensor(id).data)
      byte = byte == 0x80 ? 0x81 : byte;
    return id;
  }

  ir::TensorId bias(std::int64_t channels) {
    const ir::TensorId id = tensor({channels}, {0.0005f, 0}, ir::DType::s32);
    std::vector<std::int32_t> values;
    for (std::int64_t c = 0; c < channels; ++c)
      values.push_back(static_cast<std::int32_t>(random_.below(20000)) - 10000);
    set_values(graph.tensor(id), values);
    return id;
  }

  /// Answers `output`.
  ir::TensorId op(ir::OpKind kind, std::vector<ir::TensorId> inputs, ir::TensorId output,
                  ir::Attributes attributes = {}) {
    graph.ops.push_back({kind, std::move(inputs), {output}, std::move(attributes), "op"});
    graph.ops.back().source_index = static_cast<int>(graph.ops.size()) - 1;
    return output;
  }

  /// A convolution with `filter` x `filter` taps that keeps height and width.
  ir::TensorId conv(ir::TensorId x, std::int64_t channels, int filter, Scaled scaled = {},
                    ir::Activation activation = ir::Activation::none) {
    const Shape shape = graph.tensor(x).shape;
    const int pad = filter / 2;
    const ir::TensorId w = weights({channels, filter, filter, shape[3]}), b = bias(channels);
    return op(ir::OpKind::conv2d, {x, w, b}, tensor({1, shape[1], shape[2], channels}, scaled),
              {.activation = activation, .pad_top = pad, .pad_bottom = pad, .pad_left = pad, .pad_right = pad});
  }

  std::vector<std::uint8_t> random_bytes(const ir::Tensor& tensor) {
    std::vector<std::uint8_t> bytes(ir::tensor_bytes(tensor));
    for (std::uint8_t& byte : bytes)
      byte = static_cast<std::uint8_t>(random_.below(256));
    return bytes;
  }

  std::vector<std::uint8_t> random_input(const ir::Tensor& tensor) {
    if (tensor.dtype != ir::DType::f32) return random_bytes(tensor);
    std::vector<float> values(static_cast<std::size_t>(ir::elems(tensor.shape)));
    for (float& value : values)
      value = static_cast<float>(4 * random_.normal());
    ir::Tensor holder;
    set_values(holder, values);
    return holder.data;
  }

 private:
  Random random_{7};
};

inline std::vector<ir::OpKind> kinds(const ir::Graph& graph) {
  std::vector<ir::OpKind> kinds;
  for (const ir::Op& op : graph.ops)
    kinds.push_back(op.kind);
  return kinds;
}

inline void expect_same_ends(const ir::Graph& before, const std::vector<ir::TensorId>& ids, const ir::Graph& after,
                             const std::vector<ir::TensorId>& ids_after) {
  ASSERT_EQ(ids.size(), ids_after.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const ir::Tensor &a = before.tensor(ids[i]), &b = after.tensor(ids_after[i]);
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.dtype, b.dtype);
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.quantization.scale, b.quantization.scale);
    EXPECT_EQ(a.quantization.zero_point, b.quantization.zero_point);
  }
}

/// Tensors that both graphs' operators say to be the same one of the file.
inline void expect_same_traces(const ir::Graph& before, const ir::Interpreter& ran_before, const ir::Graph& after,
                               const ir::Interpreter& ran_after) {
  for (const ir::Op& op : after.ops) {
    for (const ir::Op& old : before.ops) {
      if (op.source_index >= 0 && op.source_index == old.source_index) {
        EXPECT_EQ(ran_before.tensor(old.outputs[0]), ran_after.tensor(op.outputs[0])) << "operator " << op.source_index;
      }
    }
  }
}

/// Runs `pass(network.graph, rounding)` in both roundings. It must say that it changed something, and change no byte
/// of what comes out, of what is traced back to the file, and of what the ends mean. Leaves the changed graph.
template <typename Pass>
void expect_fires(Network& network, Pass pass) {
  const ir::Graph before = network.graph;
  for (const Rounding rounding : {Rounding::tflm_double, Rounding::single}) {
    network.graph = before;
    EXPECT_TRUE(pass(network.graph, rounding));
    expect_same_ends(before, before.inputs, network.graph, network.graph.inputs);
    expect_same_ends(before, before.outputs, network.graph, network.graph.outputs);
    ir::Interpreter old(before, rounding), rewritten(network.graph, rounding);
    for (int round = 0; round < 4; ++round) {
      std::vector<std::vector<std::uint8_t>> inputs;
      for (const ir::TensorId id : before.inputs)
        inputs.push_back(network.random_input(before.tensor(id)));
      EXPECT_EQ(old.run(inputs), rewritten.run(inputs));
      expect_same_traces(before, old, network.graph, rewritten);
    }
  }
}

/// Runs `pass(network.graph, rounding)`, which must find nothing to do.
template <typename Pass>
void expect_leaves(Network& network, Pass pass) {
  const std::vector<ir::OpKind> before = kinds(network.graph);
  EXPECT_FALSE(pass(network.graph, Rounding::tflm_double));
  EXPECT_EQ(kinds(network.graph), before);
}

/// A pass to which rounding is nothing.
template <bool (*pass)(ir::Graph&)>
bool plain(ir::Graph& graph, Rounding) {
  return pass(graph);
}

}  // namespace edgesmith::passes
