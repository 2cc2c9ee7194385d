#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/convert/tflite/sample_networks.h"
#include "host/convert/tflite/schema_generated.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"

namespace edgesmith::convert {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using Shape = std::vector<std::int32_t>;

// ---- files made by hand ----------------------------------------------------------------------------------------

struct FileTensor {
  std::string name;
  Shape shape;
  wire::TensorType type = wire::TensorType::FLOAT32;
  std::size_t data_bytes = 0;  // of `fill`; 0 = activation
  Shape signature = {};
  std::uint8_t fill = 0;
  float scale = 0;  // with zero point 0; 0: none
};

/// A file with one operator (code, options) on `tensors`; the last tensor is its output.
struct FileSpec {
  std::vector<FileTensor> tensors;
  int code = 3;
  wire::Options options_type = wire::Options::Conv2DOptions;
  std::function<Offset<void>(FlatBufferBuilder&)> options = [](FlatBufferBuilder& out) {
    return wire::CreateConv2DOptions(out, wire::Padding::SAME, 1, 1).Union();
  };
  int subgraphs = 1;
  std::uint32_t version = 3;
  std::string custom_code = "";
};

FileSpec conv_spec() {
  return {{{"x", {1, 4, 4, 2}},
           {"w", {3, 3, 3, 2}, wire::TensorType::FLOAT32, 54 * 4},
           {"b", {3}, wire::TensorType::FLOAT32, 3 * 4},
           {"y", {1, 4, 4, 3}}}};
}

Offset<wire::Tensor> add_tensor(FlatBufferBuilder& out, const FileTensor& tensor, std::uint32_t buffer) {
  const auto shape = out.CreateVector(tensor.shape);
  const auto name = out.CreateString(tensor.name);
  const auto signature = out.CreateVector(tensor.signature);
  Offset<wire::Quantization> quantization = 0;
  if (tensor.scale > 0) {
    const auto scale = out.CreateVector(std::vector{tensor.scale});
    const auto zero_point = out.CreateVector(std::vector<std::int64_t>{0});
    quantization = wire::CreateQuantization(out, 0, 0, scale, zero_point);
  }
  return wire::CreateTensor(out, shape, tensor.type, buffer, name, quantization, false, 0, signature);
}

std::vector<std::uint8_t> file_of(const FileSpec& spec) {
  FlatBufferBuilder out;
  std::vector<Offset<wire::Buffer>> buffers{wire::CreateBuffer(out)};
  std::vector<Offset<wire::Tensor>> tensors;
  Shape inputs, outputs{static_cast<std::int32_t>(spec.tensors.size()) - 1};
  for (const FileTensor& tensor : spec.tensors) {
    std::uint32_t buffer = 0;
    if (tensor.data_bytes) {
      buffer = static_cast<std::uint32_t>(buffers.size());
      const std::vector<std::uint8_t> data(tensor.data_bytes, tensor.fill);
      buffers.push_back(wire::CreateBuffer(out, out.CreateVector(data)));
    }
    inputs.push_back(static_cast<std::int32_t>(inputs.size()));
    tensors.push_back(add_tensor(out, tensor, buffer));
  }
  inputs.pop_back();
  const auto node = wire::CreateOperator(out, 0, out.CreateVector(inputs), out.CreateVector(outputs), spec.options_type,
                                         spec.options(out));
  const auto graph =
      wire::CreateSubGraph(out, out.CreateVector(tensors), out.CreateVector(Shape{0}), out.CreateVector(outputs),
                           out.CreateVector(std::vector{node}), out.CreateString("main"));
  const std::vector<Offset<wire::SubGraph>> graphs(static_cast<std::size_t>(spec.subgraphs), graph);
  const auto code = wire::CreateOperatorCode(out, static_cast<std::int8_t>(spec.code),
                                             out.CreateString(spec.custom_code), 1, spec.code);
  wire::FinishModelBuffer(out, wire::CreateModel(out, spec.version, out.CreateVector(std::vector{code}),
                                                 out.CreateVector(graphs), 0, out.CreateVector(buffers)));
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

ErrorText refusal_of(const std::vector<std::uint8_t>& bytes) {
  try {
    read_tflite(bytes, "net.tflite");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    return error.text;
  }
  ADD_FAILURE() << "was accepted";
  return {};
}

TEST(ReadTflite, SamePaddingBecomesExplicitPads) {
  const ir::Graph graph = read_tflite(file_of(conv_spec()), "net");
  ASSERT_EQ(graph.ops.size(), 1u);
  const ir::Attributes& attributes = graph.ops[0].attributes;
  EXPECT_EQ(attributes.pad_top, 1);
  EXPECT_EQ(attributes.pad_bottom, 1);
  EXPECT_EQ(attributes.pad_left, 1);
  EXPECT_EQ(attributes.pad_right, 1);
}

TEST(ReadTflite, BatchLeftOpenBecomesOne) {
  FileSpec spec = conv_spec();
  spec.tensors[0].signature = {-1, 4, 4, 2};
  EXPECT_EQ(read_tflite(file_of(spec), "net").tensor(0).shape[0], 1);
}

TEST(ReadTflite, RefusesAnyOtherOpenDimension) {
  FileSpec spec = conv_spec();
  spec.tensors[0].signature = {1, -1, 4, 2};
  EXPECT_EQ(refusal_of(file_of(spec)).what, "input 'x' leaves dimension 1 open, it is 1x?x4x2");
}

TEST(ReadTflite, AnOpenDimensionTakesTheSizeThatIsGiven) {
  FileSpec spec = conv_spec();
  spec.tensors[0].shape = {1, 1, 4, 2};
  spec.tensors[0].signature = {-1, -1, 4, 2};
  spec.tensors[3].shape = {1, 1, 4, 3};
  const ir::Graph graph = read_tflite(file_of(spec), "net", {.input_shapes = {{"x", {1, 6, 4, 2}}}});
  EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (std::vector<std::int64_t>{1, 6, 4, 2}));
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (std::vector<std::int64_t>{1, 6, 4, 3}));
  EXPECT_EQ(graph.ops[0].attributes.pad_top, 1);  // SAME of the new height
  EXPECT_EQ(read_tflite(file_of(spec), "net", {.input_shapes = {{"", {1, 6, 4, 2}}}}).ops.size(), 1u);
}

