#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "device/runtime/pipeline.h"
#include "host/base/error.h"
#include "host/base/hash.h"
#include "host/ir/lowering.h"
#include "host/layout/layout.h"
#include "host/plan/compiled_plan.h"
#include "host/plan/known_answer.h"

namespace edgesmith {
namespace {

plan::OpCode op_code(ir::OpKind kind) {
  switch (kind) {
    case ir::OpKind::fully_connected:
      return plan::OpCode::fully_connected;
    case ir::OpKind::conv2d:
      return plan::OpCode::conv2d;
    case ir::OpKind::depthwise_conv2d:
      return plan::OpCode::depthwise_conv2d;
    case ir::OpKind::max_pool2d:
      return plan::OpCode::max_pool2d;
    case ir::OpKind::average_pool2d:
      return plan::OpCode::average_pool2d;
    case ir::OpKind::mean:
      return plan::OpCode::mean;
    case ir::OpKind::softmax:
      return plan::OpCode::softmax;
    case ir::OpKind::reshape:
      return plan::OpCode::reshape;
    case ir::OpKind::relu:
    case ir::OpKind::batch_norm:
      break;
  }
  throw Error(ErrorKind::defect, {.code = "plan.operator",
                                  .what = "an operator that only float networks have reached the plan",
                                  .where = ir::op_name(kind),
                                  .expected = "fused or folded by the passes"});
}

/// Appends a constant at the next multiple of 16; answers where.
template <typename T>
std::uint32_t pack(CompiledPlan& plan, const T* values, std::size_t count) {
  while (plan.weights.size() % plan::kSectionAlignment != 0)
    plan.weights.push_back(0);
  const auto offset = static_cast<std::uint32_t>(plan.weights.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
  plan.weights.insert(plan.weights.end(), bytes, bytes + count * sizeof(T));
  return offset;
}

void place_weights(const ir::Graph& graph, const ir::LoweredOp& op, CompiledPlan& plan, plan::TargetOp& place) {
  const ir::Tensor& weights = graph.tensor(op.weights);
  const std::size_t channels = op.multiplier.size();
  const std::vector<std::int32_t> bias = ir::bias_values(graph, op);
  place.output_channels = static_cast<std::uint32_t>(channels);
  place.weights_offset = pack(plan, weights.data.data(), weights.data.size());
  place.weights_bytes = static_cast<std::uint32_t>(weights.data.size());
  place.bias_offset = pack(plan, bias.data(), channels);
  place.multiplier_offset = pack(plan, op.multiplier.data(), channels);
  place.shift_offset = pack(plan, op.shift.data(), channels);
}

void add_op(const ir::Graph& graph, const layout::Layout& layout, const ir::Op& op, CompiledPlan& plan) {
  const ir::LoweredOp lowered = ir::lower(graph, op, plan.rounding);
  plan::ContractOp contract = {};
  plan::TargetOp place = {};
  contract.code = static_cast<std::uint32_t>(op_code(op.kind));
  contract.input_bytes = static_cast<std::uint32_t>(ir::tensor_bytes(graph.tensor(lowered.input)));
  contract.output_bytes = static_cast<std::uint32_t>(ir::tensor_bytes(graph.tensor(lowered.output)));
  std::visit([&contract](const auto& params) { std::memcpy(contract.params, &params, sizeof params); }, lowered.params);
  place.input_offset = static_cast<std::uint32_t>(layout.offsets[static_cast<std::size_t>(lowered.input)]);
  place.output_offset = static_cast<std::uint32_t>(layout.offsets[static_cast<std::size_t>(lowered.output)]);
  if (!lowered.multiplier.empty()) place_weights(graph, lowered, plan, place);
  plan.ops.push_back(contract);
  plan.places.push_back(place);
  plan.op_names.push_back(op.name.empty() ? ir::op_name(op.kind) : op.name);
  plan.op_shapes.push_back(ir::shape_text(graph.tensor(lowered.input).shape) + " -> " +
                           ir::shape_text(graph.tensor(lowered.output).shape));
}

plan::TensorRecord tensor_record(const ir::Tensor& tensor, plan::Meaning meaning) {
  plan::TensorRecord record = {};
  std::vector<std::uint32_t> dims;
  for (std::int64_t dim : tensor.shape)
    dims.push_back(static_cast<std::uint32_t>(dim));
  while (dims.size() < 4)
    dims.insert(dims.begin(), 1);
  std::copy_n(dims.begin(), 4, record.dims);
  record.scale = tensor.quantization.scale.at(0);
  record.zero_point = static_cast<std::int32_t>(tensor.quantization.zero_point.at(0));
  record.meaning = static_cast<std::uint32_t>(meaning);
  record.dtype = plan::kInt8;
  return record;
}

/// The operators that write and last read a tensor; network inputs are there from the start.
void set_lifetime(const ir::Graph& graph, ir::TensorId id, ArenaTensor& place) {
  const auto uses = [id](const std::vector<ir::TensorId>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    if (uses(graph.ops[i].outputs)) place.first_op = place.last_op = static_cast<int>(i);
    if (uses(graph.ops[i].inputs)) place.last_op = static_cast<int>(i);
  }
}

std::vector<ArenaTensor> arena_map(const ir::Graph& graph, const layout::Layout& layout) {
  std::vector<ArenaTensor> map;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    if (layout.offsets[t] == layout::kNoOffset) continue;
    ArenaTensor place = {graph.tensors[t].name, ir::shape_text(graph.tensors[t].shape),
                         static_cast<std::uint32_t>(layout.offsets[t]),
                         static_cast<std::uint32_t>(ir::tensor_bytes(graph.tensors[t]))};
    set_lifetime(graph, static_cast<ir::TensorId>(t), place);
    map.push_back(place);
  }
  return map;
}

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
  plan.rounding = in.project.quantize.rounding == "single" ? Rounding::single : Rounding::tflm_double;
  plan.road = in.road;
  plan.labels = in.project.labels.classes;
  add_rules(in, plan);
  const layout::Layout layout = layout::plan_arena(in.network);
  const ir::Tensor& input = in.network.tensor(in.network.inputs[0]);
  const ir::Tensor& output = in.network.tensor(in.network.outputs[0]);
  plan.input = tensor_record(input, plan::Meaning::features);
  plan.output = tensor_record(output, plan::Meaning::probabilities);
  for (const ir::Op& op : in.network.ops)
    add_op(in.network, layout, op, plan);
  plan.target = {static_cast<std::uint32_t>(plan::KernelSet::reference), plan::kReferenceLayoutVersion,
                 static_cast<std::uint32_t>(layout.arena_bytes),
                 static_cast<std::uint32_t>(layout.offsets[static_cast<std::size_t>(in.network.inputs[0])]),
                 static_cast<std::uint32_t>(layout.offsets[static_cast<std::size_t>(in.network.outputs[0])])};
  plan.arena = arena_map(in.network, layout);
  plan.lower_bound_bytes = static_cast<std::uint32_t>(layout.lower_bound_bytes);
  plan.self_test_center = in.center;
  plan.self_test_spread = in.spread;
  add_self_test(plan);
  add_identities(plan);
  return plan;
}

RamUse ram_use(const CompiledPlan& plan) {
  const RoadSpec spec = plan.road.spec();
  RamUse use;
  use.arena = plan.target.arena_bytes;
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
