#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/convert/tflite/sample_networks.h"
#include "host/convert/tflite/schema_generated.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"

namespace edgesmith::convert {
namespace {

using Bytes = std::vector<std::uint8_t>;

void expect_equal(const ir::Graph& a, const ir::Graph& b) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const ir::Tensor &x = a.tensors[i], &y = b.tensors[i];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.dtype, y.dtype) << x.name;
    EXPECT_EQ(x.shape, y.shape) << x.name;
    EXPECT_EQ(x.data, y.data) << x.name;
    EXPECT_EQ(x.quantization.scale, y.quantization.scale) << x.name;
    EXPECT_EQ(x.quantization.zero_point, y.quantization.zero_point) << x.name;
    EXPECT_EQ(x.quantization.axis, y.quantization.axis) << x.name;
  }
  ASSERT_EQ(a.ops.size(), b.ops.size());
  for (std::size_t i = 0; i < a.ops.size(); ++i) {
    const ir::Op &x = a.ops[i], &y = b.ops[i];
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.inputs, y.inputs);
    EXPECT_EQ(x.outputs, y.outputs);
    const ir::Attributes &p = x.attributes, &q = y.attributes;
    EXPECT_EQ(p.activation, q.activation) << x.name;
    EXPECT_EQ(std::tie(p.stride_h, p.stride_w, p.dilation_h, p.dilation_w),
              std::tie(q.stride_h, q.stride_w, q.dilation_h, q.dilation_w))
        << x.name;
    EXPECT_EQ(std::tie(p.pad_top, p.pad_bottom, p.pad_left, p.pad_right),
              std::tie(q.pad_top, q.pad_bottom, q.pad_left, q.pad_right))
        << x.name;
    EXPECT_EQ(std::tie(p.filter_h, p.filter_w, p.depth_multiplier, p.axes, p.keep_dims, p.beta),
              std::tie(q.filter_h, q.filter_w, q.depth_multiplier, q.axes, q.keep_dims, q.beta))
        << x.name;
    EXPECT_EQ(std::tie(p.pads_before, p.pads_after, p.pad_value, p.permutation, p.axis, p.alpha),
              std::tie(q.pads_before, q.pads_after, q.pad_value, q.permutation, q.axis, q.alpha))
        << x.name;
  }
  EXPECT_EQ(a.inputs, b.inputs);
  EXPECT_EQ(a.outputs, b.outputs);
}

ir::Graph sample_mean() {
  Chain chain("mean", {1, 5, 4, 3});
  ir::Attributes& mean = chain.layer(ir::OpKind::mean, "average", {1, 3});
  mean.axes = {1, 2};
  return chain.graph;
}

std::vector<ir::Graph> samples() {
  return {sample_mlp(),
          sample_cnn(),
          sample_mean(),
          sample_branches(),
          as_int8(sample_mlp()),
          as_int8(sample_cnn()),
          as_int8(sample_mean()),
          as_int8(sample_branches()),
          with_ends(as_int8(sample_branches()), ir::DType::u8, ir::DType::f32),
          with_ends(as_int8(sample_mlp()), ir::DType::f32, ir::DType::u8)};
}

TEST(WriteTflite, ReadsBackAsTheSameGraph) {
  for (const ir::Graph& graph : samples())
    expect_equal(read_tflite(write_tflite(graph), graph.name), graph);
}

TEST(WriteTflite, SameGraphGivesTheSameBytes) {
  for (const ir::Graph& graph : samples())
    EXPECT_EQ(write_tflite(graph), write_tflite(graph));
}

TEST(WriteTflite, BuffersStandAtMultiplesOf16) {
  const Bytes bytes = write_tflite(as_int8(sample_cnn()));
  int constants = 0;
  for (const wire::Buffer* buffer : *wire::GetModel(bytes.data())->buffers()) {
    if (!buffer->data()) continue;
    EXPECT_EQ((buffer->data()->data() - bytes.data()) % 16, 0);
    ++constants;
  }
  EXPECT_EQ(constants, 10);  // 4 layers with weights and bias, the new shape, the minimum runtime
}

std::map<int, int> versions(const ir::Graph& graph) {
  const Bytes bytes = write_tflite(graph);
  std::map<int, int> result;
  for (const wire::OperatorCode* code : *wire::GetModel(bytes.data())->operator_codes()) {
    EXPECT_EQ(code->builtin_code(), code->builtin_code_byte());
    result[code->builtin_code()] = code->version();
  }
  return result;
}

