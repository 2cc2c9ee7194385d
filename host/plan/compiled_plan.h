#pragma once
// The compiled form of a project: one plan with all its constants and identities. Immutable once made; the two back
// ends print it (host/codegen) and compute nothing.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "device/plan/format.h"
#include "host/ir/graph.h"
#include "host/plan/network_plan.h"
#include "host/plan/road_plan.h"
#include "host/project/project.h"

namespace edgesmith {

using Digest = std::array<std::uint8_t, 32>;
std::string hex(const Digest& digest);
Digest digest_from_hex(const std::string& text);  // 64 digits

struct CompiledPlan {
  std::string name, version;
  Digest plan_id = {}, model_hash = {}, preprocess_id = {}, decision_hash = {}, labels_hash = {};

  RoadPlan road;  // without channels: a bare network, which has no rules and no labels either
  plan::RulesRecord rules = {};
  std::vector<decision::ClassRule> class_rules;
  std::vector<std::string> labels;

  NetworkPlan network;

  plan::SelfTestRecord self_test = {};
  std::vector<float> self_test_center, self_test_spread;  // [channels]
  std::vector<std::int8_t> self_test_output;              // bare network: of all outputs, one after another

  bool bare() const {
    return road.record.channels == 0;
  }
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
  NetworkOptions options;
};

/// Errors: an operator that the runtime lacks, a network whose input is not the road's feature vector or whose output
/// is not one score per class.
CompiledPlan compile_plan(const PlanInputs& inputs);

/// A plan that is a network alone. Its self-test input is noise. Errors: see plan_network().
CompiledPlan compile_bare_network(const std::string& name, const ir::Graph& network, const Digest& model_hash,
                                  const NetworkOptions& options);

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
