// Operators without weights, through the interpreter: float32 by hand, and int8 against float32.

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "host/base/random.h"
#include "host/ir/interpreter.h"
#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

using Floats = std::vector<float>;

/// What an operator makes of float32 `inputs`; those beyond the first are constants.
Floats run_float(OpKind kind, const std::vector<std::pair<std::vector<std::int64_t>, Floats>>& inputs,
                 std::vector<std::int64_t> shape, Attributes attributes = {}) {
  Graph graph;
  std::vector<TensorId> ids;
  for (const auto& [input_shape, values] : inputs)
    ids.push_back(add_f32(graph, input_shape, ids.empty() ? Floats{} : values));
  set_only_op(graph, kind, ids, add_f32(graph, std::move(shape)), std::move(attributes));
  return values_of<float>(Interpreter(graph).run({bytes_of(inputs[0].second)})[0]);
}

TEST(Elementwise, BroadcastsBothWays) {
  EXPECT_EQ(run_float(OpKind::add, {{{1, 2, 1}, {10, 20}}, {{3}, {1, 2, 3}}}, {1, 2, 3}),
            (Floats{11, 12, 13, 21, 22, 23}));
  EXPECT_EQ(run_float(OpKind::sub, {{{1, 2}, {10, 20}}, {{1}, {1}}}, {1, 2}), (Floats{9, 19}));
  EXPECT_EQ(run_float(OpKind::mul, {{{1, 2}, {10, -20}}, {{2}, {2, 3}}}, {1, 2}, {.activation = Activation::relu6}),
            (Floats{6, 0}));
}

TEST(Elementwise, FiveDimensionsAreTaken) {
  EXPECT_EQ(run_float(OpKind::add, {{{1, 1, 2, 1, 2}, {1, 2, 3, 4}}, {{2, 1, 1}, {10, 20}}}, {1, 1, 2, 1, 2}),
            (Floats{11, 12, 23, 24}));
}

TEST(Pad, StandsAroundTheInput) {
  EXPECT_EQ(run_float(OpKind::pad, {{{1, 2, 2}, {1, 2, 3, 4}}}, {1, 3, 4},
                      {.pads_before = {0, 1, 0}, .pads_after = {0, 0, 2}, .pad_value = 9}),
            (Floats{9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9}));
}

TEST(Transpose, MovesDimensions) {
  EXPECT_EQ(run_float(OpKind::transpose, {{{1, 2, 3}, {1, 2, 3, 4, 5, 6}}}, {1, 3, 2}, {.permutation = {0, 2, 1}}),
            (Floats{1, 4, 2, 5, 3, 6}));
}

TEST(Concatenation, JoinsAlongItsAxis) {
  EXPECT_EQ(run_float(OpKind::concatenation, {{{1, 2, 1}, {1, 2}}, {{1, 2, 2}, {3, 4, 5, 6}}}, {1, 2, 3}, {.axis = -1}),
            (Floats{1, 3, 4, 2, 5, 6}));
}

TEST(Unary, FollowsItsFormula) {
  const auto at = [](OpKind kind, float x, Attributes attributes = {}) {
    return run_float(kind, {{{1, 1}, {x}}}, {1, 1}, std::move(attributes))[0];
  };
  EXPECT_EQ(at(OpKind::relu6, 7), 6);
  EXPECT_EQ(at(OpKind::leaky_relu, -2, {.alpha = 0.25f}), -0.5f);
  EXPECT_EQ(at(OpKind::hard_swish, 1), 4.0f / 6);
  EXPECT_EQ(at(OpKind::hard_swish, -4), 0);
  EXPECT_FLOAT_EQ(at(OpKind::logistic, 1), 0.731058579f);
  EXPECT_FLOAT_EQ(at(OpKind::tanh, -1), -0.761594156f);
}

/// int8 `graph` (one operator) and the same in float32, on values that int8 holds exactly; the largest difference in
/// steps of the output.
double worst_steps(Graph graph, const Graph& real, std::size_t inputs) {
  Random random(1);
  std::vector<std::vector<std::uint8_t>> bytes, floats;
  for (std::size_t i = 0; i < inputs; ++i) {
    const Quantization& q = graph.tensor(graph.inputs[i]).quantization;
    std::vector<std::int8_t> values(tensor_bytes(graph.tensor(graph.inputs[i])));
    Floats wide;
    for (std::int8_t& value : values) {
      value = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
      wide.push_back(q.scale[0] * static_cast<float>(value - q.zero_point[0]));
    }
    bytes.push_back(bytes_of(values));
    floats.push_back(bytes_of(wide));
  }
  const auto quantized = values_of<std::int8_t>(Interpreter(graph).run(bytes)[0]);
  const auto exact = values_of<float>(Interpreter(real).run(floats)[0]);
  const Quantization& out = graph.tensor(graph.outputs[0]).quantization;
  double worst = 0;
  for (std::size_t i = 0; i < quantized.size(); ++i) {
    const double steps =
        std::clamp(double{exact[i]} / double{out.scale[0]} + static_cast<double>(out.zero_point[0]), -128.0, 127.0);
    worst = std::max(worst, std::abs(steps - quantized[i]));
  }
  return worst;
}

