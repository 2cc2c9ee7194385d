#include "host/ir/verifier.h"

#include <gtest/gtest.h>

#include <limits>

#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

std::string code(const Graph& graph) {
  return error_code([&] { verify(graph); });
}

TEST(Verifier, AcceptsGoodGraphs) {
  EXPECT_EQ(code(int8_dense()), "");
  EXPECT_EQ(code(float_conv()), "");
}

TEST(Verifier, NamesOperatorTensorAndReason) {
  Graph graph = int8_dense();
  graph.tensor(3).shape = {1, 5};
  try {
    verify(graph);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "graph.shape");
    EXPECT_EQ(error.text.where, "dense: op 0 'op' (FULLY_CONNECTED)");
    EXPECT_EQ(error.text.what, "tensor 't3' (int8 1x5) has another shape than the operator gives");
    EXPECT_EQ(error.text.expected, "1x2");
    EXPECT_EQ(error.text.found, "1x5");
  }
}

TEST(Verifier, RefusesTensorIdsThatDoNotExist) {
  for (const TensorId wrong : {-1, -2, 4, 1 << 30}) {
    Graph graph = int8_dense();
    graph.ops[0].inputs[0] = wrong;
    EXPECT_EQ(code(graph), "graph.tensor_id");
    graph = int8_dense();
    graph.ops[0].outputs[0] = wrong;
    EXPECT_EQ(code(graph), "graph.tensor_id");
    graph = int8_dense();
    graph.inputs[0] = wrong;
    EXPECT_EQ(code(graph), "graph.input");
    graph = int8_dense();
    graph.outputs[0] = wrong;
    EXPECT_EQ(code(graph), "graph.output");
  }
}

TEST(Verifier, OnlyTheBiasMayBeAbsent) {
  Graph graph = int8_dense();
  graph.ops[0].inputs[2] = kNoTensor;
  EXPECT_EQ(code(graph), "");
  graph.ops[0].inputs[1] = kNoTensor;
  EXPECT_EQ(code(graph), "graph.tensor_id");
}

TEST(Verifier, RefusesWrongNumbersOfTensors) {
  Graph graph = int8_dense();
  graph.ops[0].inputs.push_back(0);
  EXPECT_EQ(code(graph), "graph.arity");
  graph.ops[0].inputs.clear();
  EXPECT_EQ(code(graph), "graph.arity");
  graph = int8_dense();
  graph.ops[0].outputs.clear();
  EXPECT_EQ(code(graph), "graph.arity");
}

TEST(Verifier, RefusesOperatorsOutOfOrder) {
  Graph graph;
  const TensorId a = add_f32(graph, {1, 2}), b = add_f32(graph, {1, 2}), c = add_f32(graph, {1, 2});
  graph.inputs = {a};
  graph.outputs = {c};
  graph.ops = {Op{OpKind::relu, {a}, {b}, {}, "first"}, Op{OpKind::relu, {b}, {c}, {}, "second"}};
  EXPECT_EQ(code(graph), "");
  std::swap(graph.ops[0], graph.ops[1]);
  EXPECT_EQ(code(graph), "graph.order");
}

TEST(Verifier, RefusesTwoProducers) {
  Graph graph;
  const TensorId a = add_f32(graph, {1, 2}), b = add_f32(graph, {1, 2});
  set_only_op(graph, OpKind::relu, {a}, b);
  graph.ops.push_back(graph.ops[0]);
  EXPECT_EQ(code(graph), "graph.producer");
  set_only_op(graph, OpKind::relu, {a}, a);
  EXPECT_EQ(code(graph), "graph.producer");
}

TEST(Verifier, RefusesOutputsThatNothingWrites) {
  Graph graph = float_conv();
  graph.outputs = {add_f32(graph, {1})};
  EXPECT_EQ(code(graph), "graph.output");
}

TEST(Verifier, RefusesWeightsThatAreNotConstant) {
  Graph graph = int8_dense();
  graph.inputs.push_back(1);
  graph.tensor(1).data.clear();
  EXPECT_EQ(code(graph), "graph.constant");
}

