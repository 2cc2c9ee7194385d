#include <fmt/format.h>

#include <algorithm>

#include "device/runtime/pipeline.h"
#include "host/base/error.h"
#include "host/base/hash.h"
#include "host/plan/compiled_plan.h"
#include "host/plan/known_answer.h"

namespace edgesmith {
namespace {

void check_ends(const PlanInputs& in) {
  const ir::Graph& graph = in.network;
  const auto fail = [&](const char* code, std::string what, std::string expected, std::string found, std::string next) {
    throw Error({.code = code,
                 .what = std::move(what),
                 .where = graph.name,
                 .expected = std::move(expected),
                 .found = std::move(found),
                 .try_this = std::move(next)});
  };
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1) {
    fail("plan.ends", "the network has several inputs or outputs", "one of each",
         fmt::format("{} inputs, {} outputs", graph.inputs.size(), graph.outputs.size()), "split the network");
  }
  const ir::Tensor& input = graph.tensor(graph.inputs[0]);
  const ir::Tensor& output = graph.tensor(graph.outputs[0]);
  for (const ir::Tensor* end : {&input, &output}) {
    const float scale = end->quantization.scale.size() == 1 ? end->quantization.scale[0] : 0.0f;
    if (end->shape.size() > 4 || end->dtype != ir::DType::s8 || !(scale >= 1e-9f && scale <= 1e9f)) {
      fail("plan.tensor", "a tensor at the network's ends is none that the runtime knows",
           "int8 of at most four dimensions, one scale within 1e-9 to 1e9",
           fmt::format("'{}', {} {}, scale {}", end->name, ir::dtype_name(end->dtype), ir::shape_text(end->shape),
                       scale),
           "look at its quantization; quantise the network again");
    }
  }
  if (ir::elems(input.shape) != in.road.feature_elems()) {
    fail("plan.input", "the network's input is not the project's feature vector",
         fmt::format("{} values, as [window] and [features] say", in.road.feature_elems()), ir::shape_text(input.shape),
         "set [window] length_samples and [features] to what the network was trained on");
  }
  if (ir::elems(output.shape) != static_cast<std::int64_t>(in.project.labels.classes.size())) {
    fail("plan.output", "the network's output is not one score per class",
         fmt::format("{} scores, as [labels] classes says", in.project.labels.classes.size()),
         ir::shape_text(output.shape), "list the network's classes in [labels] classes, in its order");
  }
}

void add_rules(const PlanInputs& in, CompiledPlan& plan) {
  const DecisionSection& decision = in.project.decision;
  const auto index_of = [&](const std::string& label) {
    const auto at = std::find(plan.labels.begin(), plan.labels.end(), label);
    return at == plan.labels.end() ? decision::kNoClass : static_cast<std::int32_t>(at - plan.labels.begin());
  };
  const std::string& reject = decision.reject_to.empty() ? in.project.labels.idle : decision.reject_to;
  plan.rules.reject_to = index_of(reject);
  plan.rules.votes_needed = static_cast<std::uint8_t>(decision.votes_needed);
  plan.rules.votes_of = static_cast<std::uint8_t>(decision.votes_of);
  using decision::Emit;
  const Emit emit = decision.emit == "onset" ? Emit::onset : decision.emit == "change" ? Emit::change : Emit::every_hop;
  plan.rules.emit = static_cast<std::uint8_t>(emit);
  plan.rules.shared_cooldown = decision.cooldowns_ms.empty();
  for (double threshold : in.thresholds) {
    plan.class_rules.push_back({static_cast<float>(threshold), static_cast<std::uint32_t>(decision.cooldown_ms)});
  }
  for (const auto& [label, ms] : decision.cooldowns_ms) {
    plan.class_rules.at(static_cast<std::size_t>(index_of(label))).cooldown_ms = static_cast<std::uint32_t>(ms);
  }
}

Digest digest_of(const CompiledPlan& plan, std::initializer_list<plan::Section> sections) {
  HashBuilder hash;
  for (plan::Section section : sections) {
    const std::vector<std::uint8_t> bytes = section_bytes(plan, section);
    hash.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  return digest_from_hex(hash.hex());
}

void add_identities(CompiledPlan& plan) {
  using namespace edgesmith::plan;
  plan.preprocess_id = digest_of(plan, {kRoad, kConditioning, kSignals, kNormalize});
  plan.decision_hash = digest_of(plan, {kRanges, kRules, kClassRules});
  plan.labels_hash = digest_of(plan, {kLabels});
  HashBuilder contract;
  for (std::uint32_t s = 0; s < kContractSections; ++s) {
    const std::vector<std::uint8_t> bytes = section_bytes(plan, static_cast<Section>(s));
    contract.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  plan.plan_id = digest_from_hex(contract.hex());
}

}  // namespace

CompiledPlan compile_plan(const PlanInputs& in) {
  check_ends(in);
  CompiledPlan plan;
  plan.name = in.project.name;
  plan.version = in.project.version;
  plan.model_hash = in.model_hash;
  plan.road = in.road;
  plan.labels = in.project.labels.classes;
  add_rules(in, plan);
  NetworkOptions options = in.options;
  options.rounding = in.project.quantize.rounding == "single" ? Rounding::single : Rounding::tflm_double;
  plan.network = plan_network(in.network, options);
  plan.network.inputs[0].record.meaning = static_cast<std::uint32_t>(plan::Meaning::features);
  plan.network.outputs[0].record.meaning = static_cast<std::uint32_t>(plan::Meaning::probabilities);
  plan.self_test_center = in.center;
  plan.self_test_spread = in.spread;
  add_self_test(plan);
  add_identities(plan);
  return plan;
}

CompiledPlan compile_bare_network(const std::string& name, const ir::Graph& network, const Digest& model_hash,
                                  const NetworkOptions& options) {
  CompiledPlan plan;
  plan.name = name;
  plan.model_hash = model_hash;
  plan.network = plan_network(network, options);
  add_network_self_test(plan);
  add_identities(plan);
  return plan;
}

RamUse ram_use(const CompiledPlan& plan) {
  RamUse use;
  use.arena = plan.network.arena_bytes;
  if (plan.bare()) return use;
  const RoadSpec spec = plan.road.spec();
  use.rings = fifo_bytes(spec) + 4 * road_ring_floats(spec);
  use.state = 4 * road_state_floats(spec) + kPipelineBytes32;
  use.features = 4 * static_cast<std::uint32_t>(plan.labels.size());
  use.config = 4 * static_cast<std::uint32_t>(plan.labels.size());
  return use;
}

std::string hex(const Digest& digest) {
  std::string text;
  for (std::uint8_t byte : digest)
    text += fmt::format("{:02x}", byte);
  return text;
}

Digest digest_from_hex(const std::string& text) {
  Digest digest = {};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  }
  return digest;
}

}  // namespace edgesmith
