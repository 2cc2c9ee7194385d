#include "host/train/to_graph.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/train/initial.h"

namespace edgesmith::train {
namespace {

using ir::OpKind;
using Shape = std::vector<std::int64_t>;

std::vector<OpKind> kinds(const ir::Graph& graph) {
  std::vector<OpKind> all;
  for (const ir::Op& op : graph.ops)
    all.push_back(op.kind);
  return all;
}

ir::Graph graph_of(const NetworkConfig& config, const InputShape& input, int classes) {
  const auto layers = build_layers(config, input, classes);
  return to_graph(layers, input, classes, initial_weights(layers, 1));
}

TEST(ToGraph, VectorGoesStraightIntoFullyConnected) {
  const ir::Graph graph = graph_of({.hidden = {8}, .dropout = 0.5}, {1, 1, 10}, 3);
  EXPECT_EQ(kinds(graph),
            (std::vector<OpKind>{OpKind::fully_connected, OpKind::relu, OpKind::fully_connected, OpKind::softmax}));
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{1, 10}));
  EXPECT_EQ(graph.tensor(graph.ops[1].outputs[0]).shape, (Shape{1, 8}));
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{1, 3}));
}

TEST(ToGraph, WindowIsReshapedForFullyConnected) {
  const ir::Graph graph = graph_of({.hidden = {}}, {1, 4, 3}, 2);
  EXPECT_EQ(kinds(graph), (std::vector<OpKind>{OpKind::reshape, OpKind::fully_connected, OpKind::softmax}));
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{1, 1, 4, 3}));
  EXPECT_EQ(graph.tensor(graph.ops[0].outputs[0]).shape, (Shape{1, 12}));
}

TEST(ToGraph, ConvolutionIsOneHighAndKeepsTheWidth) {
  const ir::Graph graph =
      graph_of({.architecture = "cnn1d", .filters = {4, 8}, .kernel = 4, .pool = 2, .separable = true}, {1, 9, 3}, 2);
  EXPECT_EQ(kinds(graph), (std::vector<OpKind>{OpKind::conv2d, OpKind::batch_norm, OpKind::relu, OpKind::max_pool2d,
                                               OpKind::depthwise_conv2d, OpKind::batch_norm, OpKind::relu,
                                               OpKind::conv2d, OpKind::batch_norm, OpKind::relu, OpKind::max_pool2d,
                                               OpKind::mean, OpKind::fully_connected, OpKind::softmax}));
  const ir::Op& conv = graph.ops[0];
  EXPECT_EQ(conv.attributes.pad_left, 1);
  EXPECT_EQ(conv.attributes.pad_right, 2);
  EXPECT_EQ(conv.attributes.pad_top, 0);
  EXPECT_EQ(graph.tensor(conv.inputs[1]).shape, (Shape{4, 1, 4, 3}));
  EXPECT_EQ(conv.inputs[2], ir::kNoTensor);
  EXPECT_EQ(graph.tensor(conv.outputs[0]).shape, (Shape{1, 1, 9, 4}));
  const ir::Op& pool = graph.ops[3];
  EXPECT_EQ(pool.attributes.filter_w, 2);
  EXPECT_EQ(pool.attributes.stride_w, 2);
  EXPECT_EQ(pool.attributes.filter_h, 1);
  EXPECT_EQ(graph.tensor(pool.outputs[0]).shape, (Shape{1, 1, 4, 4}));
  EXPECT_EQ(graph.tensor(graph.ops[4].inputs[1]).shape, (Shape{1, 1, 4, 4}));
  EXPECT_EQ(graph.ops[1].attributes.epsilon, kBatchNormEpsilon);
  EXPECT_EQ(graph.ops[11].attributes.axes, (std::vector<int>{1, 2}));
}

TEST(ToGraph, EveryTensorHasANameOfItsOwn) {
  const ir::Graph graph = graph_of({.architecture = "cnn1d"}, {1, 16, 3}, 2);
  std::vector<std::string> names;
  for (const ir::Tensor& tensor : graph.tensors)
    names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(ToGraph, RefusesTheCheckpointOfAnotherNetwork) {
  const auto layers = build_layers({.hidden = {8}}, {1, 1, 10}, 3);
  const auto wider = build_layers({.hidden = {9}}, {1, 1, 10}, 3);
  EXPECT_THROW(to_graph(wider, {1, 1, 10}, 3, initial_weights(layers, 1)), Error);
}

}  // namespace
}  // namespace edgesmith::train