TEST(Verifier, RefusesConstantsOfAnotherSize) {
  Graph graph = int8_dense();
  graph.tensor(1).data.pop_back();
  EXPECT_EQ(code(graph), "graph.constant");
}

TEST(Verifier, RefusesDimensionsThatOverflowOrVanish) {
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t dim : {std::int64_t{0}, std::int64_t{-1}, kMaxTensorElems, kHuge}) {
    Graph graph = float_conv();
    graph.tensor(0).shape = {1, dim, 4, 2};
    EXPECT_EQ(code(graph), "graph.shape") << dim;
  }
}

TEST(Verifier, RefusesTypesThatDoNotMatch) {
  Graph graph = int8_dense();
  graph.tensor(3).dtype = DType::u8;
  EXPECT_EQ(code(graph), "graph.dtype");
  graph = int8_dense();
  graph.tensor(0).dtype = DType::u8;
  EXPECT_EQ(code(graph), "graph.dtype");
  graph = float_conv();
  graph.tensor(2).dtype = DType::s32;
  EXPECT_EQ(code(graph), "graph.dtype");
}

TEST(Verifier, ReluAloneMayBeInt8) {
  Graph graph;
  const TensorId a = add_s8(graph, {1, 2}, 1, 0), b = add_s8(graph, {1, 2}, 1, 0);
  set_only_op(graph, OpKind::relu, {a}, b);
  EXPECT_EQ(code(graph), "");
}

TEST(Verifier, QuantizeLeadsToBytesAndDequantizeBack) {
  Graph graph;
  const TensorId real = add_f32(graph, {1, 2}), bytes = add_s8(graph, {1, 2}, 1, 0);
  set_only_op(graph, OpKind::quantize, {real}, bytes);
  EXPECT_EQ(code(graph), "");
  set_only_op(graph, OpKind::dequantize, {bytes}, real);
  EXPECT_EQ(code(graph), "");
  set_only_op(graph, OpKind::dequantize, {real}, bytes);
  EXPECT_EQ(code(graph), "graph.dtype");
}

TEST(Verifier, Uint8StandsAtTheEndsOnly) {
  Graph graph;
  const TensorId a = add_s8(graph, {1, 2}, 1, 0), b = add_s8(graph, {1, 2}, 1, 0);
  graph.tensor(a).dtype = graph.tensor(b).dtype = DType::u8;
  set_only_op(graph, OpKind::relu, {a}, b);
  EXPECT_EQ(code(graph), "graph.dtype");
  set_only_op(graph, OpKind::quantize, {a}, b);
  EXPECT_EQ(code(graph), "");
}

TEST(Verifier, ConstantsMayBeOperandsButWeightsMustBe) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 2}, 1, 0), c = add_s8(graph, {2}, 1, 0, {1, 2}), y = add_s8(graph, {1, 2}, 1, 0);
  set_only_op(graph, OpKind::add, {x, c}, y);
  EXPECT_EQ(code(graph), "");
  Graph dense = int8_dense();
  dense.tensor(dense.ops[0].inputs[1]).data.clear();
  dense.inputs.push_back(dense.ops[0].inputs[1]);
  EXPECT_EQ(code(dense), "graph.constant");
}

TEST(Verifier, ATableHasOneEntryForEachByte) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 2}, 1, 0), y = add_s8(graph, {1, 2}, 1, 0);
  const TensorId table = add_s8(graph, {256}, 1, 0, std::vector<std::int8_t>(256, 7));
  set_only_op(graph, OpKind::lookup, {x, table}, y);
  EXPECT_EQ(code(graph), "");
  graph.tensor(table).shape = {255};
  graph.tensor(table).data.pop_back();
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(Verifier, AZeroPointInTheBiasNeedsAnInt8Layer) {
  Graph graph = int8_dense();
  graph.ops[0].attributes.zero_point_in_bias = true;
  EXPECT_EQ(code(graph), "");
  graph = float_conv();
  graph.ops[0].attributes.zero_point_in_bias = true;
  EXPECT_EQ(code(graph), "graph.attribute");
}

