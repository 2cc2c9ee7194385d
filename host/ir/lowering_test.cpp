#include "host/ir/lowering.h"

#include <gtest/gtest.h>

#include "host/ir/requantization.h"
#include "host/ir/test_graphs.h"
#include "host/ir/verifier.h"

namespace edgesmith::ir {
namespace {

LoweredOp lower_only_op(const Graph& graph, Rounding rounding = Rounding::tflm_double) {
  verify(graph);
  return lower(graph, graph.ops[0], rounding);
}

TEST(Lowering, FullyConnectedCarriesShapesZeroPointsAndScaling) {
  Graph graph = int8_dense();
  graph.ops[0].attributes.activation = Activation::relu;
  const LoweredOp op = lower_only_op(graph, Rounding::single);
  const auto p = kernels::params_of<kernels::FullyConnectedParams>(op.op);
  EXPECT_EQ(p.rows, 1);
  EXPECT_EQ(p.input_elems, 3);
  EXPECT_EQ(p.output_elems, 2);
  EXPECT_EQ(p.input_zero_point, 1);
  EXPECT_EQ(p.output_zero_point, -3);
  EXPECT_EQ(p.act_min, -3);
  EXPECT_EQ(p.act_max, 127);
  EXPECT_EQ(p.rounding, 1);
  EXPECT_EQ(op.multiplier, (std::vector<std::int32_t>{1 << 30, 1 << 30}));  // 0.25 * 0.5 / 0.5
  EXPECT_EQ(op.shift, (std::vector<std::int8_t>{-1, -1}));
  EXPECT_EQ(op.inputs, (std::vector<TensorId>{0}));
  EXPECT_EQ(op.output, 3);
}

TEST(Lowering, EveryChannelHasItsOwnScaling) {
  Graph graph = int8_dense();
  graph.tensor(1).quantization = {{0.5f, 0.125f}, {0, 0}, 0};
  EXPECT_EQ(lower_only_op(graph).shift, (std::vector<std::int8_t>{-1, -3}));
}

TEST(Lowering, AnAbsentBiasIsZero) {
  Graph graph = int8_dense();
  EXPECT_EQ(lower_only_op(graph).bias, (std::vector<std::int32_t>{4, -4}));
  graph.ops[0].inputs.pop_back();
  EXPECT_EQ(lower_only_op(graph).bias, (std::vector<std::int32_t>{0, 0}));
}

TEST(Lowering, ConvolutionCarriesItsGeometry) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 5, 4, 2}, 0.5f, 7);
  const TensorId w = add_s8(graph, {3, 3, 2, 2}, 0.5f, 0, std::vector<std::int8_t>(36, 1));
  const TensorId y = add_s8(graph, {1, 3, 4, 3}, 0.5f, 0);
  set_only_op(graph, OpKind::conv2d, {x, w}, y, {.stride_h = 2, .pad_top = 1, .pad_bottom = 1, .pad_right = 1});
  const LoweredOp op = lower_only_op(graph);
  const auto p = kernels::params_of<kernels::Conv2dParams>(op.op);
  const std::vector<std::int32_t> fields{p.input_h,    p.input_w,    p.input_c,  p.filter_h, p.filter_w,
                                         p.output_h,   p.output_w,   p.output_c, p.stride_h, p.stride_w,
                                         p.dilation_h, p.dilation_w, p.pad_top,  p.pad_left};
  EXPECT_EQ(fields, (std::vector<std::int32_t>{5, 4, 2, 3, 2, 3, 4, 3, 2, 1, 1, 1, 1, 0}));
  EXPECT_EQ(op.multiplier.size(), 3u);
}

TEST(Lowering, MeanSplitsTheShapeAroundItsAxes) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 5, 6, 2}, 0.5f, 3), y = add_s8(graph, {1, 2}, 0.5f, 3);
  set_only_op(graph, OpKind::mean, {x}, y, {.axes = {1, 2}});
  const auto split = [&](std::vector<int> axes, std::vector<std::int64_t> kept) {
    graph.tensor(y).shape = std::move(kept);
    graph.ops[0].attributes.axes = std::move(axes);
    const auto p = kernels::params_of<kernels::MeanParams>(lower_only_op(graph).op);
    EXPECT_EQ((QuantizedMultiplier{p.multiplier, p.shift}), mean_multiplier(0.5f, 0.5f, p.count));
    return std::vector<std::int32_t>{p.outer, p.count, p.inner};
  };
  using Split = std::vector<std::int32_t>;
  EXPECT_EQ(split({1, 2}, {1, 2}), (Split{1, 30, 2}));
  EXPECT_EQ(split({1}, {1, 6, 2}), (Split{1, 5, 12}));
  EXPECT_EQ(split({2}, {1, 5, 2}), (Split{5, 6, 2}));
  EXPECT_EQ(split({3}, {1, 5, 6}), (Split{30, 2, 1}));
  EXPECT_EQ(split({0, 3}, {5, 6}), (Split{30, 2, 1})) << "a batch of one may be averaged too";
  graph.tensor(y).shape = {1, 6};
  graph.ops[0].attributes.axes = {1, 3};
  EXPECT_EQ(error_code([&] { lower_only_op(graph); }), "graph.mean_axes");
}

TEST(Lowering, SoftmaxNeedsAScaleThatItCanHold) {
  Graph graph;
  const TensorId x = add_s8(graph, {3, 4}, 0.0625f, 0), y = add_s8(graph, {3, 4}, 1.0f / 256, -128);
  set_only_op(graph, OpKind::softmax, {x}, y);
  const auto p = kernels::params_of<kernels::SoftmaxParams>(lower_only_op(graph).op);
  EXPECT_EQ(p.rows, 3);
  EXPECT_EQ(p.depth, 4);
  EXPECT_EQ(p.shift, 23);
  EXPECT_EQ(p.diff_min, -248);
  graph.tensor(x).quantization.scale = {1e-9f};
  EXPECT_EQ(error_code([&] { lower_only_op(graph); }), "graph.softmax_scale");
}

TEST(Lowering, RefusesWhatKernelsCannotHold) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 5000}, 0.0625f, 0), y = add_s8(graph, {1, 5000}, 1.0f / 256, -128);
  set_only_op(graph, OpKind::softmax, {x}, y);
  EXPECT_EQ(error_code([&] { lower_only_op(graph); }), "graph.kernel_limit");
}

}  // namespace
}  // namespace edgesmith::ir