TEST(WriteTflite, OperatorVersionsAreThoseThatRuntimesKnow) {
  // CONV_2D 3, DEPTHWISE_CONV_2D 4, FULLY_CONNECTED 9, MAX_POOL_2D 17, AVERAGE_POOL_2D 1, RESHAPE 22, SOFTMAX 25
  EXPECT_EQ(versions(sample_cnn()), (std::map<int, int>{{1, 1}, {3, 1}, {4, 1}, {9, 1}, {17, 1}, {22, 1}, {25, 1}}));
  EXPECT_EQ(versions(as_int8(sample_cnn())),
            (std::map<int, int>{{1, 2}, {3, 3}, {4, 3}, {9, 12}, {17, 2}, {22, 1}, {25, 2}}));
}

std::string min_runtime_of(const ir::Graph& graph) {
  const Bytes bytes = write_tflite(graph);
  const wire::Model* model = wire::GetModel(bytes.data());
  const wire::Metadata* entry = model->metadata()->Get(0);
  EXPECT_EQ(entry->name()->str(), "min_runtime_version");
  const auto* data = model->buffers()->Get(entry->buffer())->data();
  EXPECT_EQ(data->size(), 16u);
  return reinterpret_cast<const char*>(data->data());
}

TEST(WriteTflite, NamesTheOldestRuntimeThatHasEveryOperator) {
  EXPECT_EQ(min_runtime_of(sample_mlp()), "1.5.0");
  EXPECT_EQ(min_runtime_of(as_int8(sample_mean())), "1.14.0");
  EXPECT_EQ(min_runtime_of(as_int8(sample_mlp())), "2.17.0");  // scales per channel in FULLY_CONNECTED
}

TEST(WriteTflite, LayerWithoutBiasGetsOneOfZeros) {
  Chain chain("plain", {1, 3});
  chain.layer(ir::OpKind::fully_connected, "layer", {1, 2}, {2, 3});
  const ir::Graph back = read_tflite(write_tflite(chain.graph), "plain");
  const ir::Tensor& bias = back.tensor(back.ops[0].inputs[2]);
  EXPECT_EQ(bias.shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(bias.data, Bytes(8, 0));
}

// Pads on one side only, which neither SAME nor VALID say.
ir::Graph padded_oddly(ir::OpKind kind, bool int8) {
  Chain chain("odd", {1, 6, 5, 3});
  const std::vector<std::int64_t> filter = {kind == ir::OpKind::depthwise_conv2d ? 1 : 3, 2, 2, 3};
  const bool weighted = ir::takes_weights(kind);
  ir::Attributes& a =
      chain.layer(kind, "layer", {1, 7, 4, 3}, weighted ? filter : std::vector<std::int64_t>{}, weighted ? 3 : 0);
  a.pad_top = 2;
  a.filter_h = a.filter_w = weighted ? 0 : 2;
  if (!weighted) a.pad_top = 1, a.pad_bottom = 1;
  return int8 ? as_int8(chain.graph) : chain.graph;
}

Bytes output_of(const ir::Graph& graph) {
  Random random(5);
  Bytes input(ir::tensor_bytes(graph.tensor(graph.inputs[0])));
  for (std::size_t i = 0; i < input.size(); ++i)
    input[i] = static_cast<std::uint8_t>(i % 4 == 3 ? 0xbf : random.below(256));  // as float32 between -2 and -0.5
  return ir::Interpreter(graph).run({input})[0];
}

TEST(WriteTflite, PadsThatAreNeitherSameNorValidBecomeAPad) {
  for (const ir::OpKind kind : {ir::OpKind::conv2d, ir::OpKind::depthwise_conv2d, ir::OpKind::max_pool2d}) {
    for (const bool int8 : {false, true}) {
      const ir::Graph graph = padded_oddly(kind, int8);
      const ir::Graph back = read_tflite(write_tflite(graph), graph.name);
      ASSERT_EQ(back.ops.size(), 2u);
      EXPECT_EQ(back.ops[0].kind, ir::OpKind::pad);
      EXPECT_EQ(output_of(back), output_of(graph)) << ir::op_name(kind);
    }
  }
}

TEST(WriteTflite, RefusesPadsOfAnAverageThatAreNeitherSameNorValid) {
  EXPECT_THROW(write_tflite(padded_oddly(ir::OpKind::average_pool2d, false)), Error);
}

}  // namespace
}  // namespace edgesmith::convert