TEST(ReadTflite, AReshapeFollowsAnOpenDimension) {
  FileSpec spec;
  spec.tensors = {{"x", {1, 1, 4}}, {"y", {1, 4}}};
  spec.tensors[0].signature = {1, -1, 4};
  spec.code = 22;
  spec.options_type = wire::Options::ReshapeOptions;
  spec.options = [](FlatBufferBuilder& out) {
    return wire::CreateReshapeOptions(out, out.CreateVector(Shape{1, -1})).Union();
  };
  const ir::Graph graph = read_tflite(file_of(spec), "net", {.input_shapes = {{"x", {1, 5, 4}}}});
  EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (std::vector<std::int64_t>{1, 20}));
}

TEST(ReadTflite, RefusesASizeForAnInputThatHasAnother) {
  const auto refusal = [](const ReadOptions& options) -> std::string {
    FileSpec spec = conv_spec();
    spec.tensors[0].signature = {1, -1, 4, 2};
    try {
      read_tflite(file_of(spec), "net", options);
    } catch (const Error& error) {
      return error.text.what;
    }
    return "";
  };
  EXPECT_EQ(refusal({.input_shapes = {{"x", {1, 6, 5, 2}}}}), "input 'x' cannot have shape 1x6x5x2");
  EXPECT_NE(refusal({.input_shapes = {{"z", {1, 6, 4, 2}}}}).find("it has no input 'z'"), std::string::npos);
}

TEST(ReadTflite, WeightsThatAreOnlyStoredSmallBecomeFloat32) {
  FileSpec spec = conv_spec();
  spec.tensors[1] = {"w", {3, 3, 3, 2}, wire::TensorType::INT8, 54, {}, 3, 0.5f};
  ir::Graph graph = read_tflite(file_of(spec), "hybrid");
  float weight;
  std::memcpy(&weight, graph.tensor(graph.ops[0].inputs[1]).data.data(), sizeof weight);
  EXPECT_EQ(weight, 1.5f);
  spec.tensors[1] = {"w", {3, 3, 3, 2}, wire::TensorType::FLOAT16, 54 * 2, {}, 0x3c};
  graph = read_tflite(file_of(spec), "half");
  std::memcpy(&weight, graph.tensor(graph.ops[0].inputs[1]).data.data(), sizeof weight);
  EXPECT_EQ(weight, 1 + 60.0f / 1024);  // 0x3c3c
}

