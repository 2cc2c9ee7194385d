#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>

#include "host/base/test_folder.h"
#include "host/convert/onnx/onnx.h"
#include "host/convert/onnx/sample_onnx.h"
#include "host/convert/problems.h"
#include "host/ir/interpreter.h"

namespace edgesmith::convert {
namespace {

using Shape = std::vector<std::int64_t>;

ir::Graph read(const SampleOnnx& sample, const OnnxOptions& options = {}) {
  return read_onnx(sample.bytes(), "sample.onnx", options);
}

std::vector<ir::OpKind> kinds(const ir::Graph& graph) {
  std::vector<ir::OpKind> list;
  for (const ir::Op& op : graph.ops)
    list.push_back(op.kind);
  return list;
}

std::ptrdiff_t transposes(const ir::Graph& graph) {
  const std::vector<ir::OpKind> all = kinds(graph);
  return std::count(all.begin(), all.end(), ir::OpKind::transpose);
}

std::vector<float> run(const ir::Graph& graph, const std::vector<float>& input) {
  std::vector<std::uint8_t> bytes(input.size() * sizeof(float));
  std::memcpy(bytes.data(), input.data(), bytes.size());
  const std::vector<std::uint8_t> output = ir::Interpreter(graph).run({bytes}).at(0);
  std::vector<float> values(output.size() / sizeof(float));
  std::memcpy(values.data(), output.data(), output.size());
  return values;
}

/// The whole message of a file that must be refused.
std::string refusal(const SampleOnnx& sample, const OnnxOptions& options = {}) {
  try {
    read(sample, options);
  } catch (const RefusedFile& refused) {
    EXPECT_EQ(refused.text.code, "onnx.refused");
    return refused.what();
  }
  ADD_FAILURE() << "was taken";
  return {};
}

void expect_says(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

/// x of `shape` -> one node -> y; its further inputs are named by the caller.
SampleOnnx one_node(const std::string& op_type, const Shape& shape, const std::vector<std::string>& more = {},
                    std::int64_t opset = 13) {
  SampleOnnx sample(opset);
  sample.input("x", shape);
  std::vector<std::string> inputs{"x"};
  inputs.insert(inputs.end(), more.begin(), more.end());
  sample.node(op_type, inputs, "y");
  sample.output("y");
  return sample;
}

onnx_wire::Node& last_node(SampleOnnx& sample) {
  return *sample.graph().mutable_node(sample.graph().node_size() - 1);
}

// ---- layout -----------------------------------------------------------------------------------------------------

TEST(ReadOnnx, OneTransposeLeadsIntoAChainOfLayersAndNoneStandsBetween) {
  using ir::OpKind;
  const ir::Graph graph = read(sample_float_onnx());
  EXPECT_EQ(kinds(graph), (std::vector<OpKind>{OpKind::transpose, OpKind::conv2d, OpKind::relu, OpKind::max_pool2d,
                                               OpKind::conv2d, OpKind::fully_connected}));
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{1, 2, 6, 5}));
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{1, 3}));
}

TEST(ReadOnnx, EndsKeepTheFilesOrder) {
  SampleOnnx sample = one_node("Conv", {1, 2, 1, 3}, {"w"});
  sample.floats("w", {2, 2, 1, 1}, {1, 0, 0, 10});
  const ir::Graph graph = read(sample);
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{1, 2, 1, 3}));
  EXPECT_EQ(run(graph, {1, 2, 3, 4, 5, 6}), (std::vector<float>{1, 2, 3, 40, 50, 60}));
}

TEST(ReadOnnx, DenseWeightsFollowTheOrderOfMemoryInsteadOfATranspose) {
  SampleOnnx sample;
  sample.input("x", {1, 2, 1, 3});
  sample.floats("w", {2, 2, 1, 1}, {1, 0, 0, 1});
  sample.node("Conv", {"x", "w"}, "c");
  sample.node("Flatten", {"c"}, "f");
  sample.floats("g", {6, 1}, {1, 10, 100, 1000, 10000, 100000});  // by the file's order: channel, then width
  sample.node("MatMul", {"f", "g"}, "y");
  sample.output("y");
  const ir::Graph graph = read(sample);
  EXPECT_EQ(transposes(graph), 1);  // the input's
  EXPECT_EQ(run(graph, {1, 2, 3, 4, 5, 6}), (std::vector<float>{654321}));
}

