#include "host/ir/shapes.h"

#include <gtest/gtest.h>

#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

Shape shape_of(const Graph& graph) {
  return infer_shape(graph, graph.ops[0]);
}

std::string code(const Graph& graph) {
  return error_code([&] { shape_of(graph); });
}

TEST(Shapes, ConvolutionCountsThePlacesOfItsFilter) {
  // Height (5 + 2 - 3) / 2 + 1, width (4 + 1 - 2) / 1 + 1.
  EXPECT_EQ(shape_of(float_conv()), (Shape{1, 3, 4, 3}));
}

TEST(Shapes, DilationSpreadsTheFilter) {
  Graph graph = float_conv();
  graph.ops[0].attributes.dilation_h = 3;  // extent 7 = padded height
  EXPECT_EQ(shape_of(graph), (Shape{1, 1, 4, 3}));
  graph.ops[0].attributes.dilation_h = 4;
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, RefusesAttributesOutOfRange) {
  for (int Attributes::*field : {&Attributes::stride_h, &Attributes::stride_w, &Attributes::dilation_h}) {
    Graph graph = float_conv();
    graph.ops[0].attributes.*field = 0;
    EXPECT_EQ(code(graph), "graph.shape");
  }
  for (int Attributes::*field : {&Attributes::pad_top, &Attributes::pad_bottom, &Attributes::pad_left}) {
    Graph graph = float_conv();
    graph.ops[0].attributes.*field = -1;
    EXPECT_EQ(code(graph), "graph.shape");
    graph.ops[0].attributes.*field = 1 << 30;
    EXPECT_EQ(code(graph), "graph.shape");
  }
}

TEST(Shapes, ConvolutionNeedsItsChannelsAndABatchOfOne) {
  Graph graph = float_conv();
  graph.tensor(0).shape = {1, 5, 4, 3};
  EXPECT_EQ(code(graph), "graph.shape");
  graph.tensor(0).shape = {2, 5, 4, 2};
  EXPECT_EQ(code(graph), "graph.shape");
  graph.tensor(0).shape = {5, 4, 2};
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, DepthwiseMultipliesChannels) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 6, 1, 4}), w = add_f32(graph, {1, 3, 1, 8}), y = add_f32(graph, {1});
  set_only_op(graph, OpKind::depthwise_conv2d, {x, w}, y, {.depth_multiplier = 2});
  EXPECT_EQ(shape_of(graph), (Shape{1, 4, 1, 8}));
  graph.ops[0].attributes.depth_multiplier = 1;
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, FullyConnectedFlattensUnlessItsOutputKeepsTheRank) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 4, 6}), w = add_f32(graph, {5, 6}), y = add_f32(graph, {4, 5});
  set_only_op(graph, OpKind::fully_connected, {x, w}, y);
  EXPECT_EQ(shape_of(graph), (Shape{4, 5}));
  graph.tensor(y).shape = {1, 4, 5};
  EXPECT_EQ(shape_of(graph), (Shape{1, 4, 5}));
  graph.tensor(w).shape = {5, 7};
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, APoolAlwaysSeesInput) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 5, 5, 3}), y = add_f32(graph, {1});
  set_only_op(graph, OpKind::average_pool2d, {x}, y,
              {.stride_h = 2, .stride_w = 2, .pad_top = 1, .pad_right = 1, .filter_h = 2, .filter_w = 2});
  EXPECT_EQ(shape_of(graph), (Shape{1, 3, 3, 3}));
  graph.ops[0].attributes.pad_top = 2;
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, MeanDropsOrKeepsItsAxes) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 5, 4, 3}), y = add_f32(graph, {1});
  set_only_op(graph, OpKind::mean, {x}, y, {.axes = {-2, 1, 1}});
  EXPECT_EQ(reduced_axes(graph, graph.ops[0]), (std::vector<int>{1, 2}));
  EXPECT_EQ(shape_of(graph), (Shape{1, 3}));
  graph.ops[0].attributes.keep_dims = true;
  EXPECT_EQ(shape_of(graph), (Shape{1, 1, 1, 3}));
  graph.ops[0].attributes.axes = {4};
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, ReshapeKeepsTheNumberOfElements) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 5, 4}), y = add_f32(graph, {2, 10});
  set_only_op(graph, OpKind::reshape, {x}, y);
  EXPECT_EQ(shape_of(graph), (Shape{2, 10}));
  graph.tensor(y).shape = {2, 11};
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Shapes, TextAndSizesOfShapes) {
  EXPECT_EQ(shape_text({1, 104, 6}), "1x104x6");
  EXPECT_EQ(elems({1, 104, 6}), 624);
  EXPECT_EQ(elems({}), 1);
  EXPECT_EQ(elems({3, -1}), 0);
  EXPECT_EQ(elems({INT64_MAX, 2}), INT64_MAX);
}

}  // namespace
}  // namespace edgesmith::ir
