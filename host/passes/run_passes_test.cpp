// All passes together.

#include "host/passes/passes.h"
#include "host/passes/test_networks.h"

namespace edgesmith::passes {
namespace {

using ir::Activation;
using ir::OpKind;

bool all(ir::Graph& graph, Rounding rounding) {
  run_passes(graph, rounding);
  return true;
}

/// Channels first, as another framework exports it: each layer between two TRANSPOSEs, pads and activations on their
/// own, float32 at the ends.
TEST(RunPasses, LeaveTheLayersOfAConvertedNetwork) {
  Network net;
  const std::vector<int> to_last = {0, 2, 3, 1}, to_first = {0, 3, 1, 2};
  const Scaled in = {0.05f, 3}, mid = {0.1f, -20};
  const ir::TensorId x = net.input({1, 3, 6, 6}, {}, ir::DType::f32);
  const ir::TensorId q = net.op(OpKind::quantize, {x}, net.tensor({1, 3, 6, 6}, in));
  const ir::TensorId a = net.op(OpKind::transpose, {q}, net.tensor({1, 6, 6, 3}, in), {.permutation = to_last});
  const ir::TensorId wide =
      net.op(OpKind::pad, {a}, net.tensor({1, 8, 8, 3}, in), {.pads_before = {0, 1, 1, 0}, .pads_after = {0, 1, 1, 0}});
  const ir::TensorId first =
      net.op(OpKind::conv2d, {wide, net.weights({4, 3, 3, 3}), ir::kNoTensor}, net.tensor({1, 6, 6, 4}, mid));
  const ir::TensorId b = net.op(OpKind::transpose, {first}, net.tensor({1, 4, 6, 6}, mid), {.permutation = to_first});
  const ir::TensorId relu = net.op(OpKind::relu, {b}, net.tensor({1, 4, 6, 6}, mid));
  const ir::TensorId c = net.op(OpKind::transpose, {relu}, net.tensor({1, 6, 6, 4}, mid), {.permutation = to_last});
  const ir::TensorId second = net.conv(c, 4, 3, mid);
  const ir::TensorId d = net.op(OpKind::transpose, {second}, net.tensor({1, 4, 6, 6}, mid), {.permutation = to_first});
  const ir::TensorId sum = net.op(OpKind::add, {relu, d}, net.tensor({1, 4, 6, 6}, mid));
  const ir::TensorId clamped = net.op(OpKind::relu6, {sum}, net.tensor({1, 4, 6, 6}, mid));
  const ir::TensorId e = net.op(OpKind::transpose, {clamped}, net.tensor({1, 6, 6, 4}, mid), {.permutation = to_last});
  const ir::TensorId third = net.conv(e, 2, 1, mid);
  net.graph.outputs = {net.op(OpKind::dequantize, {third}, net.real({1, 6, 6, 2}))};
  expect_fires(net, all);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::quantize, OpKind::transpose, OpKind::conv2d, OpKind::conv2d_add,
                                           OpKind::conv2d, OpKind::dequantize}));
  EXPECT_EQ(net.graph.ops[2].attributes.activation, Activation::relu);
  EXPECT_EQ(net.graph.ops[3].attributes.sum_activation, Activation::relu6);
  for (const std::size_t layer : {2u, 3u, 4u})
    EXPECT_TRUE(net.graph.ops[layer].attributes.zero_point_in_bias);
}

TEST(RunPasses, FindNothingMoreInWhatTheyLeft) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 3});
  const ir::TensorId a = net.conv(x, 3, 3, {0.1f, 0});
  const ir::TensorId b = net.op(OpKind::hard_swish, {a}, net.tensor({1, 4, 4, 3}));
  const ir::TensorId c = net.op(OpKind::quantize, {b}, net.tensor({1, 4, 4, 3}, {0.2f, 0}));
  net.graph.outputs = {net.op(OpKind::add, {x, c}, net.tensor({1, 4, 4, 3}))};
  expect_fires(net, all);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::conv2d, OpKind::lookup, OpKind::add}));
  const std::size_t tensors = net.graph.tensors.size();
  run_passes(net.graph, Rounding::single);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::conv2d, OpKind::lookup, OpKind::add}));
  EXPECT_EQ(net.graph.tensors.size(), tensors);
}

TEST(Simplify, MakesNothingThatAFileCannotSay) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 3});
  const ir::TensorId wide =
      net.op(OpKind::pad, {x}, net.tensor({1, 5, 5, 3}), {.pads_before = {0, 1, 0, 0}, .pads_after = {0, 0, 1, 0}});
  const ir::TensorId a = net.conv(wide, 3, 3);
  const ir::TensorId b = net.op(OpKind::add, {a, wide}, net.tensor({1, 5, 5, 3}));
  net.graph.outputs = {net.op(OpKind::hard_swish, {b}, net.tensor({1, 5, 5, 3}))};
  const std::vector<OpKind> before = kinds(net.graph);
  simplify(net.graph);
  EXPECT_EQ(kinds(net.graph), before);
  EXPECT_FALSE(net.graph.ops[1].attributes.zero_point_in_bias);
}

}  // namespace
}  // namespace edgesmith::passes