Graph sum_of_two(OpKind kind, bool int8) {
  Graph graph;
  const std::vector<std::int64_t> shape = {1, 6, 5, 3};
  const TensorId a = add_s8(graph, shape, 0.031f, 4), b = add_s8(graph, {1, 1, 5, 3}, 0.012f, -90);
  const TensorId y = add_s8(graph, shape, 0.04f, -3);
  set_only_op(graph, kind, {a, b}, y);
  graph.inputs = {a, b};
  for (Tensor& tensor : graph.tensors) {
    if (!int8) tensor.dtype = DType::f32;
  }
  return graph;
}

// Three roundings on values shifted up by 20 bits, then one to the output: half a step and a trace.
TEST(Elementwise, Int8IsWithinAStepOfFloat32) {
  for (const OpKind kind : {OpKind::add, OpKind::sub, OpKind::mul})
    EXPECT_LT(worst_steps(sum_of_two(kind, true), sum_of_two(kind, false), 2), 0.51) << op_name(kind);
}

/// conv2d, then add, on their own or as one operator.
Graph residual(bool fused) {
  Graph graph;
  Random random(2);
  std::vector<std::int8_t> weights(4 * 9 * 4);
  for (std::int8_t& w : weights)
    w = static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127);
  const TensorId x = add_s8(graph, {1, 5, 5, 4}, 0.03f, 11), w = add_s8(graph, {4, 3, 3, 4}, 0.01f, 0, weights);
  const TensorId b = add_bias(graph, 0.0003f, {100, -2000, 30, 4000}), between = add_s8(graph, {1, 5, 5, 4}, 0.05f, 6);
  const TensorId y = add_s8(graph, {1, 5, 5, 4}, 0.06f, -20);
  const Attributes pads = {
      .activation = Activation::relu, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  graph.inputs = {x};
  graph.outputs = {y};
  graph.ops = {{OpKind::conv2d, {x, w, b}, {between}, pads, "conv"},
               {OpKind::add, {between, x}, {y}, {.activation = Activation::relu6}, "sum"}};
  if (!fused) return graph;
  Attributes both = pads;
  both.conv_output = graph.tensor(between).quantization;
  both.sum_activation = Activation::relu6;
  graph.ops = {{OpKind::conv2d_add, {x, w, b, x}, {y}, both, "both"}};
  return graph;
}

TEST(Conv2dAdd, EqualsConvolutionAndSum) {
  Random random(3);
  std::vector<std::uint8_t> input(100);
  for (std::uint8_t& byte : input)
    byte = static_cast<std::uint8_t>(random.below(256));
  EXPECT_EQ(Interpreter(residual(true)).run({input}), Interpreter(residual(false)).run({input}));
}

TEST(ZeroPointInBias, ChangesNoByteWhereTheBiasHoldsIt) {
  Graph graph = int8_dense();
  const auto before = Interpreter(graph).run({{200, 3, 77}});
  Tensor& bias = graph.tensor(graph.ops[0].inputs[2]);
  bias.data = bytes_of<std::int32_t>({4 - 1 * (1 + 2 + 3), -4 - 1 * (-1 + 0 + 1)});
  graph.ops[0].attributes.zero_point_in_bias = true;
  EXPECT_EQ(Interpreter(graph).run({{200, 3, 77}}), before);
}

TEST(Lookup, TakesTheEntryOfTheByte) {
  Graph graph;
  std::vector<std::int8_t> entries(256);
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i] = static_cast<std::int8_t>(255 - i);
  const TensorId x = add_s8(graph, {1, 3}, 1, 0), table = add_s8(graph, {256}, 1, 0, entries);
  set_only_op(graph, OpKind::lookup, {x, table}, add_s8(graph, {1, 3}, 1, 0));
  EXPECT_EQ(Interpreter(graph).run({{0, 1, 255}})[0], (std::vector<std::uint8_t>{255, 254, 0}));
}

TEST(Dequantize, WidensFloat16) {
  Graph graph;
  const TensorId half = graph.add({.name = "half",
                                   .dtype = DType::f16,
                                   .shape = {1, 5},  // 1, -2, 2^-24, 65504, 0.333251953125
                                   .data = {0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b, 0x55, 0x35}});
  const TensorId y = add_f32(graph, {1, 5});
  graph.ops = {{OpKind::dequantize, {half}, {y}, {}, "widen"}};
  graph.inputs = {add_f32(graph, {1, 1})};
  graph.outputs = {y};
  EXPECT_EQ(values_of<float>(Interpreter(graph).run({bytes_of<float>({0})})[0]),
            (Floats{1, -2, std::ldexp(1.0f, -24), 65504, 0.333251953125f}));
}

}  // namespace
}  // namespace edgesmith::ir
