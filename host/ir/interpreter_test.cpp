#include "host/ir/interpreter.h"

#include <gtest/gtest.h>

#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

template <typename T>
std::vector<T> run(const Graph& graph, const std::vector<T>& input, Rounding rounding = Rounding::tflm_double) {
  Interpreter interpreter(graph, rounding);
  return values_of<T>(interpreter.run({bytes_of(input)}).at(0));
}

using Floats = std::vector<float>;
using Int8s = std::vector<std::int8_t>;

TEST(Interpreter, RunsAnInt8DenseLayer) {
  // x - 1 = {1, 2, 4}; acc = {1+4+12+4, -1+4-4} = {21, -1}; a quarter, zero point -3.
  // Rounded twice: 10.5 up to 11, 5.5 away from zero to 6; -0.5 up to 0. Once: 5.25 to 5; -0.25 to 0.
  EXPECT_EQ(run<std::int8_t>(int8_dense(), {2, 3, 5}, Rounding::tflm_double), (Int8s{3, -3}));
  EXPECT_EQ(run<std::int8_t>(int8_dense(), {2, 3, 5}, Rounding::single), (Int8s{2, -3}));
}

TEST(Interpreter, TakesZerosForAnAbsentInt8Bias) {
  Graph graph = int8_dense();
  graph.ops[0].inputs[2] = kNoTensor;
  // acc = {17, 3}. Once rounded: 4.25 to 4, 0.75 to 1; zero point -3.
  EXPECT_EQ(run<std::int8_t>(graph, {2, 3, 5}, Rounding::single), (Int8s{1, -2}));
}

TEST(Interpreter, RoundsAsItWasTold) {
  // acc = 1*1 + 1*2 + 1*3 + 4 = 10: 10/4 = 2.5. Twice: 5, then 2.5 away from zero = 3. Once: 2.5 up = 3.
  // Second channel: -1 + 1 - 4 = -4 - 2 = -6: -1.5. Twice: -3, then -2. Once: -1.
  Graph graph = int8_dense();
  graph.tensor(2).data = bytes_of<std::int32_t>({4, -6});
  EXPECT_EQ(run<std::int8_t>(graph, {2, 2, 2}, Rounding::tflm_double), (Int8s{0, -5}));
  EXPECT_EQ(run<std::int8_t>(graph, {2, 2, 2}, Rounding::single), (Int8s{0, -4}));
}

TEST(Interpreter, KeepsEveryTensorOfTheLastRun) {
  Graph graph;
  const TensorId a = add_f32(graph, {1, 3}), b = add_f32(graph, {3, 1}), c = add_f32(graph, {3, 1});
  graph.inputs = {a};
  graph.outputs = {c};
  graph.ops = {Op{OpKind::reshape, {a}, {b}, {}, ""}, Op{OpKind::relu, {b}, {c}, {}, ""}};
  Interpreter interpreter(graph);
  interpreter.run({bytes_of(Floats{1, -2, 3})});
  interpreter.run({bytes_of(Floats{4, -5, 6})});
  EXPECT_EQ(values_of<float>(interpreter.tensor(a)), (Floats{4, -5, 6}));
  EXPECT_EQ(values_of<float>(interpreter.tensor(b)), (Floats{4, -5, 6}));
  EXPECT_EQ(values_of<float>(interpreter.tensor(c)), (Floats{4, 0, 6}));
}

TEST(Interpreter, GivesConstantsToo) {
  const Interpreter interpreter(int8_dense());
  EXPECT_EQ(values_of<std::int8_t>(interpreter.tensor(1)), (Int8s{1, 2, 3, -1, 0, 1}));
}

TEST(Interpreter, RefusesInputsOfAnotherSize) {
  Interpreter interpreter(int8_dense());
  EXPECT_EQ(error_code([&] { interpreter.run({{1, 2}}); }), "run.input_bytes");
  EXPECT_EQ(error_code([&] { interpreter.run({}); }), "run.inputs");
}

TEST(Interpreter, RefusesGraphsThatDoNotVerify) {
  Graph graph = int8_dense();
  graph.tensor(0).quantization = {};
  EXPECT_EQ(error_code([&] { Interpreter interpreter(graph); }), "graph.quantization");
}

TEST(FloatKernels, ConvolutionSumsUnderTheFilterAndPadsWithZero) {
  // 1x3 input 1, 2, 3; filter 10, 1; one zero to the right: 12, 23, 30; bias 0.5.
  Graph graph;
  const TensorId x = add_f32(graph, {1, 1, 3, 1}), w = add_f32(graph, {1, 1, 2, 1}, {10, 1});
  const TensorId b = add_f32(graph, {1}, {0.5f}), y = add_f32(graph, {1, 1, 3, 1});
  set_only_op(graph, OpKind::conv2d, {x, w, b}, y, {.pad_right = 1});
  EXPECT_EQ(run<float>(graph, {1, 2, 3}), (Floats{12.5f, 23.5f, 30.5f}));
}

