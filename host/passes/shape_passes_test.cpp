// What removes operators that compute nothing, and moves those that only move values.

#include "host/passes/passes.h"
#include "host/passes/test_networks.h"

namespace edgesmith::passes {
namespace {

using ir::OpKind;

TEST(FoldConstants, ComputesWhatDependsOnNoInput) {
  Network net;
  const ir::TensorId sum = net.op(OpKind::add, {net.constant({1, 6}), net.constant({6})}, net.tensor({1, 6}));
  const ir::TensorId curve = net.op(OpKind::hard_swish, {sum}, net.tensor({1, 6}));
  net.graph.outputs = {net.op(OpKind::mul, {net.input({1, 6}), curve}, net.tensor({1, 6}))};
  expect_fires(net, fold_constants);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::mul});
}

TEST(FoldConstants, QuantizesFloats) {
  Network net;
  const ir::TensorId real = net.real({4});
  set_values<float>(net.graph.tensor(real), {-1, 0.1f, 0.125f, 3});
  const ir::TensorId bytes = net.op(OpKind::quantize, {real}, net.tensor({4}));
  net.graph.outputs = {net.op(OpKind::add, {net.input({1, 4}), bytes}, net.tensor({1, 4}))};
  expect_fires(net, fold_constants);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::add});
}

TEST(FoldConstants, LeavesWhatTheNetworkAnswers) {
  Network net;
  net.input({1, 6});
  net.graph.outputs = {net.op(OpKind::relu, {net.constant({1, 6})}, net.tensor({1, 6}))};
  expect_leaves(net, fold_constants);
}

TEST(FoldConstants, LeavesWhatGrows) {
  Network net;
  const ir::TensorId wide = net.op(OpKind::pad, {net.constant({1, 8})}, net.tensor({1, 2000}),
                                   {.pads_before = {0, 1992}, .pads_after = {0, 0}});
  net.graph.outputs = {net.op(OpKind::add, {net.input({1, 2000}), wide}, net.tensor({1, 2000}))};
  expect_leaves(net, fold_constants);
}

TEST(RemoveDeadOps, TakesWhatLeadsNowhere) {
  Network net;
  const ir::TensorId x = net.input({1, 6});
  const ir::TensorId dead = net.op(OpKind::relu, {x}, net.tensor({1, 6}));
  net.op(OpKind::relu6, {dead}, net.tensor({1, 6}));
  net.graph.outputs = {net.op(OpKind::hard_swish, {x}, net.tensor({1, 6}))};
  expect_fires(net, plain<remove_dead_ops>);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::hard_swish});
  expect_leaves(net, plain<remove_dead_ops>);
}

TEST(RemoveIdentities, InFrontOfOthersAndBeforeTheOutput) {
  Network net;
  const ir::TensorId x = net.input({1, 2, 3, 1});
  const ir::TensorId a =
      net.op(OpKind::pad, {x}, net.tensor({1, 2, 3, 1}), {.pads_before = {0, 0, 0, 0}, .pads_after = {0, 0, 0, 0}});
  const ir::TensorId b = net.op(OpKind::transpose, {a}, net.tensor({1, 2, 3, 1}), {.permutation = {0, 1, 2, 3}});
  const ir::TensorId c = net.op(OpKind::hard_swish, {b}, net.tensor({1, 2, 3, 1}));
  const ir::TensorId d = net.op(OpKind::relu, {c}, net.tensor({1, 2, 3, 1}));
  net.graph.outputs = {net.op(OpKind::reshape, {c}, net.tensor({1, 2, 3, 1})), d};
  expect_fires(net, plain<remove_identities>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::hard_swish, OpKind::relu}));
}

TEST(RemoveIdentities, LeavesACopyOfTheInput) {
  Network net;
  net.graph.outputs = {net.op(OpKind::reshape, {net.input({1, 6})}, net.tensor({1, 6}))};
  expect_leaves(net, plain<remove_identities>);
}

TEST(RemoveIdentities, MakesTransposesOfRowsReshapesAndJoinsThem) {
  Network net;
  const ir::TensorId x = net.input({1, 5, 1, 3});
  const ir::TensorId a = net.op(OpKind::transpose, {x}, net.tensor({1, 1, 5, 3}), {.permutation = {2, 0, 1, 3}});
  net.graph.outputs = {net.op(OpKind::reshape, {a}, net.tensor({1, 15}))};
  expect_fires(net, plain<remove_identities>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::reshape, OpKind::reshape}));
  EXPECT_EQ(net.graph.ops[1].inputs[0], x);
}

TEST(RemoveIdentities, LeavesTransposesThatMoveValues) {
  Network net;
  net.graph.outputs = {
      net.op(OpKind::transpose, {net.input({1, 2, 2})}, net.tensor({1, 2, 2}), {.permutation = {0, 2, 1}})};
  expect_leaves(net, plain<remove_identities>);
}

TEST(SinkTransposes, BehindAFunctionToItsInverse) {
  Network net;
  const ir::TensorId x = net.input({1, 2, 3, 4});
  const ir::TensorId there = net.op(OpKind::transpose, {x}, net.tensor({1, 4, 2, 3}), {.permutation = {0, 3, 1, 2}});
  const ir::TensorId curve = net.op(OpKind::hard_swish, {there}, net.tensor({1, 4, 2, 3}, {0.02f, 5}));
  const ir::TensorId back =
      net.op(OpKind::transpose, {curve}, net.tensor({1, 2, 3, 4}, {0.02f, 5}), {.permutation = {0, 2, 3, 1}});
  net.graph.outputs = {net.conv(back, 2, 3)};
  expect_fires(net, [](ir::Graph& graph, Rounding) { return sink_transposes(graph) && remove_identities(graph); });
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::hard_swish, OpKind::conv2d}));
}

