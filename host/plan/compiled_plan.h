#pragma once
// The compiled form of a project: one plan with all its constants and identities. Immutable once made; the two back
// ends print it (host/codegen) and compute nothing.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "device/plan/format.h"
#include "host/ir/graph.h"
#include "host/plan/road_plan.h"
#include "host/project/project.h"

namespace edgesmith {

using Digest = std::array<std::uint8_t, 32>;
std::string hex(const Digest& digest);
Digest digest_from_hex(const std::string& text);  // 64 digits

/// Where one activation tensor lies in the arena, and from which to which operator it is alive.
struct ArenaTensor {
  std::string name, shape;  // shape: "1x1x80x3"
  std::uint32_t offset = 0, bytes = 0;
  int first_op = 0, last_op = 0;
};

struct CompiledPlan {
  std::string name, version;
  Digest plan_id = {}, model_hash = {}, preprocess_id = {}, decision_hash = {}, labels_hash = {};
  Rounding rounding = Rounding::tflm_double;

  RoadPlan road;
  plan::RulesRecord rules = {};
  std::vector<decision::ClassRule> class_rules;
  std::vector<std::string> labels;

  plan::TensorRecord input = {}, output = {};
  std::vector<plan::ContractOp> ops;
  std::vector<std::string> op_names;
  std::vector<std::string> op_shapes;  // "1x1x80x3 -> 1x1x80x12"

  plan::TargetRecord target = {};
  std::vector<plan::TargetOp> places;
  std::vector<std::uint8_t> weights;  // weights, bias, multiplier, shift of every operator, each aligned to 16
  std::vector<ArenaTensor> arena;
  std::uint32_t lower_bound_bytes = 0;

  plan::SelfTestRecord self_test = {};
  std::vector<float> self_test_center, self_test_spread;  // [channels]
  std::vector<std::int8_t> self_test_output;
};

/// What compile_plan() needs beside the project.
struct PlanInputs {
  const Project& project;
  RoadPlan road;                   // with normalisation fitted
  const ir::Graph& network;        // int8, ending in SOFTMAX
  Digest model_hash;               // SHA-256 of the exported int8 .tflite
  std::vector<double> thresholds;  // [classes]
  std::vector<float> center,
      spread;  // [channels]: mean and standard deviation of the training samples, for the self-test
};

/// Errors: an operator that the runtime lacks, a network whose input is not the road's feature vector or whose output
/// is not one score per class.
CompiledPlan compile_plan(const PlanInputs& inputs);

/// Bytes of a section; the same in the plan file and under the hash.
std::vector<std::uint8_t> section_bytes(const CompiledPlan& plan, plan::Section section);

/// The whole plan file; see device/plan/format.h.
std::vector<std::uint8_t> plan_file_bytes(const CompiledPlan& plan);

/// Bytes of memory that a pipeline running this plan takes, by purpose. All of them static, in .bss.
struct RamUse {
  std::uint32_t arena = 0, state = 0, rings = 0, features = 0, config = 0;
};
RamUse ram_use(const CompiledPlan& plan);

}  // namespace edgesmith
