// A bare network of every operator that one tensor can pass through, built by hand: what is generated from it must
// compile without a warning and give the answer that the executor gives on the plan file.

#include "host/codegen/cpp_operators.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <numeric>

#include "host/base/process.h"
#include "host/base/test_folder.h"
#include "host/codegen/emit_cpp.h"
#include "host/plan/kernel_sets.h"
#include "host/plan/known_answer.h"

namespace edgesmith {
namespace {

using kernels::OpCode;

constexpr std::int32_t kHalf = 1 << 30;  // 0.5 in Q31

/// Operators one after another, each writing to fresh memory.
class Chain {
 public:
  Chain() {
    plan_.name = "chain";
    plan_.network.kernels = find_kernel_set("reference");
  }

  std::uint32_t tensor(std::uint32_t bytes) {
    const std::uint32_t offset = plan_.network.arena_bytes;
    plan_.network.arena_bytes += (bytes + 15) / 16 * 16;
    return offset;
  }

  template <typename T>
  std::uint32_t constant(const std::vector<T>& values) {
    std::vector<std::uint8_t>& all = plan_.network.constants;
    const std::size_t offset = all.size();
    all.resize(offset + (values.size() * sizeof(T) + 15) / 16 * 16);
    std::memcpy(all.data() + offset, values.data(), values.size() * sizeof(T));
    return static_cast<std::uint32_t>(offset);
  }

  struct Input {
    std::uint32_t offset, bytes;
  };

  template <typename Params>
  Input op(OpCode code, const Params& params, const std::vector<Input>& inputs, std::uint32_t output_bytes,
           plan::TargetOp place = {}) {
    plan::ContractOp contract = {};
    contract.code = static_cast<std::uint32_t>(code);
    std::memcpy(contract.params, &params, sizeof params);
    contract.input_count = static_cast<std::uint32_t>(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      contract.input_bytes[i] = inputs[i].bytes;
      place.input_offsets[i] = inputs[i].offset;
    }
    contract.output_bytes = output_bytes;
    place.output_offset = tensor(output_bytes);
    plan_.network.ops.push_back(contract);
    plan_.network.places.push_back(place);
    plan_.network.labels.push_back({fmt::format("op{}", plan_.network.ops.size()), "", -1});
    return {place.output_offset, output_bytes};
  }

  static NetworkEnd end(const char* name, plan::Meaning meaning, Input at) {
    const plan::TensorRecord record = {{1, 1, 1, at.bytes / 4},
                                       0,
                                       0,
                                       static_cast<std::uint32_t>(meaning),
                                       static_cast<std::uint32_t>(plan::DType::f32)};
    return {name, record, at.offset, at.bytes};
  }

  CompiledPlan finish(Input input, Input output) {
    plan_.network.inputs = {end("in", plan::Meaning::input, input)};
    plan_.network.outputs = {end("out", plan::Meaning::output, output)};
    add_network_self_test(plan_);
    return plan_;
  }

