#include "host/quantize/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "host/base/error.h"
#include "host/base/random.h"
#include "host/ir/interpreter.h"
#include "host/quantize/scales.h"

namespace edgesmith::quantize {
namespace {

using Shape = std::vector<std::int64_t>;

ir::TensorId add_activation(ir::Graph& graph, const std::string& name, const Shape& shape) {
  ir::Tensor tensor;
  tensor.name = name;
  tensor.shape = shape;
  return graph.add(std::move(tensor));
}

ir::TensorId add_constant(ir::Graph& graph, const std::string& name, const Shape& shape,
                          const std::vector<float>& values) {
  const ir::TensorId id = add_activation(graph, name, shape);
  graph.tensor(id).data.resize(values.size() * sizeof(float));
  std::memcpy(graph.tensor(id).data.data(), values.data(), graph.tensor(id).data.size());
  return id;
}

/// y = relu(w x + b), 2 -> 2: w = [[1, -2], [0.5, 0.25]], b = [0.5, -1]
ir::Graph dense() {
  ir::Graph graph;
  graph.name = "dense";
  const auto x = add_activation(graph, "x", {1, 2});
  const auto w = add_constant(graph, "w", {2, 2}, {1, -2, 0.5f, 0.25f});
  const auto b = add_constant(graph, "b", {2}, {0.5f, -1});
  const auto y = add_activation(graph, "y", {1, 2});
  graph.ops.push_back({ir::OpKind::fully_connected, {x, w, b}, {y}, {}, "fc"});
  graph.inputs = {x};
  graph.outputs = {y};
  return graph;
}

std::int32_t s32_at(const ir::Tensor& tensor, std::size_t i) {
  std::int32_t value;
  std::memcpy(&value, tensor.data.data() + i * sizeof value, sizeof value);
  return value;
}

// ---- scales ----------------------------------------------------------------------------------------------------

TEST(ActivationQuantization, CoversTheRangeIn255Steps) {
  const ir::Quantization q = activation_quantization({-1, 1.55f});
  EXPECT_EQ(q.scale[0], 0.01f);
  EXPECT_EQ(q.zero_point[0], -28);  // -128 + 100
}

TEST(ActivationQuantization, AlwaysIncludesZero) {
  EXPECT_EQ(activation_quantization({2, 5.1f}).zero_point[0], -128);
  EXPECT_EQ(activation_quantization({2, 5.1f}).scale[0], static_cast<float>(double{5.1f} / 255));
  EXPECT_EQ(activation_quantization({-5.1f, -2}).zero_point[0], 127);
}

TEST(ActivationQuantization, GivesAScaleToATensorThatIsAlwaysZero) {
  EXPECT_GT(activation_quantization({0, 0}).scale[0], 0);
  EXPECT_EQ(activation_quantization({0, 0}).zero_point[0], -128);
}

TEST(WeightScale, HoldsTheLargestWeight) {
  EXPECT_EQ(weight_scale(12.7, {.input_scale = 1, .output_scale = 1}), 0.1f);
}

TEST(WeightScale, GrowsUntilTheBiasFits) {
  // bias / (input_scale * scale) = 2^30
  EXPECT_EQ(weight_scale(0, {.input_scale = 0.5, .output_scale = 1, .bias = 1 << 20}), 1.0f / 512);
}

TEST(WeightScale, StaysWhereTheRequantisationCanShift) {
  EXPECT_EQ(weight_scale(0, {.input_scale = 0.5, .output_scale = 0.25}), 0.5f / (1 << 30));
}

// ---- quantise --------------------------------------------------------------------------------------------------

TEST(Quantize, WeightsAndBiasesByHand) {
  const ir::Graph graph = quantize(dense(), {{-1, 1.55f}, {}, {}, {-2, 3.1f}});
  const ir::Tensor &w = graph.tensors[1], &b = graph.tensors[2];
  EXPECT_EQ(w.dtype, ir::DType::s8);
  EXPECT_EQ(w.quantization.scale, (std::vector<float>{2.0f / 127, 0.5f / 127}));
  EXPECT_EQ(w.quantization.axis, 0);
  EXPECT_EQ(w.data, (std::vector<std::uint8_t>{64, 0x81, 127, 64}));  // 1 / (2/127) = 63.5 -> 64; -127; 127; 63.5 -> 64
  EXPECT_EQ(b.dtype, ir::DType::s32);
  EXPECT_EQ(s32_at(b, 0), 3175);    // 0.5 / (0.01 * 2/127)
  EXPECT_EQ(s32_at(b, 1), -25400);  // -1 / (0.01 * 0.5/127)
  EXPECT_EQ(graph.tensors[0].quantization.zero_point[0], -28);
}

TEST(Quantize, WeightsSharedByTwoLayersBecomeTwo) {
  ir::Graph graph = dense();
  const auto z = add_activation(graph, "z", {1, 2});
  graph.ops.push_back({ir::OpKind::fully_connected, {3, 1, 2}, {z}, {}, "again"});
  graph.outputs = {z};
  const ir::Graph int8 = quantize(graph, {{-1, 1}, {}, {}, {-100, 100}, {-1, 1}});
  EXPECT_NE(int8.ops[0].inputs[2], int8.ops[1].inputs[2]);
  EXPECT_NE(int8.tensor(int8.ops[0].inputs[2]).data, int8.tensor(int8.ops[1].inputs[2]).data);
}

TEST(Quantize, PoolsAndReshapesKeepTheirInputsScale) {
  ir::Graph graph;
  const auto x = add_activation(graph, "x", {1, 2, 2, 3});
  const auto pooled = add_activation(graph, "pooled", {1, 1, 1, 3});
  const auto averaged = add_activation(graph, "averaged", {1, 1, 1, 3});
  const auto flat = add_activation(graph, "flat", {1, 3});
  const auto y = add_activation(graph, "y", {1, 3});
  ir::Attributes pool, unit;
  pool.filter_h = pool.filter_w = 2;
  unit.filter_h = unit.filter_w = 1;
  graph.ops = {{ir::OpKind::max_pool2d, {x}, {pooled}, pool, ""},
               {ir::OpKind::average_pool2d, {pooled}, {averaged}, unit, ""},
               {ir::OpKind::reshape, {averaged}, {flat}, {}, ""},
               {ir::OpKind::softmax, {flat}, {y}, {}, ""}};
  graph.inputs = {x};
  graph.outputs = {y};
  const ir::Graph int8 = quantize(graph, {{-1, 3}, {0, 2}, {0, 1}, {0, 1}, {0, 1}});
  for (const auto id : {pooled, averaged, flat}) {
    EXPECT_EQ(int8.tensor(id).quantization.scale, int8.tensor(x).quantization.scale);
    EXPECT_EQ(int8.tensor(id).quantization.zero_point, int8.tensor(x).quantization.zero_point);
  }
  EXPECT_EQ(int8.tensor(y).quantization.scale[0], 1.0f / 256);
  EXPECT_EQ(int8.tensor(y).quantization.zero_point[0], -128);
}

TEST(Quantize, Int8AnswersAreNearTheFloatOnes) {
  const ir::Graph float_graph = dense();
  Random random(1);
  std::vector<std::vector<float>> inputs(200, std::vector<float>(2));
  for (auto& input : inputs) {
    for (float& value : input)
      value = 2 * random.uniform() - 1;
  }
  const ir::Graph int8 = quantize(float_graph, calibrate(float_graph, inputs, CalibrationMethod::minmax));
  const ir::Quantization &in = int8.tensor(0).quantization, &out = int8.tensor(3).quantization;
  ir::Interpreter exact(float_graph), integer(int8);
  for (const auto& input : inputs) {
    std::vector<std::uint8_t> bytes(8), integers;
    std::memcpy(bytes.data(), input.data(), bytes.size());
    for (const float value : input) {
      integers.push_back(static_cast<std::uint8_t>(quantized(value, in.scale[0], -1000, 1000) +
                                                   static_cast<std::int32_t>(in.zero_point[0])));
    }
    float expected[2];
    std::memcpy(expected, exact.run({bytes})[0].data(), sizeof expected);
    const std::vector<std::uint8_t> found = integer.run({integers})[0];
    for (std::size_t i = 0; i < 2; ++i) {
      const double real =
          double{out.scale[0]} * static_cast<double>(static_cast<std::int8_t>(found[i]) - out.zero_point[0]);
      // Half a step of the input through weights that add up to 3 at most, of the weights, and of the output.
      EXPECT_NEAR(real, expected[i], 1.5 * in.scale[0] + 2 * 0.5 * 2 / 127 + 0.5 * out.scale[0] + 1e-6);
    }
  }
}

TEST(Quantize, RefusesABatchNormThatWasNotFolded) {
  ir::Graph graph;
  const auto x = add_activation(graph, "x", {1, 1});
  ir::Op op{ir::OpKind::batch_norm, {x}, {}, {}, "bn"};
  for (int i = 0; i < 4; ++i)
    op.inputs.push_back(add_constant(graph, "c", {1}, {1}));
  op.outputs = {add_activation(graph, "y", {1, 1})};
  graph.ops = {op};
  graph.inputs = {x};
  graph.outputs = op.outputs;
  EXPECT_THROW(quantize(graph, Ranges(graph.tensors.size())), Error);
}

TEST(Quantize, RefusesANetworkThatIsInt8Already) {
  const ir::Graph once = quantize(dense(), {{-1, 1}, {}, {}, {-2, 3}});
  EXPECT_THROW(quantize(once, Ranges(once.tensors.size())), Error);
}

// ---- calibrate -------------------------------------------------------------------------------------------------

TEST(Calibrate, MinMaxIsTheExtentOfAllWindows) {
  const Ranges ranges = calibrate(dense(), {{1, 0}, {0, 1}, {-1, 2}}, CalibrationMethod::minmax);
  EXPECT_EQ(ranges[0], (Range{-1, 2}));
  EXPECT_EQ(ranges[1], (Range{0, 0}));         // constants have none
  EXPECT_EQ(ranges[3], (Range{-4.5f, 1.5f}));  // first output: 1.5, -1.5, -4.5; second: -0.5, -0.75, -1
}

TEST(Calibrate, PercentileLeavesOutOutliers) {
  std::vector<std::vector<float>> inputs;
  for (int i = 0; i < 1000; ++i)
    inputs.push_back({static_cast<float>(i) / 1000, 0});
  inputs.push_back({1000, 0});  // 1 of 2002 values
  const Ranges all = calibrate(dense(), inputs, CalibrationMethod::minmax);
  const Ranges clipped = calibrate(dense(), inputs, CalibrationMethod::percentile, 99.9);
  EXPECT_EQ(all[0].high, 1000.0f);
  EXPECT_GE(clipped[0].high, 0.998f);                   // two of the 2002 values may lie outside
  EXPECT_LE(clipped[0].high, 0.998f + 1000.0f / 4096);  // a bin too wide at most
}

TEST(Calibrate, HundredPercentIsMinMax) {
  const std::vector<std::vector<float>> inputs = {{1, 0}, {0, 1}, {-1, 2}};
  const Ranges a = calibrate(dense(), inputs, CalibrationMethod::percentile, 100);
  EXPECT_EQ(a[3], (Range{-4.5f, 1.5f}));
}

TEST(Calibrate, RefusesWindowsThatMakeTheNetworkInfinite) {
  EXPECT_THROW(calibrate(dense(), {{std::numeric_limits<float>::infinity(), 0}}, CalibrationMethod::minmax), Error);
}

TEST(Calibrate, RefusesNoWindowsAtAll) {
  EXPECT_THROW(calibrate(dense(), {}, CalibrationMethod::minmax), Error);
}

// ---- report ----------------------------------------------------------------------------------------------------

TEST(Report, TellsTheNoiseOfEachConstant) {
  const Ranges ranges = {{-1, 1.55f}, {}, {}, {-2, 3.1f}};
  const QuantReport told = report(dense(), quantize(dense(), ranges), ranges);
  ASSERT_EQ(told.tensors.size(), 4u);
  EXPECT_EQ(told.tensors[0].range, ranges[0]);
  const TensorReport& w = told.tensors[1];
  EXPECT_EQ(w.scales, 2u);
  EXPECT_EQ(w.scale, 2.0f / 127);
  EXPECT_EQ(w.range, (Range{-2, 1}));
  // signal 1 + 4 + 1/4 + 1/16; noise: 1 is stored as 64 * 2/127 and 1/4 as 64 * 0.5/127, half a step off each
  EXPECT_NEAR(w.sqnr_db, 10 * std::log10(5.3125 / (1.0 / (127 * 127) + 1.0 / 16 / (127 * 127))), 1e-4);
}

}  // namespace
}  // namespace edgesmith::quantize
