// Someone else's word on our int8 arithmetic: TensorFlow Lite Micro ran these models with its reference kernels and
// recorded the output of every operator, for eight inputs made by a linear congruential generator. Input 1 is there as
// bytes, the others as FNV-1a hashes. Ours must be equal to the bit.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/base/files.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"
#include "host/passes/passes.h"

namespace edgesmith {
namespace {

fs::path data_folder() {
  const char* configured = std::getenv("EDGESMITH_DATA");
  return configured ? configured : "../shared/data";
}

struct Model {
  const char* name;
  const char* folder;
};

void PrintTo(const Model& model, std::ostream* out) {
  *out << model.name;
}

Bytes input_of(std::uint32_t seed, std::size_t count) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1664525u + 1013904223u;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return bytes;
}

std::uint32_t fnv1a(const Bytes& bytes) {
  std::uint32_t hash = 2166136261u;
  for (const std::uint8_t byte : bytes)
    hash = (hash ^ byte) * 16777619u;
  return hash;
}

/// A line of fnv.txt: "seed 1 op 0 tensor 22 n 8000 fnv 2615159134".
struct Recorded {
  std::uint32_t seed, hash;
  std::size_t op, count;
};

std::vector<Recorded> read_hashes(const fs::path& path) {
  std::ifstream file(path);
  std::vector<Recorded> lines;
  std::string word;
  for (Recorded r{}; file >> word >> r.seed >> word >> r.op >> word >> word >> word >> r.count >> word >> r.hash;) {
    lines.push_back(r);
  }
  return lines;
}

class GoldenTflm : public testing::TestWithParam<Model> {
 protected:
  void SetUp() override {
    const fs::path model = data_folder() / "models" / GetParam().folder / (std::string(GetParam().name) + ".tflite");
    if (!fs::exists(model)) GTEST_SKIP() << "no " << model << ": set EDGESMITH_DATA";
    graph_ = convert::read_tflite(model);
    layers_ = data_folder() / "golden/tflm_runs" / (std::string(GetParam().name) + "_layers");
  }

  Bytes input(std::uint32_t seed) const {
    return input_of(seed, ir::tensor_bytes(graph_.tensor(graph_.inputs[0])));
  }
  /// Of the operator with this number in the file.
  const Bytes& output_of(const ir::Interpreter& interpreter, std::size_t op) const {
    const auto has_number = [op](const ir::Op& candidate) { return candidate.source_index == static_cast<int>(op); };
    return interpreter.tensor(std::find_if(graph_.ops.begin(), graph_.ops.end(), has_number)->outputs[0]);
  }

  ir::Graph graph_;
  fs::path layers_;
};

TEST_P(GoldenTflm, EveryOperatorGivesTheRecordedBytes) {
  ir::Interpreter interpreter(graph_);
  interpreter.run({input(1)});
  for (std::size_t op = 0; op < graph_.ops.size(); ++op) {
    const Bytes expected = read_bytes(layers_ / ("op" + std::to_string(op) + ".bin"));
    EXPECT_EQ(output_of(interpreter, op), expected) << "op " << op << " " << ir::op_name(graph_.ops[op].kind);
  }
}

TEST_P(GoldenTflm, EveryOperatorGivesTheRecordedHashesOnEightInputs) {
  ir::Interpreter interpreter(graph_);
  const std::vector<Recorded> lines = read_hashes(layers_ / "fnv.txt");
  ASSERT_EQ(lines.size(), 8 * graph_.ops.size());
  std::uint32_t seed = 0;
  for (const Recorded& line : lines) {
    if (line.seed != seed) interpreter.run({input(seed = line.seed)});
    const Bytes& bytes = output_of(interpreter, line.op);
    ASSERT_EQ(bytes.size(), line.count);
    EXPECT_EQ(fnv1a(bytes), line.hash) << "seed " << line.seed << " op " << line.op;
  }
}

TEST_P(GoldenTflm, EveryOperatorThatThePassesLeaveGivesTheRecordedHashes) {
  ir::Graph rewritten = graph_;
  passes::run_passes(rewritten, Rounding::tflm_double);
  ir::Interpreter interpreter(rewritten);
  std::uint32_t seed = 0;
  std::size_t compared = 0;
  for (const Recorded& line : read_hashes(layers_ / "fnv.txt")) {
    if (line.seed != seed) interpreter.run({input(seed = line.seed)});
    for (const ir::Op& op : rewritten.ops) {
      if (op.source_index != static_cast<int>(line.op)) continue;
      EXPECT_EQ(fnv1a(interpreter.tensor(op.outputs[0])), line.hash) << "seed " << line.seed << " op " << line.op;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8 * rewritten.ops.size());  // none of these networks needs a tensor that its file has not
}

TEST_P(GoldenTflm, SingleRoundingGivesOtherBytes) {
  ir::Interpreter twice(graph_, Rounding::tflm_double), once(graph_, Rounding::single);
  twice.run({input(1)});
  once.run({input(1)});
  std::size_t different = 0;
  for (std::size_t op = 0; op < graph_.ops.size(); ++op)
    different += output_of(twice, op) != output_of(once, op);
  EXPECT_GT(different, 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, GoldenTflm,
                         testing::Values(Model{"kws_ref_model", "mlperf-tiny"}, Model{"ad01_int8", "mlperf-tiny"},
                                         Model{"vww_96_int8", "mlperf-tiny"}, Model{"str_ww_ref_model", "mlperf-tiny"},
                                         Model{"pretrainedResnet_quant", "mlperf-tiny"},
                                         Model{"micro_speech_quantized", "tflite-micro"}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace edgesmith
