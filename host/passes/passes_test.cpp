#include "host/passes/passes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "host/base/random.h"
#include "host/ir/interpreter.h"

namespace edgesmith::passes {
namespace {

using Shape = std::vector<std::int64_t>;

/// Appends layers to a chain; the last output is the network's.
class Chain {
 public:
  explicit Chain(const Shape& input_shape) {
    graph.inputs = graph.outputs = {activation(input_shape)};
  }

  ir::Attributes& layer(ir::OpKind kind, const Shape& output_shape, const std::vector<Shape>& constants = {}) {
    ir::Op op{kind, graph.outputs, {}, {}, ""};
    for (const Shape& shape : constants)
      op.inputs.push_back(shape.empty() ? ir::kNoTensor : random_constant(shape));
    op.outputs = {activation(output_shape)};
    graph.outputs = op.outputs;
    graph.ops.push_back(std::move(op));
    return graph.ops.back().attributes;
  }

  /// gamma, beta and mean may be negative, the variance is positive.
  void batch_norm(const Shape& shape) {
    const Shape channels{shape.back()};
    layer(ir::OpKind::batch_norm, shape, {channels, channels, channels, channels});
    set_absolute(graph.tensor(graph.ops.back().inputs[4]));
  }

  ir::Graph graph;

 private:
  ir::TensorId activation(const Shape& shape) {
    ir::Tensor tensor;
    tensor.name = "t" + std::to_string(graph.tensors.size());
    tensor.shape = shape;
    return graph.add(std::move(tensor));
  }

  ir::TensorId random_constant(const Shape& shape) {
    const ir::TensorId id = activation(shape);
    std::vector<float> values(static_cast<std::size_t>(ir::elems(shape)));
    for (float& value : values)
      value = static_cast<float>(random_.normal());
    graph.tensor(id).data.resize(values.size() * sizeof(float));
    std::memcpy(graph.tensor(id).data.data(), values.data(), graph.tensor(id).data.size());
    return id;
  }

  static void set_absolute(ir::Tensor& tensor) {
    for (std::size_t at = 3; at < tensor.data.size(); at += sizeof(float))
      tensor.data[at] &= 0x7f;  // the sign bit
  }

  Random random_{1};
};

std::vector<float> run(const ir::Graph& graph) {
  Random random(2);
  std::vector<float> input(static_cast<std::size_t>(ir::elems(graph.tensor(graph.inputs[0]).shape)));
  for (float& value : input)
    value = static_cast<float>(random.normal());
  std::vector<std::uint8_t> bytes(input.size() * sizeof(float));
  std::memcpy(bytes.data(), input.data(), bytes.size());
  const std::vector<std::uint8_t> output = ir::Interpreter(graph).run({bytes})[0];
  std::vector<float> values(output.size() / sizeof(float));
  std::memcpy(values.data(), output.data(), output.size());
  return values;
}

// Folding trades one rounding of the weights for two of the result: a few units in the last place of the largest term.
void expect_close(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], b[i], 1e-5 * (1 + std::abs(a[i])));
}

void expect_folds(Chain& chain, const Shape& shape) {
  chain.batch_norm(shape);
  const std::vector<float> before = run(chain.graph);
  fold_batch_norm(chain.graph);
  EXPECT_EQ(chain.graph.ops.size(), 1u);
  expect_close(run(chain.graph), before);
}

TEST(FoldBatchNorm, IntoConvolution) {
  Chain chain({1, 3, 4, 2});
  chain.layer(ir::OpKind::conv2d, {1, 2, 3, 5}, {{5, 2, 2, 2}, {5}});
  expect_folds(chain, {1, 2, 3, 5});
}

TEST(FoldBatchNorm, IntoConvolutionWithoutBias) {
  Chain chain({1, 3, 4, 2});
  chain.layer(ir::OpKind::conv2d, {1, 2, 3, 5}, {{5, 2, 2, 2}, {}});
  expect_folds(chain, {1, 2, 3, 5});
}

TEST(FoldBatchNorm, IntoDepthwiseConvolution) {
  Chain chain({1, 3, 4, 2});
  chain.layer(ir::OpKind::depthwise_conv2d, {1, 2, 3, 6}, {{1, 2, 2, 6}, {6}}).depth_multiplier = 3;
  expect_folds(chain, {1, 2, 3, 6});
}

TEST(FoldBatchNorm, IntoFullyConnected) {
  Chain chain({1, 7});
  chain.layer(ir::OpKind::fully_connected, {1, 4}, {{4, 7}, {4}});
  expect_folds(chain, {1, 4});
}

