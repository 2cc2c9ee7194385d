// Other people's ONNX networks with inputs and outputs: the model zoo's mnist, one-operator networks that PyTorch
// exported, quantised networks from the MLPerf Tiny results. Tolerance 1e-4 absolute, 1e-3 relative, as those vectors
// state: sums run in another order there.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "host/base/files.h"
#include "host/convert/onnx/onnx.h"
#include "host/convert/onnx/wire.h"
#include "host/convert/problems.h"
#include "host/ir/interpreter.h"

namespace edgesmith {
namespace {

fs::path data_folder() {
  const char* configured = std::getenv("EDGESMITH_DATA");
  return configured ? configured : "../shared/data";
}

std::vector<float> floats_of(const fs::path& file) {
  const convert::onnx::WireTensor tensor = convert::onnx::parse_tensor(read_bytes(file), file.string());
  const std::vector<double>& values = tensor.get().values;
  return {values.begin(), values.end()};
}

Bytes bytes_of(const float* values, std::size_t count) {
  Bytes bytes(count * sizeof(float));
  std::memcpy(bytes.data(), values, bytes.size());
  return bytes;
}

/// Runs the network once for each item of the batch that `input` holds.
std::vector<float> run(const ir::Graph& graph, const std::vector<float>& input) {
  ir::Interpreter interpreter(graph);
  const auto elems = static_cast<std::size_t>(ir::elems(graph.tensor(graph.inputs.at(0)).shape));
  EXPECT_EQ(input.size() % elems, 0u);
  std::vector<float> output;
  for (std::size_t at = 0; at + elems <= input.size(); at += elems) {
    const Bytes bytes = interpreter.run({bytes_of(input.data() + at, elems)}).at(0);
    output.resize(output.size() + bytes.size() / sizeof(float));
    std::memcpy(output.data() + output.size() - bytes.size() / sizeof(float), bytes.data(), bytes.size());
  }
  return output;
}

void expect_close(const std::vector<float>& found, const std::vector<float>& expected, const std::string& where) {
  ASSERT_EQ(found.size(), expected.size()) << where;
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], expected[i], 1e-4 + 1e-3 * std::abs(expected[i])) << where << " value " << i;
}

void expect_vectors(const ir::Graph& graph, const fs::path& folder) {
  int sets = 0;
  for (; fs::exists(folder / ("test_data_set_" + std::to_string(sets))); ++sets) {
    const fs::path set = folder / ("test_data_set_" + std::to_string(sets));
    expect_close(run(graph, floats_of(set / "input_0.pb")), floats_of(set / "output_0.pb"), set.string());
  }
  EXPECT_GT(sets, 0) << folder;
}

TEST(GoldenOnnx, MnistGivesTheRecordedOutputs) {
  const fs::path folder = data_folder() / "golden/onnx_mnist";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder << ": set EDGESMITH_DATA";
  expect_vectors(convert::read_onnx(folder / "model.onnx"), folder);
}

TEST(GoldenOnnx, PytorchNetworksGiveTheRecordedOutputsOrAreRefused) {
  const fs::path root = data_folder() / "golden/onnx_pytorch_converted";
  if (!fs::exists(root)) GTEST_SKIP() << "no " << root << ": set EDGESMITH_DATA";
  std::vector<std::string> refused;
  int ran = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    try {
      expect_vectors(convert::read_onnx(entry.path() / "model.onnx"), entry.path());
      ++ran;
    } catch (const convert::RefusedFile& refusal) {
      EXPECT_FALSE(refusal.text.try_this.empty()) << refusal.what();
      refused.push_back(entry.path().filename().string());
    }
  }
  std::sort(refused.begin(), refused.end());
  std::printf("  ran %d, refused %zu:", ran, refused.size());
  for (const std::string& name : refused)
    std::printf(" %s", name.c_str());
  std::printf("\n");
  // Pooling along three dimensions is what we do not take.
  const std::vector<std::string> expected = {
      "test_AvgPool3d", "test_AvgPool3d_stride", "test_AvgPool3d_stride1_pad0_gpu_input",
      "test_MaxPool3d", "test_MaxPool3d_stride", "test_MaxPool3d_stride_padding"};
  EXPECT_EQ(refused, expected);
  EXPECT_EQ(ran, 45);
}

TEST(GoldenOnnx, QuantisedAndFloatMlperfNetworksRun) {
  const fs::path folder = data_folder() / "models/mlperf-tiny-results-v1.3";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder << ": set EDGESMITH_DATA";
  for (const char* name : {"deep_autoencoder", "kws_ref_model", "mobilenet_v1", "resnet", "vww_96_float"}) {
    const ir::Graph graph = convert::read_onnx(folder / (std::string(name) + ".onnx"));
    const std::vector<float> zeros(static_cast<std::size_t>(ir::elems(graph.tensor(graph.inputs[0]).shape)), 0);
    const std::vector<float> output = run(graph, zeros);
    for (const float value : output)
      EXPECT_TRUE(std::isfinite(value)) << name;
  }
}

TEST(GoldenOnnx, ControlFlowIsRefusedWithAdvice) {
  const fs::path file = data_folder() / "models/refuse/silero_vad_v5.onnx";
  if (!fs::exists(file)) GTEST_SKIP() << "no " << file << ": set EDGESMITH_DATA";
  try {
    convert::read_onnx(file);
    FAIL() << "accepted";
  } catch (const convert::RefusedFile& refusal) {
    EXPECT_NE(refusal.text.what.find("If"), std::string::npos) << refusal.what();
    EXPECT_NE(refusal.text.try_this.find("branch"), std::string::npos) << refusal.what();
  }
}

}  // namespace
}  // namespace edgesmith