 private:
  CompiledPlan plan_;
};

kernels::Conv2dAddParams conv2d_add_params() {
  const kernels::Conv2dParams conv{4, 4, 3, 1, 1, 4, 4, 3, 1, 1, 1, 1, 0, 0, -4, 1, -128, 127, 0, 0};
  return {conv, kHalf, 0, -4, kHalf, -1, 20, 0, kHalf, -18, -128, 127};
}

CompiledPlan chain() {
  Chain net;
  const Chain::Input input = {net.tensor(48), 48};
  const auto s8 = net.op(OpCode::quantize, kernels::QuantizeParams{12, 0.015625f, -4, 0}, {input}, 12);

  std::vector<std::int8_t> table(256);
  std::iota(table.begin(), table.end(), std::int8_t{0});
  std::replace_if(
      table.begin() + 128, table.end(), [](std::int8_t q) { return q < -64; }, std::int8_t{-64});
  plan::TargetOp with_table = {};
  with_table.weights_offset = net.constant(table), with_table.weights_bytes = 256;
  const auto looked_up = net.op(OpCode::lookup, kernels::LookupParams{12}, {s8}, 12, with_table);

  const kernels::PadParams pad{{1, 2, 2, 3}, {0, 1, 0, 0}, {1, 4, 4, 3}, -4};
  const auto padded = net.op(OpCode::pad, pad, {looked_up}, 48);
  const kernels::TransposeParams swap{{1, 4, 4, 3}, {48, 3, 12, 1}};
  const auto turned = net.op(OpCode::transpose, swap, {padded}, 48);

  plan::TargetOp layer = {};
  layer.weights_offset = net.constant<std::int8_t>({90, 0, 5, -7, 80, 0, 1, 2, 100}), layer.weights_bytes = 9;
  layer.bias_offset = net.constant<std::int32_t>({100, -200, 0});
  layer.multiplier_offset = net.constant<std::int32_t>({kHalf, kHalf, kHalf});
  layer.shift_offset = net.constant<std::int8_t>({-5, -6, -6}), layer.output_channels = 3;
  const auto conv = net.op(OpCode::conv2d_add, conv2d_add_params(), {turned, padded}, 48, layer);

  const Chain::Input row = {net.constant<std::int8_t>({10, -20, 30}) | plan::kInConstants, 3};
  const kernels::ElementwiseOperand whole{{48, 12, 3, 1}, 0, kHalf, 0}, broadcast{{0, 0, 0, 1}, 2, kHalf, -1};
  const kernels::AddParams add{{1, 4, 4, 3}, whole, broadcast, 1, 20, 0, kHalf, -18, -128, 127, 0};
  const auto difference = net.op(OpCode::add, add, {conv, row}, 48);
  const kernels::MulParams mul{{1, 4, 4, 3}, {48, 12, 3, 1}, {0, 0, 0, 1}, 0, 0, -3, kHalf, -4, -128, 127, 0};
  const auto product = net.op(OpCode::mul, mul, {difference, row}, 48);

  const kernels::ConcatenationParams side_by_side{16, 3, {3, 3, 3}};
  const auto all = net.op(OpCode::concatenation, side_by_side, {difference, product, conv}, 144);
  const auto real = net.op(OpCode::dequantize, kernels::QuantizeParams{144, 0.1f, 3, 0}, {all}, 576);
  return net.finish(input, real);
}

TEST(GeneratedOperators, CompileWithoutAWarningAndAnswerAsThePlanFile) {
  const CompiledPlan plan = chain();
  // Noise went through the whole chain: the answer is no single number.
  EXPECT_GT(std::count_if(plan.self_test_output.begin(), plan.self_test_output.end(),
                          [&](std::int8_t byte) { return byte != plan.self_test_output[0]; }),
            100);
  const TestFolder folder;
  std::vector<std::string> compile = {"g++", "-std=gnu++14", "-Os", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-I."};
  for (const auto& [path, text] : emit_cpp(plan, "a test")) {
    std::filesystem::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << text;
    if (path.ends_with(".cpp")) compile.push_back(path);
  }
  compile.insert(compile.end(), {"-o", "chain"});
  const ProcessResult compiled = run_process(compile, {.cwd = folder.path()});
  ASSERT_EQ(compiled.status, 0) << compiled.output;
  const ProcessResult ran = run_process({(folder / "chain").string()});
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST(GeneratedOperators, ShowEveryFieldWithItsName) {
  const std::string network = emit_cpp(chain(), "a test").at("chain_network.cpp");
  const auto shows = [&](const std::string& text) { return network.find(text) != std::string::npos; };
  EXPECT_TRUE(shows("    0.015625f,  // scale\n    -4,  // zero_point\n"));
  EXPECT_TRUE(shows("    {1, 2, 2, 3},  // input\n    {0, 1, 0, 0},  // before\n"));
  EXPECT_TRUE(shows("    {  // b\n        {0, 0, 0, 1},  // step\n        2,  // zero_point\n"));
  EXPECT_TRUE(shows("    },\n    1,  // subtract\n"));
  EXPECT_TRUE(shows("    {3, 3, 3, 0, 0, 0, 0, 0},  // inner_bytes\n"));
  EXPECT_TRUE(shows("lookup_s8(\n      kOp1, edgesmith::span_of(kOp1Table), {arena + "));
}

// The struct of every operator, word for word.
TEST(OpText, NamesAsManyWordsAsTheStructHas) {
  const auto words = [](OpCode code) {
    int count = 0;
    for (const cpp::Field& field : cpp::text_of(static_cast<std::uint32_t>(code)).fields)
      count += field.count;
    return 4 * static_cast<std::size_t>(count);
  };
  EXPECT_EQ(words(OpCode::fully_connected), sizeof(kernels::FullyConnectedParams));
  EXPECT_EQ(words(OpCode::conv2d), sizeof(kernels::Conv2dParams));
  EXPECT_EQ(words(OpCode::depthwise_conv2d), sizeof(kernels::Conv2dParams));
  EXPECT_EQ(words(OpCode::max_pool2d), sizeof(kernels::Pool2dParams));
  EXPECT_EQ(words(OpCode::average_pool2d), sizeof(kernels::Pool2dParams));
  EXPECT_EQ(words(OpCode::mean), sizeof(kernels::MeanParams));
  EXPECT_EQ(words(OpCode::softmax), sizeof(kernels::SoftmaxParams));
  EXPECT_EQ(words(OpCode::reshape), sizeof(kernels::ReshapeParams));
  EXPECT_EQ(words(OpCode::add), sizeof(kernels::AddParams));
  EXPECT_EQ(words(OpCode::mul), sizeof(kernels::MulParams));
  EXPECT_EQ(words(OpCode::pad), sizeof(kernels::PadParams));
  EXPECT_EQ(words(OpCode::transpose), sizeof(kernels::TransposeParams));
  EXPECT_EQ(words(OpCode::concatenation), sizeof(kernels::ConcatenationParams));
  EXPECT_EQ(words(OpCode::lookup), sizeof(kernels::LookupParams));
  EXPECT_EQ(words(OpCode::quantize), sizeof(kernels::QuantizeParams));
  EXPECT_EQ(words(OpCode::dequantize), sizeof(kernels::QuantizeParams));
  EXPECT_EQ(words(OpCode::conv2d_add), sizeof(kernels::Conv2dAddParams));
}

}  // namespace
}  // namespace edgesmith