TEST(ReadTflite, RefusesHybridWeightsWithoutScale) {
  FileSpec spec = conv_spec();
  spec.tensors[1] = {"w", {3, 3, 3, 2}, wire::TensorType::INT8, 54};
  EXPECT_EQ(refusal_of(file_of(spec)).what, "'w' is quantised but has no scale");
}

TEST(ReadTflite, SqueezeIsAReshapeThatKeepsItsName) {
  FileSpec spec;
  spec.tensors = {{"x", {1, 1, 4}}, {"y", {1, 4}}};
  spec.code = 43;
  spec.options_type = wire::Options::NONE;
  spec.options = [](FlatBufferBuilder&) { return Offset<void>(0); };
  const ir::Graph graph = read_tflite(file_of(spec), "net");
  EXPECT_EQ(graph.ops[0].kind, ir::OpKind::reshape);
  EXPECT_EQ(graph.ops[0].source_kind, "SQUEEZE");
  EXPECT_EQ(graph.ops[0].source_index, 0);
}

TEST(ReadTflite, WhatTheGraphsChecksSayNamesTheNode) {
  FileSpec spec;
  spec.tensors = {{"x", {1, 4}, wire::TensorType::INT8}, {"y", {1, 4}, wire::TensorType::INT8}};
  spec.tensors[0].scale = spec.tensors[1].scale = 0.5f;
  spec.code = 14;  // LOGISTIC, whose int8 output has steps of 1/256
  spec.options_type = wire::Options::NONE;
  spec.options = [](FlatBufferBuilder&) { return Offset<void>(0); };
  const ErrorText text = refusal_of(file_of(spec));
  EXPECT_EQ(text.where, "net.tflite: node 0 (LOGISTIC)");
  EXPECT_EQ(text.expected, "scale 1/256, zero point -128");
  EXPECT_FALSE(text.try_this.empty());
}

TEST(ReadTflite, RefusesABatchOfMany) {
  FileSpec spec = conv_spec();
  spec.tensors[0].shape[0] = spec.tensors[3].shape[0] = 2;
  EXPECT_NE(refusal_of(file_of(spec)).what.find("input 'x' has shape 2x4x4x2"), std::string::npos);
}

TEST(ReadTflite, UnsupportedOperatorIsNamedWithItsNode) {
  FileSpec spec = conv_spec();
  spec.code = 5;  // DEPTH_TO_SPACE
  const ErrorText text = refusal_of(file_of(spec));
  EXPECT_EQ(text.where, "net.tflite: node 0 (DEPTH_TO_SPACE)");
  EXPECT_EQ(text.what, "this operator is not supported");
  EXPECT_NE(text.expected.find("CONV_2D"), std::string::npos);
  EXPECT_FALSE(text.try_this.empty());
}

TEST(ReadTflite, CustomOperatorIsCalledByItsOwnName) {
  FileSpec spec = conv_spec();
  spec.code = 32;
  spec.custom_code = "ethos-u\n";
  EXPECT_EQ(refusal_of(file_of(spec)).where, "net.tflite: node 0 (custom operator ethos-u?)");
}

TEST(ReadTflite, RefusesSeveralSubgraphs) {
  FileSpec spec = conv_spec();
  spec.subgraphs = 2;
  EXPECT_EQ(refusal_of(file_of(spec)).what, "it has 2 subgraphs");
}

TEST(ReadTflite, RefusesAnotherFormatVersion) {
  FileSpec spec = conv_spec();
  spec.version = 4;
  EXPECT_EQ(refusal_of(file_of(spec)).what, "its format version is 4");
}