TEST(QuantizationRules, JoinedTensorsShareTheirScale) {
  Graph graph;
  const TensorId a = add_s8(graph, {1, 2}, 1, 0), b = add_s8(graph, {1, 3}, 2, 0), y = add_s8(graph, {1, 5}, 1, 0);
  set_only_op(graph, OpKind::concatenation, {a, b}, y, {.axis = -1});
  graph.inputs = {a, b};
  EXPECT_EQ(code(graph), "graph.quantization");
  graph.tensor(b).quantization.scale[0] = 1;
  EXPECT_EQ(code(graph), "");
}

TEST(QuantizationRules, LogisticAndTanhHaveTheirOwnScales) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 2}, 1, 0), y = add_s8(graph, {1, 2}, 1.0f / 256, -128);
  set_only_op(graph, OpKind::logistic, {x}, y);
  EXPECT_EQ(code(graph), "");
  set_only_op(graph, OpKind::tanh, {x}, y);
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(Verifier, RefusesABiasOfAnotherLength) {
  Graph graph = int8_dense();
  graph.tensor(2) = Tensor{"bias", DType::s32, {3}, {{0.125f}, {0}, 0}, bytes_of<std::int32_t>({1, 2, 3})};
  EXPECT_EQ(code(graph), "graph.shape");
}

TEST(QuantizationRules, EveryTensorNeedsUsableScales) {
  for (const float scale :
       {0.0f, -1.0f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const TensorId id : {0, 1, 3}) {
      Graph graph = int8_dense();
      graph.tensor(id).quantization.scale = {scale};
      EXPECT_EQ(code(graph), "graph.quantization") << scale << " " << id;
    }
  }
  Graph graph = int8_dense();
  graph.tensor(0).quantization = {};
  EXPECT_EQ(code(graph), "graph.quantization");
  graph = int8_dense();
  graph.tensor(3).quantization.zero_point.clear();
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, WeightsAreSymmetric) {
  Graph graph = int8_dense();
  graph.tensor(1).quantization.zero_point = {1};
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, WeightsMayHaveOneScaleAnOutputChannel) {
  Graph graph = int8_dense();
  graph.tensor(1).quantization = {{0.5f, 0.25f}, {0, 0}, 0};
  EXPECT_EQ(code(graph), "");
  graph.tensor(1).quantization.axis = 1;
  EXPECT_EQ(code(graph), "graph.quantization");
  graph.tensor(1).quantization = {{0.5f, 0.5f, 0.5f}, {0, 0, 0}, 0};
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, ActivationsHaveOneScaleAndAnInt8ZeroPoint) {
  Graph graph = int8_dense();
  graph.tensor(0).quantization = {{0.5f, 0.5f}, {0, 0}, 1};
  EXPECT_EQ(code(graph), "graph.quantization");
  graph = int8_dense();
  graph.tensor(3).quantization.zero_point = {128};
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, ADenseBiasHasTheAccumulatorsScale) {
  Graph graph = int8_dense();
  graph.tensor(2).quantization.scale = {0.134f};  // (0.134 - 0.125) / 0.5 = 0.018
  EXPECT_EQ(code(graph), "");
  graph.tensor(2).quantization.scale = {0.136f};  // 0.022
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, PoolsAndReshapesKeepTheScale) {
  Graph graph;
  const TensorId a = add_s8(graph, {1, 4, 4, 1}, 0.5f, 3), b = add_s8(graph, {1, 2, 2, 1}, 0.5f, 3);
  set_only_op(graph, OpKind::max_pool2d, {a}, b, {.stride_h = 2, .stride_w = 2, .filter_h = 2, .filter_w = 2});
  EXPECT_EQ(code(graph), "");
  graph.tensor(b).quantization.zero_point = {4};
  EXPECT_EQ(code(graph), "graph.quantization");
}

TEST(QuantizationRules, SoftmaxAnswersIn256ths) {
  Graph graph;
  const TensorId a = add_s8(graph, {1, 4}, 0.5f, 3), b = add_s8(graph, {1, 4}, 1.0f / 256, -128);
  set_only_op(graph, OpKind::softmax, {a}, b);
  EXPECT_EQ(code(graph), "");
  graph.tensor(b).quantization.scale = {1.0f / 255};
  EXPECT_EQ(code(graph), "graph.quantization");
}

}  // namespace
}  // namespace edgesmith::ir