TEST(FoldBatchNorm, GivesTheValuesOfTheFormula) {
  // weight 2, bias 1; gamma 3, beta 5, mean 7, variance 3 + epsilon 1: gain 3 / 2
  Chain chain({1, 1});
  chain.layer(ir::OpKind::fully_connected, {1, 1}, {{1, 1}, {1}});
  chain.batch_norm({1, 1});
  ir::Graph& graph = chain.graph;
  const auto set = [&](ir::TensorId id, float value) {
    std::memcpy(graph.tensor(id).data.data(), &value, sizeof value);
  };
  const auto get = [&](ir::TensorId id) {
    float value;
    std::memcpy(&value, graph.tensor(id).data.data(), sizeof value);
    return value;
  };
  set(graph.ops[0].inputs[1], 2);
  set(graph.ops[0].inputs[2], 1);
  const float constants[] = {3, 5, 7, 3};
  for (std::size_t i = 0; i < 4; ++i)
    set(graph.ops[1].inputs[i + 1], constants[i]);
  graph.ops[1].attributes.epsilon = 1;
  fold_batch_norm(graph);
  EXPECT_EQ(get(graph.ops[0].inputs[1]), 3.0f);   // 2 * 3/2
  EXPECT_EQ(get(graph.ops[0].inputs[2]), -4.0f);  // (1 - 7) * 3/2 + 5
}

TEST(FoldBatchNorm, LeavesALayerWithItsOwnActivationAlone) {
  Chain chain({1, 7});
  chain.layer(ir::OpKind::fully_connected, {1, 4}, {{4, 7}, {4}}).activation = ir::Activation::relu;
  chain.batch_norm({1, 4});
  fold_batch_norm(chain.graph);
  EXPECT_EQ(chain.graph.ops.size(), 2u);
}

TEST(FoldBatchNorm, LeavesALayerThatOthersReadAlone) {
  Chain chain({1, 7});
  chain.layer(ir::OpKind::fully_connected, {1, 4}, {{4, 7}, {4}});
  const ir::TensorId between = chain.graph.outputs[0];
  chain.batch_norm({1, 4});
  chain.graph.outputs.push_back(between);
  fold_batch_norm(chain.graph);
  EXPECT_EQ(chain.graph.ops.size(), 2u);
}

TEST(FuseActivation, IntoTheLayerBeforeChangesNoBit) {
  Chain chain({1, 3, 4, 2});
  chain.layer(ir::OpKind::conv2d, {1, 2, 3, 5}, {{5, 2, 2, 2}, {5}});
  chain.layer(ir::OpKind::relu, {1, 2, 3, 5});
  const std::vector<float> before = run(chain.graph);
  fuse_activation(chain.graph);
  ASSERT_EQ(chain.graph.ops.size(), 1u);
  EXPECT_EQ(chain.graph.ops[0].attributes.activation, ir::Activation::relu);
  EXPECT_EQ(run(chain.graph), before);
}

TEST(FuseActivation, Relu6BeforeReluStays) {
  Chain chain({1, 7});
  chain.layer(ir::OpKind::fully_connected, {1, 4}, {{4, 7}, {4}}).activation = ir::Activation::relu6;
  chain.layer(ir::OpKind::relu, {1, 4});
  fuse_activation(chain.graph);
  ASSERT_EQ(chain.graph.ops.size(), 1u);
  EXPECT_EQ(chain.graph.ops[0].attributes.activation, ir::Activation::relu6);
}

TEST(FuseActivation, LeavesReluBehindReshapeAlone) {
  Chain chain({1, 1, 1, 7});
  chain.layer(ir::OpKind::reshape, {1, 7});
  chain.layer(ir::OpKind::relu, {1, 7});
  fuse_activation(chain.graph);
  EXPECT_EQ(chain.graph.ops.size(), 2u);
}

TEST(Simplify, LeavesOneOperatorALayerAndNoUnusedTensor) {
  Chain chain({1, 1, 8, 3});
  chain.layer(ir::OpKind::conv2d, {1, 1, 6, 4}, {{4, 1, 3, 3}, {}});
  chain.batch_norm({1, 1, 6, 4});
  chain.layer(ir::OpKind::relu, {1, 1, 6, 4});
  chain.layer(ir::OpKind::reshape, {1, 24});
  chain.layer(ir::OpKind::fully_connected, {1, 2}, {{2, 24}, {2}});
  const std::vector<float> before = run(chain.graph);
  simplify(chain.graph);
  EXPECT_EQ(chain.graph.ops.size(), 3u);
  EXPECT_EQ(chain.graph.tensors.size(), 8u);  // input, conv, flat, output; two weights, two biases
  expect_close(run(chain.graph), before);
}

}  // namespace
}  // namespace edgesmith::passes