TEST(ReadOnnx, AFileThatBeginsWithItsOwnTransposeNeedsNone) {
  SampleOnnx sample;
  sample.input("x", {1, 4, 4, 2});
  SampleOnnx::set(sample.node("Transpose", {"x"}, "t"), "perm", Shape{0, 3, 1, 2});
  sample.floats("w", {1, 2, 1, 1}, {1, 1});
  sample.node("Conv", {"t", "w"}, "c");
  sample.node("GlobalAveragePool", {"c"}, "y");
  sample.output("y");
  EXPECT_EQ(transposes(read(sample)), 0);
}

TEST(ReadOnnx, OneDimensionIsAHeightOfOne) {
  SampleOnnx sample = one_node("Conv", {1, 3, 9}, {"w"});
  sample.floats("w", {4, 3, 5}, ramp(60));
  const ir::Graph graph = read(sample);
  const auto conv =
      std::find_if(graph.ops.begin(), graph.ops.end(), [](const ir::Op& op) { return op.kind == ir::OpKind::conv2d; });
  ASSERT_NE(conv, graph.ops.end());
  EXPECT_EQ(graph.tensor(conv->inputs[0]).shape, (Shape{1, 1, 9, 3}));
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{1, 4, 5}));
}

TEST(ReadOnnx, ABiasAddedBehindALayerIsItsBias) {
  SampleOnnx sample;
  sample.input("x", {1, 2});
  sample.floats("w", {2, 2}, {1, 2, 3, 4});
  sample.floats("b", {2}, {10, 20});
  sample.node("MatMul", {"x", "w"}, "m");
  sample.node("Add", {"b", "m"}, "y");
  sample.output("y");
  const ir::Graph graph = read(sample);
  EXPECT_EQ(kinds(graph), std::vector<ir::OpKind>{ir::OpKind::fully_connected});
  EXPECT_EQ(run(graph, {1, 1}), (std::vector<float>{14, 26}));
}

TEST(ReadOnnx, ShapesComputedInTheFileAreConstants) {
  SampleOnnx sample;
  sample.input("x", {1, 2, 3, 2});
  sample.node("Shape", {"x"}, "s");
  sample.integers("zero", {}, 7, {0});
  sample.node("Gather", {"s", "zero"}, "n");
  sample.integers("axes", {1}, 7, {0});
  sample.node("Unsqueeze", {"n", "axes"}, "n1");
  sample.integers("rest", {1}, 7, {-1});
  SampleOnnx::set(sample.node("Concat", {"n1", "rest"}, "target"), "axis", 0);
  sample.node("Reshape", {"x", "target"}, "r");
  sample.node("Relu", {"r"}, "y");
  sample.output("y");
  const ir::Graph graph = read(sample);
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{1, 12}));
}

// ---- quantised --------------------------------------------------------------------------------------------------

TEST(ReadOnnx, DequantisedOperatorsThatAreQuantisedAgainRunInInt8) {
  using ir::OpKind;
  const ir::Graph graph = read(sample_qdq_onnx());
  EXPECT_EQ(kinds(graph), (std::vector<OpKind>{OpKind::quantize, OpKind::transpose, OpKind::conv2d, OpKind::add,
                                               OpKind::transpose, OpKind::dequantize}));
  const ir::Op& conv = graph.ops[2];
  EXPECT_EQ(conv.attributes.activation, ir::Activation::relu);
  EXPECT_EQ(graph.tensor(conv.outputs[0]).quantization.scale, std::vector<float>{0.04f});
  EXPECT_EQ(graph.tensor(conv.inputs[1]).quantization.scale, (std::vector<float>{0.01f, 0.02f}));
  // 0.5 / (0.05 * 0.01) and -0.25 / (0.05 * 0.02)
  std::int32_t bias[2];
  std::memcpy(bias, graph.tensor(conv.inputs[2]).data.data(), sizeof bias);
  EXPECT_EQ(bias[0], 1000);
  EXPECT_EQ(bias[1], -250);
}