TEST(FloatKernels, DilatedStridedConvolution) {
  // Taps two apart, steps of two: 1*1 + 3*10, 3*1 + 5*10.
  Graph graph;
  const TensorId x = add_f32(graph, {1, 5, 1, 1}), w = add_f32(graph, {1, 2, 1, 1}, {1, 10});
  const TensorId y = add_f32(graph, {1, 2, 1, 1});
  set_only_op(graph, OpKind::conv2d, {x, w}, y, {.stride_h = 2, .dilation_h = 2});
  EXPECT_EQ(run<float>(graph, {1, 2, 3, 4, 5}), (Floats{31, 53}));
}

TEST(FloatKernels, DepthwiseKeepsChannelsApart) {
  // Two pixels of two channels, depth multiplier 2, filter 1x2.
  Graph graph;
  const TensorId x = add_f32(graph, {1, 1, 2, 2}), w = add_f32(graph, {1, 1, 2, 4}, {1, 2, 3, 4, 10, 20, 30, 40});
  const TensorId y = add_f32(graph, {1, 1, 1, 4});
  set_only_op(graph, OpKind::depthwise_conv2d, {x, w}, y, {.depth_multiplier = 2});
  EXPECT_EQ(run<float>(graph, {1, 2, 3, 4}), (Floats{31, 62, 126, 168}));
}

TEST(FloatKernels, FullyConnectedRowsAndActivations) {
  Graph graph;
  const TensorId x = add_f32(graph, {2, 2}), w = add_f32(graph, {2, 2}, {1, 1, 1, -1});
  const TensorId y = add_f32(graph, {2, 2});
  set_only_op(graph, OpKind::fully_connected, {x, w}, y);
  EXPECT_EQ(run<float>(graph, {1, 2, 5, 3}), (Floats{3, -1, 8, 2}));
  graph.ops[0].attributes.activation = Activation::relu6;
  EXPECT_EQ(run<float>(graph, {1, 2, 5, 3}), (Floats{3, 0, 6, 2}));
}

TEST(FloatKernels, PoolsLeavePaddingOut) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 3, 1, 1}), y = add_f32(graph, {1, 2, 1, 1});
  const Attributes attributes{.stride_h = 2, .pad_top = 1, .filter_h = 2, .filter_w = 1};
  set_only_op(graph, OpKind::average_pool2d, {x}, y, attributes);
  EXPECT_EQ(run<float>(graph, {-4, -6, -9}), (Floats{-4, -7.5f}));
  set_only_op(graph, OpKind::max_pool2d, {x}, y, attributes);
  EXPECT_EQ(run<float>(graph, {-4, -6, -9}), (Floats{-4, -6}));
}

TEST(FloatKernels, MeanOverAnyAxes) {
  Graph graph;
  const TensorId x = add_f32(graph, {1, 2, 2, 2}), y = add_f32(graph, {1, 2});
  set_only_op(graph, OpKind::mean, {x}, y, {.axes = {1, 2}});
  EXPECT_EQ(run<float>(graph, {1, 10, 2, 20, 3, 30, 6, 60}), (Floats{3, 30}));
  graph.tensor(y).shape = {1, 2, 2};
  graph.ops[0].attributes.axes = {3};
  EXPECT_EQ(run<float>(graph, {1, 10, 2, 20, 3, 30, 6, 60}), (Floats{5.5f, 11, 16.5f, 33}));
}

TEST(FloatKernels, SoftmaxOfEqualAndDistantValues) {
  Graph graph;
  const TensorId x = add_f32(graph, {2, 2}), y = add_f32(graph, {2, 2});
  set_only_op(graph, OpKind::softmax, {x}, y);
  EXPECT_EQ(run<float>(graph, {7, 7, 1000, -1000}), (Floats{0.5f, 0.5f, 1, 0}));
}

TEST(FloatKernels, BatchNormScalesAndShiftsEachChannel) {
  // (x - mean) / sqrt(variance + epsilon) * gamma + beta, with variance + epsilon = 4 and 16.
  Graph graph;
  const TensorId x = add_f32(graph, {1, 2, 2}), y = add_f32(graph, {1, 2, 2});
  const TensorId gamma = add_f32(graph, {2}, {2, 3}), beta = add_f32(graph, {2}, {1, -1});
  const TensorId mean = add_f32(graph, {2}, {5, 6}), variance = add_f32(graph, {2}, {3, 15});
  set_only_op(graph, OpKind::batch_norm, {x, gamma, beta, mean, variance}, y, {.epsilon = 1});
  EXPECT_EQ(run<float>(graph, {5, 6, 9, 2}), (Floats{1, -1, 5, -4}));
}

}  // namespace
}  // namespace edgesmith::ir
