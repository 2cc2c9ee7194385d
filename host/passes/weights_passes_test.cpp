// What changes layers with weights: zero points in biases, sums in convolutions, pads in windows.

#include "host/ir/cost.h"
#include "host/passes/passes.h"
#include "host/passes/test_networks.h"

namespace edgesmith::passes {
namespace {

using ir::Activation;
using ir::OpKind;

TEST(FoldZeroPoint, IntoConvolutionsWithPadsAndStrides) {
  Network net;
  const ir::TensorId x = net.input({1, 5, 6, 3}, {0.05f, 19});
  const ir::TensorId w = net.weights({4, 3, 2, 3}), b = net.bias(4);
  net.graph.outputs = {net.op(OpKind::conv2d, {x, w, b}, net.tensor({1, 3, 3, 4}),
                              {.stride_h = 2, .stride_w = 2, .pad_top = 1, .pad_bottom = 1})};
  expect_fires(net, plain<fold_zero_point>);
  EXPECT_TRUE(net.graph.ops[0].attributes.zero_point_in_bias);
}

TEST(FoldZeroPoint, IntoDepthwiseConvolutionWithoutBias) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 2}, {0.05f, -128});
  net.graph.outputs = {net.op(OpKind::depthwise_conv2d, {x, net.weights({1, 3, 3, 4}), ir::kNoTensor},
                              net.tensor({1, 4, 4, 4}),
                              {.pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1, .depth_multiplier = 2})};
  expect_fires(net, plain<fold_zero_point>);
  EXPECT_TRUE(net.graph.ops[0].attributes.zero_point_in_bias);
  EXPECT_TRUE(net.graph.tensor(net.graph.ops[0].inputs[2]).constant());
}

TEST(FoldZeroPoint, GivesTheValuesOfTheFormula) {
  Network net;
  const ir::TensorId x = net.input({1, 2}, {0.05f, 3}), w = net.weights({2, 2}), b = net.bias(2);
  set_values<std::int8_t>(net.graph.tensor(w), {1, 2, -3, 10});
  set_values<std::int32_t>(net.graph.tensor(b), {100, -100});
  net.graph.outputs = {net.op(OpKind::fully_connected, {x, w, b}, net.tensor({1, 2}))};
  expect_fires(net, plain<fold_zero_point>);
  EXPECT_EQ(values_of<std::int32_t>(net.graph.tensor(net.graph.ops[0].inputs[2])),
            (std::vector<std::int32_t>{100 - 3 * 3, -100 - 3 * 7}));
}

TEST(FoldZeroPoint, SharedBiasStaysAsItIsForTheOther) {
  Network net;
  const ir::TensorId x = net.input({1, 4}, {0.05f, 40}), b = net.bias(4);
  const ir::TensorId between = net.op(OpKind::fully_connected, {x, net.weights({4, 4}), b}, net.tensor({1, 4}));
  net.graph.outputs = {net.op(OpKind::fully_connected, {between, net.weights({4, 4}), b}, net.tensor({1, 4}))};
  expect_fires(net, plain<fold_zero_point>);
  EXPECT_NE(net.graph.ops[0].inputs[2], net.graph.ops[1].inputs[2]);
}

TEST(FoldZeroPoint, LeavesABiasThatWouldNotFit) {
  Network net;
  const ir::TensorId x = net.input({1, 1}, {0.05f, 1}), w = net.weights({1, 1}), b = net.bias(1);
  set_values<std::int8_t>(net.graph.tensor(w), {1});
  set_values<std::int32_t>(net.graph.tensor(b), {INT32_MIN});
  net.graph.outputs = {net.op(OpKind::fully_connected, {x, w, b}, net.tensor({1, 1}))};
  expect_leaves(net, plain<fold_zero_point>);
  EXPECT_FALSE(net.graph.ops[0].attributes.zero_point_in_bias);
}

/// x, a convolution of it, and their sum; the convolution stands on the sum's `side`.
Network residual(std::size_t side) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 5, 3}, {0.031f, 12});
  const ir::TensorId between = net.conv(x, 3, 3, {0.07f, -20}, Activation::relu);
  const std::vector<ir::TensorId> sides =
      side == 0 ? std::vector<ir::TensorId>{between, x} : std::vector<ir::TensorId>{x, between};
  net.graph.outputs = {
      net.op(OpKind::add, sides, net.tensor({1, 4, 5, 3}, {0.09f, 5}), {.activation = Activation::relu6})};
  return net;
}

TEST(FuseResidualAdd, OnEitherSide) {
  for (const std::size_t side : {0u, 1u}) {
    Network net = residual(side);
    const std::int64_t macs = ir::macs(net.graph);
    expect_fires(net, plain<fuse_residual_add>);
    EXPECT_EQ(ir::macs(net.graph), macs);
    EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::conv2d_add}));
    EXPECT_EQ(net.graph.ops[0].source_index, 1);  // the sum's: that is what it writes
  }
}

TEST(FuseResidualAdd, IntoTheConvolutionThatRunsLast) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 2});
  const ir::TensorId a = net.conv(x, 4, 3), b = net.conv(x, 4, 1, {0.02f, 90});
  net.graph.outputs = {net.op(OpKind::add, {a, b}, net.tensor({1, 4, 4, 4}))};
  expect_fires(net, plain<fuse_residual_add>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::conv2d, OpKind::conv2d_add}));
  EXPECT_EQ(net.graph.ops[1].inputs[3], a);
}

/// The convolution comes before two operators that make the skip tensor, and one that reads the convolution's input.
Network late_skip(std::int64_t channels) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 8}), other = net.input({1, 4, 4, channels});
  const ir::TensorId before = net.op(OpKind::relu, {x}, net.tensor({1, 4, 4, 8}));
  const ir::TensorId a = net.conv(before, channels, 1);
  const ir::TensorId b = net.op(OpKind::relu, {other}, net.tensor({1, 4, 4, channels}, {0.1f, 3}));
  const ir::TensorId c = net.op(OpKind::relu, {b}, net.tensor({1, 4, 4, channels}, {0.1f, 3}));
  const ir::TensorId d = net.op(OpKind::tanh, {b}, net.tensor({1, 4, 4, channels}, {1.0f / 128, 0}));
  net.graph.outputs = {net.op(OpKind::add, {c, a}, net.tensor({1, 4, 4, channels})), d};
  return net;
}

TEST(FuseResidualAdd, WaitsForTheSkipTensorWhereItCostsNothing) {
  Network net = late_skip(8);
  expect_fires(net, plain<fuse_residual_add>);
  EXPECT_EQ(kinds(net.graph),
            (std::vector{OpKind::relu, OpKind::relu, OpKind::relu, OpKind::conv2d_add, OpKind::tanh}));
  Network larger_input = late_skip(4);
  expect_leaves(larger_input, plain<fuse_residual_add>);
}

TEST(FuseResidualAdd, LeavesWhatOthersReadAndWhatIsBroadcast) {
  Network read = residual(0);
  read.graph.outputs.push_back(read.graph.ops[0].outputs[0]);
  expect_leaves(read, plain<fuse_residual_add>);

  Network broadcast;
  const ir::TensorId x = broadcast.input({1, 4, 4, 3}), row = broadcast.input({1, 1, 1, 3});
  const ir::TensorId between = broadcast.conv(x, 3, 3);
  broadcast.graph.outputs = {broadcast.op(OpKind::add, {between, row}, broadcast.tensor({1, 4, 4, 3}))};
  expect_leaves(broadcast, plain<fuse_residual_add>);
}

}  // namespace
}  // namespace edgesmith::passes