TEST(ReadOnnx, Uint8IsMovedInsideAndKeptAtTheEnds) {
  SampleOnnx sample;
  sample.input("x", {1, 4}, 2);
  sample.linear("DequantizeLinear", "x", "xd", 0.5f, 128, 2);
  sample.node("Relu", {"xd"}, "r");
  sample.linear("QuantizeLinear", "r", "y", 0.5f, 100, 2);
  sample.output("y", 2);
  const ir::Graph graph = read(sample);
  EXPECT_EQ(graph.tensor(graph.inputs[0]).dtype, ir::DType::u8);
  EXPECT_EQ(graph.tensor(graph.outputs[0]).dtype, ir::DType::u8);
  EXPECT_EQ(ir::Interpreter(graph).run({{0, 128, 130, 255}}).at(0), (std::vector<std::uint8_t>{100, 100, 102, 227}));
}

TEST(ReadOnnx, AnOperatorThatNothingQuantisesRunsInFloat) {
  SampleOnnx sample;
  sample.input("x", {1, 4});
  sample.linear("QuantizeLinear", "x", "xq", 0.5f, 0);
  sample.linear("DequantizeLinear", "xq", "xd", 0.5f, 0);
  sample.node("Softmax", {"xd"}, "y");
  sample.output("y");
  using ir::OpKind;
  EXPECT_EQ(kinds(read(sample)), (std::vector<OpKind>{OpKind::quantize, OpKind::dequantize, OpKind::softmax}));
}

TEST(ReadOnnx, WeightsMustBeSymmetric) {
  SampleOnnx sample = sample_qdq_onnx();
  for (onnx_wire::Tensor& tensor : *sample.graph().mutable_initializer())
    if (tensor.name() == "w/zero_point") tensor.set_int32_data(1, 4);
  expect_says(refusal(sample), "its weights have zero point 4");
}

TEST(ReadOnnx, ScalesMustBePositiveAndFinite) {
  for (const float scale :
       {0.0f, -0.5f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    SampleOnnx sample;
    sample.input("x", {1, 4});
    sample.linear("QuantizeLinear", "x", "y", scale, 0);
    sample.output("y", 3);
    expect_says(refusal(sample), "its scale is");
  }
}

TEST(ReadOnnx, ActivationsOfSixteenBitsAreRefused) {
  SampleOnnx sample;
  sample.input("x", {1, 4});
  sample.linear("QuantizeLinear", "x", "y", 0.1f, 0, 5);
  sample.output("y", 5);
  expect_says(refusal(sample), "quantised to INT16");
}

// ---- dimensions -------------------------------------------------------------------------------------------------

TEST(ReadOnnx, AnOpenBatchIsOne) {
  EXPECT_EQ(read(one_node("Relu", {0, 4})).tensor(0).shape, (Shape{1, 4}));
}

TEST(ReadOnnx, AFixedBatchIsReadAsOne) {
  const ir::Graph graph = read(one_node("Relu", {5, 4}));
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{1, 4}));
}

TEST(ReadOnnx, WhatWorksAlongAFixedBatchIsRefused) {
  SampleOnnx sample = one_node("ReduceMean", {5, 4});
  SampleOnnx::set(last_node(sample), "axes", Shape{0});
  expect_says(refusal(sample), "a batch of 5");
}

TEST(ReadOnnx, OtherOpenDimensionsNeedAValue) {
  SampleOnnx sample = one_node("Relu", {1, 2, 0});
  onnx_wire::TensorType& type = *sample.graph().mutable_input(0)->mutable_type()->mutable_tensor_type();
  type.mutable_shape()->mutable_dim(2)->set_dim_param("time");
  expect_says(refusal(sample), "leaves dimension 2 (time) open");
  const ir::Graph graph = read(sample, {.dims = {{"time", 50}}});
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{1, 2, 50}));
  EXPECT_EQ(read(sample, {.dims = {{"x:2", 7}}}).tensor(0).shape, (Shape{1, 2, 7}));
  expect_says(refusal(sample, {.dims = {{"time", -1}}}), "the value -1");
}

// ---- refusals ---------------------------------------------------------------------------------------------------

TEST(ReadOnnx, TellsAllProblemsAtOnce) {
  SampleOnnx sample;
  sample.input("x", {1, 4});
  sample.node("LSTM", {"x"}, "a").set_name("memory");
  sample.node("Erf", {"a"}, "b");
  sample.node("Clip", {"x", "low"}, "c");
  sample.floats("low", {}, {-1});
  sample.output("b");
  const std::string text = refusal(sample);
  expect_says(text, "node 0 'memory' (LSTM): this operator is not supported");
  expect_says(text, "node 1 (Erf)");
  expect_says(text, "node 2 (Clip): it limits values");
  expect_says(text, "try: ");
}

