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

/// PAD by (1, 2) rows and (0, 1) columns, then a 3x3 `kind`.
Network padded(OpKind kind, Scaled scaled, float pad_value = 0) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 5, 2}, scaled);
  const ir::TensorId wide = net.op(OpKind::pad, {x}, net.tensor({1, 7, 6, 2}, scaled),
                                   {.pads_before = {0, 1, 0, 0}, .pads_after = {0, 2, 1, 0}, .pad_value = pad_value});
  std::vector<ir::TensorId> inputs = {wide};
  if (kind == OpKind::conv2d) inputs.insert(inputs.end(), {net.weights({2, 3, 3, 2}), net.bias(2)});
  if (kind == OpKind::depthwise_conv2d) inputs.insert(inputs.end(), {net.weights({1, 3, 3, 2}), net.bias(2)});
  ir::Attributes attributes = {.stride_h = 2, .pad_left = 1};
  if (inputs.size() == 1) attributes.filter_h = attributes.filter_w = 3;
  net.graph.outputs = {net.op(kind, inputs, net.tensor({1, 3, 5, 2}, scaled), attributes)};
  return net;
}

TEST(FoldPad, IntoConvolutions) {
  for (const OpKind kind : {OpKind::conv2d, OpKind::depthwise_conv2d}) {
    Network net = padded(kind, {0.05f, 33});
    expect_fires(net, plain<fold_pad>);
    EXPECT_EQ(kinds(net.graph), std::vector{kind});
    EXPECT_EQ(net.graph.ops[0].attributes.pad_bottom, 2);
    expect_fires(net, plain<fold_zero_point>);  // and back: what stands in the pads is the zero point still
  }
}

TEST(FoldPad, IntoMaximaOverNothingSmaller) {
  Network net = padded(OpKind::max_pool2d, {0.05f, -128});
  expect_fires(net, plain<fold_pad>);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::max_pool2d});
}

TEST(FoldPad, IntoMaximaOfWhatReluHasClamped) {
  Network net;
  const Scaled scaled = {0.05f, 10};
  const ir::TensorId x = net.conv(net.input({1, 3, 3, 2}), 2, 1, scaled, Activation::relu);
  const ir::TensorId wide = net.op(OpKind::pad, {x}, net.tensor({1, 4, 4, 2}, scaled),
                                   {.pads_before = {0, 1, 1, 0}, .pads_after = {0, 0, 0, 0}});
  net.graph.outputs = {
      net.op(OpKind::max_pool2d, {wide}, net.tensor({1, 3, 3, 2}, scaled), {.filter_h = 2, .filter_w = 2})};
  expect_fires(net, plain<fold_pad>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::conv2d, OpKind::max_pool2d}));
}

TEST(FoldPad, LeavesOtherValuesOtherReadersAndAverages) {
  Network one = padded(OpKind::conv2d, {0.05f, 33}, 0.05f);
  expect_leaves(one, plain<fold_pad>);
  Network may_win = padded(OpKind::max_pool2d, {0.05f, -100});
  expect_leaves(may_win, plain<fold_pad>);
  Network average = padded(OpKind::average_pool2d, {0.05f, -128});
  expect_leaves(average, plain<fold_pad>);
  Network read = padded(OpKind::conv2d, {0.05f, 33});
  read.graph.outputs.push_back(read.graph.ops[0].outputs[0]);
  expect_leaves(read, plain<fold_pad>);
}

TEST(FoldPad, LeavesPadsAsLargeAsTheWindow) {
  Network net;
  const Scaled scaled = {0.05f, -128};
  const ir::TensorId wide = net.op(OpKind::pad, {net.input({1, 3, 3, 1}, scaled)}, net.tensor({1, 5, 3, 1}, scaled),
                                   {.pads_before = {0, 2, 0, 0}, .pads_after = {0, 0, 0, 0}});
  net.graph.outputs = {
      net.op(OpKind::max_pool2d, {wide}, net.tensor({1, 4, 3, 1}, scaled), {.filter_h = 2, .filter_w = 1})};
  expect_leaves(net, plain<fold_pad>);
}

}  // namespace
}  // namespace edgesmith::passes