TEST(ReadTflite, RefusesWeightsOfTheWrongLength) {
  FileSpec spec = conv_spec();
  spec.tensors[1].data_bytes = 54 * 4 - 4;
  EXPECT_EQ(refusal_of(file_of(spec)).what, "tensor 1 'w' has 212 bytes of data");
}

TEST(ReadTflite, RefusesShapesBeyondMemory) {
  FileSpec spec = conv_spec();
  spec.tensors[0].shape = {1, 2147483647, 2147483647, 2};
  EXPECT_NE(refusal_of(file_of(spec)).what.find("tensor 0 'x' is larger than 16 Mi elements"), std::string::npos);
}

TEST(ReadTflite, RefusesAStrideOfZero) {
  FileSpec spec = conv_spec();
  spec.options = [](FlatBufferBuilder& out) {
    return wire::CreateConv2DOptions(out, wire::Padding::SAME, 0, 1).Union();
  };
  EXPECT_EQ(refusal_of(file_of(spec)).what, "its horizontal stride is 0");
}

TEST(ReadTflite, RefusesOptionsOfAnotherOperator) {
  FileSpec spec = conv_spec();
  spec.options_type = wire::Options::SoftmaxOptions;
  spec.options = [](FlatBufferBuilder& out) { return wire::CreateSoftmaxOptions(out, 1).Union(); };
  EXPECT_EQ(refusal_of(file_of(spec)).what, "its options are missing");
}

TEST(ReadTflite, RefusesGroupedConvolution) {
  FileSpec spec = conv_spec();
  spec.tensors[1] = {"w", {3, 3, 3, 1}, wire::TensorType::FLOAT32, 27 * 4};
  EXPECT_EQ(refusal_of(file_of(spec)).what, "its input has 2 channels and its filter 1");
}

TEST(ReadTflite, RefusesUint8Networks) {
  FileSpec spec = conv_spec();
  spec.tensors[0].type = wire::TensorType::UINT8;
  EXPECT_EQ(refusal_of(file_of(spec)).what, "it computes in uint8");
}

TEST(ReadTflite, TellsAllProblemsAtOnce) {
  ir::Graph graph = sample_cnn();
  std::vector<std::uint8_t> bytes = write_tflite(graph);
  const wire::Model* model = wire::GetModel(bytes.data());
  for (const wire::OperatorCode* code : *model->operator_codes()) {
    if (code->builtin_code() != 3 && code->builtin_code() != 25) continue;
    // The codes are stored in place: CONV_2D becomes LSTM and SOFTMAX becomes TOPK_V2.
    auto* table = const_cast<wire::OperatorCode*>(code);
    const std::int32_t changed = code->builtin_code() == 3 ? 16 : 48;
    ASSERT_TRUE(reinterpret_cast<flatbuffers::Table*>(table)->SetField<std::int32_t>(10, changed, 0));
    ASSERT_TRUE(reinterpret_cast<flatbuffers::Table*>(table)->SetField<std::int8_t>(4, 0, 0));
  }
  const ErrorText text = refusal_of(bytes);
  EXPECT_EQ(text.where, "net.tflite");
  EXPECT_EQ(text.what,
            "this network cannot be taken as it is, for 2 reasons\n"
            "  nodes 0, 3 (LSTM): this operator is not supported\n"
            "  node 7 (TOPK_V2): this operator is not supported");
}