TEST(ReadOnnx, ReasonsAreThereAsData) {
  SampleOnnx sample = one_node("ConvTranspose", {1, 2, 3, 4}, {"x"});
  try {
    read(sample);
    FAIL() << "was taken";
  } catch (const RefusedFile& refused) {
    ASSERT_EQ(refused.reasons.size(), 1u);
    EXPECT_EQ(refused.reasons[0].op_name, "ConvTranspose");
    EXPECT_EQ(refused.reasons[0].nodes, std::vector<std::string>{"0"});
    EXPECT_FALSE(refused.reasons[0].refusal.try_this.empty());
  }
}

TEST(ReadOnnx, WeightsInAnotherFileAreRefused) {
  SampleOnnx sample = sample_float_onnx();
  sample.graph().mutable_initializer(0)->set_data_location(1);
  expect_says(refusal(sample), "lies in another file");
}

TEST(ReadOnnx, DataMustHaveTheLengthOfItsShape) {
  SampleOnnx raw = sample_float_onnx();
  raw.graph().mutable_initializer(0)->clear_float_data();
  raw.graph().mutable_initializer(0)->set_raw_data(std::string(47 * 4, '\0'));
  expect_says(refusal(raw), "holds 188 bytes");
  SampleOnnx typed = sample_float_onnx();
  typed.graph().mutable_initializer(0)->add_float_data(1);
  expect_says(refusal(typed), "holds 49 values");
}

TEST(ReadOnnx, ShapesWhoseProductOverflowsAreRefused) {
  SampleOnnx sample = one_node("Relu", {1, std::int64_t{1} << 40, std::int64_t{1} << 40});
  expect_says(refusal(sample), "elements");
  SampleOnnx negative = sample_float_onnx();
  negative.graph().mutable_initializer(0)->set_dims(0, -4);
  expect_says(refusal(negative), "tensor 'w1' has shape");
}

TEST(ReadOnnx, TensorsThatNothingWritesAndCyclesAreRefused) {
  expect_says(refusal(one_node("Add", {1, 4}, {"nobody"})), "nothing before it gives its input 'nobody'");
  expect_says(refusal(one_node("Add", {1, 4}, {"y"})), "nothing before it gives its input 'y'");
  SampleOnnx missing = one_node("Relu", {1, 4});
  missing.output("z");
  expect_says(refusal(missing), "'z'");
}

TEST(ReadOnnx, ATensorHasOneWriter) {
  SampleOnnx sample = one_node("Relu", {1, 4});
  sample.node("Relu", {"x"}, "y");
  expect_says(refusal(sample), "a second time");
}

TEST(ReadOnnx, VersionsAndVocabulariesThatWeDoNotKnowAreRefused) {
  expect_says(refusal(one_node("Relu", {1, 4}, {}, 1000)), "opset 1000");
  SampleOnnx sample = one_node("Relu", {1, 4});
  last_node(sample).set_domain("com.example");
  expect_says(refusal(sample), "com.example");
}

TEST(ReadOnnx, FurtherOutputsThatAreUsedAreRefused) {
  SampleOnnx sample = one_node("MaxPool", {1, 2, 4, 4});
  SampleOnnx::set(last_node(sample), "kernel_shape", Shape{2, 2});
  last_node(sample).add_output("indices");
  EXPECT_NO_THROW(read(sample));
  sample.output("indices", 7);
  expect_says(refusal(sample), "its output 1 is used");
}

TEST(ReadOnnx, BytesThatAreNoFileAreRefused) {
  EXPECT_THROW(read_onnx(std::vector<std::uint8_t>{}, "empty.onnx"), Error);
  EXPECT_THROW(read_onnx(std::vector<std::uint8_t>(100, 0xff), "noise.onnx"), Error);
}

TEST(ReadOnnx, AFileOfTwoGigabytesIsRefusedUnread) {
  const TestFolder folder;
  const std::filesystem::path file = folder.path() / "huge.onnx";
  std::ofstream(file).put('x');
  std::filesystem::resize_file(file, std::uintmax_t{1} << 31);  // a hole, no data
  try {
    read_onnx(file);
    FAIL() << "was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "model.size");
  }
}

}  // namespace
}  // namespace edgesmith::convert