TEST(SinkTransposes, BehindQuantizeOfFloats) {
  Network net;
  const ir::TensorId x = net.input({1, 2, 3}, {}, ir::DType::f32);
  const ir::TensorId there = net.op(OpKind::transpose, {x}, net.real({1, 3, 2}), {.permutation = {0, 2, 1}});
  net.graph.outputs = {net.op(OpKind::quantize, {there}, net.tensor({1, 3, 2}))};
  expect_fires(net, plain<sink_transposes>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::quantize, OpKind::transpose}));
  EXPECT_EQ(net.graph.ops[0].source_index, -1);  // the file has no such tensor
  EXPECT_EQ(net.graph.ops[1].source_index, 1);
}

/// Two inputs transposed, and `kind` of them.
Network transposed_pair(OpKind kind, const std::vector<int>& second) {
  Network net;
  const ir::TensorId x = net.input({1, 3, 3, 2}), y = net.input({1, 3, 3, 2}, {0.02f, 40});
  const ir::TensorId a = net.op(OpKind::transpose, {x}, net.tensor({1, 3, 2, 3}), {.permutation = {0, 1, 3, 2}});
  const ir::TensorId b = net.op(OpKind::transpose, {y}, net.tensor({1, 3, 2, 3}, {0.02f, 40}), {.permutation = second});
  net.graph.outputs = {net.op(kind, {a, b}, net.tensor({1, 3, 2, 3}, {0.1f, 0}))};
  return net;
}

TEST(SinkTransposes, BehindSumsDifferencesAndProductsOfTwo) {
  for (const OpKind kind : {OpKind::add, OpKind::sub, OpKind::mul}) {
    Network net = transposed_pair(kind, {0, 1, 3, 2});
    expect_fires(net, plain<sink_transposes>);
    EXPECT_EQ(kinds(net.graph), (std::vector{kind, OpKind::transpose}));
  }
}

TEST(SinkTransposes, BehindAProductWithOneConstantOrWithItself) {
  Network net;
  const ir::TensorId x = net.input({1, 3, 2});
  const ir::TensorId a = net.op(OpKind::transpose, {x}, net.tensor({1, 2, 3}), {.permutation = {0, 2, 1}});
  const ir::TensorId scaled = net.op(OpKind::mul, {net.constant({1}), a}, net.tensor({1, 2, 3}));
  net.graph.outputs = {net.op(OpKind::mul, {scaled, scaled}, net.tensor({1, 2, 3}))};
  expect_fires(net, plain<sink_transposes>);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::mul, OpKind::mul, OpKind::transpose}));
}

TEST(SinkTransposes, LeavesDifferentOnesBroadcastsAndOtherReaders) {
  Network different = transposed_pair(OpKind::add, {0, 2, 3, 1});
  expect_leaves(different, plain<sink_transposes>);

  Network broadcast;
  const ir::TensorId x = broadcast.input({1, 3, 2});
  const ir::TensorId a = broadcast.op(OpKind::transpose, {x}, broadcast.tensor({1, 2, 3}), {.permutation = {0, 2, 1}});
  broadcast.graph.outputs = {broadcast.op(OpKind::add, {a, broadcast.constant({3})}, broadcast.tensor({1, 2, 3}))};
  expect_leaves(broadcast, plain<sink_transposes>);

  Network read;
  const ir::TensorId y = read.input({1, 3, 2});
  const ir::TensorId b = read.op(OpKind::transpose, {y}, read.tensor({1, 2, 3}), {.permutation = {0, 2, 1}});
  read.graph.outputs = {read.op(OpKind::hard_swish, {b}, read.tensor({1, 2, 3})), b};
  expect_leaves(read, plain<sink_transposes>);
}

/// A transposed input of 2 x 3 x 4, averaged over `axes`.
Network transposed_mean(const std::vector<int>& permutation, const Shape& moved, const std::vector<int>& axes,
                        const Shape& output) {
  Network net;
  const ir::TensorId x = net.input({1, 2, 3, 4});
  const ir::TensorId a = net.op(OpKind::transpose, {x}, net.tensor(moved), {.permutation = permutation});
  net.graph.outputs = {net.op(OpKind::mean, {a}, net.tensor(output, {0.02f, 9}), {.axes = axes})};
  return net;
}

TEST(SinkTransposes, IntoAMeanOfWhatWasMoved) {
  Network net = transposed_mean({0, 3, 1, 2}, {1, 4, 2, 3}, {-1, 2}, {1, 4});
  expect_fires(net, plain<sink_transposes>);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::mean});
}

TEST(SinkTransposes, LeavesAMeanThatKeepsAnotherOrderOrComesApart) {
  Network order = transposed_mean({0, 3, 1, 2}, {1, 4, 2, 3}, {3}, {1, 4, 2});
  expect_leaves(order, plain<sink_transposes>);
  Network apart = transposed_mean({0, 2, 1, 3}, {1, 3, 2, 4}, {2, 3}, {1, 3});
  expect_leaves(apart, plain<sink_transposes>);
}

TEST(SinkTransposes, LeavesThemBeforeDequantize) {
  Network net;
  const ir::TensorId x = net.input({1, 3, 2});
  const ir::TensorId a = net.op(OpKind::transpose, {x}, net.tensor({1, 2, 3}), {.permutation = {0, 2, 1}});
  net.graph.outputs = {net.op(OpKind::dequantize, {a}, net.real({1, 2, 3}))};
  expect_leaves(net, plain<sink_transposes>);
}

}  // namespace
}  // namespace edgesmith::passes