TEST(ReadTflite, RefusesWhatIsNotTflite) {
  EXPECT_EQ(refusal_of({}).code, "tflite.not_tflite");
  EXPECT_EQ(refusal_of({'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}).code, "tflite.not_tflite");
}

TEST(ReadTflite, ReadsFromAnyAddress) {
  std::vector<std::uint8_t> bytes = file_of(conv_spec());
  bytes.insert(bytes.begin(), 0);
  EXPECT_EQ(read_tflite(std::span(bytes).subspan(1), "net").ops.size(), 1u);
}

// ---- real files ------------------------------------------------------------------------------------------------

fs::path models() {
  const char* data = std::getenv("EDGESMITH_DATA");
  return fs::path(data ? data : "../shared/data") / "models";
}

TEST(ReadTflite, TakesPublicNetworksOfSupportedOperators) {
  if (!fs::exists(models())) GTEST_SKIP() << models() << " is not there (set EDGESMITH_DATA)";
  const std::map<std::string, std::size_t> operators = {
      {"mlperf-tiny/kws_ref_model.tflite", 13},
      {"mlperf-tiny/ad01_int8.tflite", 10},
      {"mlperf-tiny/ad01_fp32.tflite", 10},
      {"mlperf-tiny/vww_96_int8.tflite", 31},
      {"mlperf-tiny/vww_96_float.tflite", 31},
      {"mlperf-tiny/str_ww_ref_model.tflite", 11},
      {"mlperf-tiny-results-v1.3/kws_saved_model_variables.tflite", 12},
      {"tflite-micro/hello_world_int8.tflite", 3},
      {"tflite-micro/hello_world_float.tflite", 3},
      {"tflite-micro/micro_speech_quantized.tflite", 4},
      {"fan_autoencoder/fan_low_model.tflite", 2},
      {"mlperf-tiny/pretrainedResnet.tflite", 16},
      {"mlperf-tiny/pretrainedResnet_quant.tflite", 16},
      {"mlperf-tiny/pretrainedResnet_large_int8.tflite", 16},
      {"mlperf-tiny/kws_ref_model_float32.tflite", 13},           // int8 weights beside float32
      {"mediapipe/face_detection_short_range.tflite", 164 - 74},  // float16 weights behind 74 DEQUANTIZEs
      {"tflite-micro/simple_add_model.tflite", 1},
  };
  for (const auto& [file, count] : operators)
    EXPECT_EQ(read_tflite(models() / file).ops.size(), count) << file;
}

TEST(ReadTflite, EveryPublicNetworkRunsOrIsRefusedWithAdvice) {
  if (!fs::exists(models())) GTEST_SKIP() << models() << " is not there (set EDGESMITH_DATA)";
  std::size_t run = 0, refused = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(models())) {
    if (entry.path().extension() != ".tflite") continue;
    try {
      const ir::Graph graph = read_tflite(entry.path());
      std::vector<Bytes> zeros;
      for (const ir::TensorId id : graph.inputs)
        zeros.emplace_back(ir::tensor_bytes(graph.tensor(id)), 0);
      EXPECT_EQ(ir::Interpreter(graph).run(zeros).size(), graph.outputs.size());
      ++run;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::request) << entry.path();
      EXPECT_FALSE(error.text.try_this.empty()) << entry.path();
      ++refused;
    }
  }
  EXPECT_GE(run, 19u);
  EXPECT_GE(refused, 10u);
}

TEST(ReadTflite, RefusesPublicNetworksBeyondIt) {
  if (!fs::exists(models())) GTEST_SKIP() << models() << " is not there (set EDGESMITH_DATA)";
  const std::map<std::string, std::string> places = {
      {"refuse/person_detect_vela.tflite", "person_detect_vela.tflite: node 0 (custom operator ethos-u)"},
      {"micro-wake-word/hey_jarvis.tflite", "hey_jarvis.tflite"},
      {"micro-wake-word/alexa.tflite", "alexa.tflite"},
      {"tflite-micro/keyword_scrambled.tflite", "keyword_scrambled.tflite"},
      {"tflite-micro/keyword_scrambled_8bit.tflite", "keyword_scrambled_8bit.tflite"},
      {"tflite-micro/audio_preprocessor_int8.tflite", "audio_preprocessor_int8.tflite"},
      {"tflite-micro/dtln_noise_suppression.tflite",
       "dtln_noise_suppression.tflite: nodes 0, 1 (UNIDIRECTIONAL_SEQUENCE_LSTM)"},
      {"tflite-micro/micro_speech_lstm.tflite", "micro_speech_lstm.tflite: node 0 (UNIDIRECTIONAL_SEQUENCE_LSTM)"},
  };
  for (const auto& [file, place] : places) {
    const ErrorText text = refusal_of(read_bytes(models() / file));
    EXPECT_EQ("net.tflite" + place.substr(fs::path(file).filename().string().size()), text.where);
    EXPECT_FALSE(text.what.empty());
    EXPECT_FALSE(text.try_this.empty());
  }
}

}  // namespace
}  // namespace edgesmith::convert
