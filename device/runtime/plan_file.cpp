// Input is untrusted: sizes and offsets are checked here, meanings by check_plan() and the kernels' own checks.

#include "device/runtime/plan_file.h"

#include <string.h>

#include "device/runtime/operators.h"
#include "device/runtime/pipeline.h"

namespace edgesmith {
namespace {

using plan::Reader;

bool zero_ended(const char* text, size_t capacity) {
  return memchr(text, '\0', capacity) != nullptr;
}

/// Number of names; 0 when the last one is not ended.
uint32_t count_labels(Span<const uint8_t> labels) {
  if (labels.empty() || labels[labels.size() - 1] != 0) return 0;
  uint32_t count = 0;
  for (uint8_t byte : labels)
    count += byte == 0;
  return count;
}

Status read_info(const Reader& reader, Info& info) {
  const plan::InfoRecord* record = reader.record<plan::InfoRecord>(plan::kInfo);
  if (record == nullptr || !zero_ended(record->name, sizeof record->name)) return Status::plan_malformed;
  if (!zero_ended(record->version, sizeof record->version)) return Status::plan_malformed;
  const bool too_new = record->min_runtime > plan::kInterfaceVersion || record->operator_set > plan::kOperatorSet;
  if (too_new) return Status::plan_version;
  const Span<const uint8_t> labels = reader.section(plan::kLabels);
  info.name = record->name;
  info.version = record->version;
  info.plan_id = reader.header().plan_id;
  info.labels = reinterpret_cast<const char*>(labels.data);
  info.classes = count_labels(labels);
  return info.classes > 0 ? Status::ok : Status::plan_malformed;
}

bool read_road(const Reader& reader, RoadSpec& road) {
  const plan::RoadRecord* record = reader.record<plan::RoadRecord>(plan::kRoad);
  Span<const float> constants = {nullptr, 0};
  if (record == nullptr || record->format > 255 || record->feature_kind > 255) return false;
  if (!reader.array(plan::kConditioning, road.conditioning) || !reader.array(plan::kSignals, road.features.signals) ||
      !reader.array(plan::kNormalize, constants)) {
    return false;
  }
  road.channels = record->channels;
  road.format = static_cast<SampleFormat>(record->format);
  road.scale = record->scale;
  road.window_samples = record->window_samples;
  road.hop_samples = record->hop_samples;
  road.settling_samples = record->settling_samples;
  road.hop_us = record->hop_us;
  road.fifo_samples = record->fifo_samples;
  road.features.kind = static_cast<signal::FeatureKind>(record->feature_kind);
  const size_t half = constants.size() / 2;
  road.normalize.offset = constants.subspan(0, half);
  road.normalize.gain = constants.subspan(half, constants.size() - half);
  road.normalize.clip = record->clip;
  return true;
}

bool read_config(const Reader& reader, Config& config) {
  const plan::RulesRecord* record = reader.record<plan::RulesRecord>(plan::kRules);
  if (record == nullptr || !reader.array(plan::kRanges, config.ranges) ||
      !reader.array(plan::kClassRules, config.rules.classes)) {
    return false;
  }
  config.rules.reject_to = record->reject_to;
  config.rules.votes_needed = record->votes_needed;
  config.rules.votes_of = record->votes_of;
  config.rules.emit = static_cast<decision::Emit>(record->emit);
  config.rules.shared_cooldown = record->shared_cooldown;
  return true;
}

uint32_t tensor_elems(const plan::TensorRecord& record) {
  uint64_t elems = 1;
  for (uint32_t dim : record.dims) {
    if (dim == 0 || dim > 65536) return 0;
    elems *= dim;
    if (elems > 0x7fffffffu) return 0;
  }
  return static_cast<uint32_t>(elems);
}

bool read_self_test(const Reader& reader, SelfTest& test) {
  const plan::SelfTestRecord* record = reader.record<plan::SelfTestRecord>(plan::kSelfTest);
  Span<const float> road = {nullptr, 0};
  if (record == nullptr || !reader.array(plan::kSelfTestRoad, road)) return false;
  const Span<const uint8_t> output = reader.section(plan::kSelfTestOutput);
  const size_t half = road.size() / 2;
  test.seed = record->seed;
  test.input_crc32 = record->input_crc32;
  test.center = road.subspan(0, half);
  test.spread = road.subspan(half, road.size() - half);
  test.output = Span<const int8_t>{reinterpret_cast<const int8_t*>(output.data), output.size()};
  return true;
}

/// `bytes` at `offset` lie inside a region of `size`.
bool inside(uint32_t offset, uint32_t bytes, size_t size) {
  return offset <= size && bytes <= size - offset;
}

bool overlap(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

bool good_places(const plan::ContractOp& op, const plan::TargetOp& place, uint32_t arena_bytes, size_t weights_bytes) {
  if (!inside(place.input_offset, op.input_bytes, arena_bytes)) return false;
  if (!inside(place.output_offset, op.output_bytes, arena_bytes)) return false;
  const bool copies_in_place = static_cast<plan::OpCode>(op.code) == plan::OpCode::reshape;
  if (!copies_in_place && overlap(place.input_offset, op.input_bytes, place.output_offset, op.output_bytes))
    return false;
  if (copies_in_place && place.input_offset != place.output_offset &&
      overlap(place.input_offset, op.input_bytes, place.output_offset, op.output_bytes)) {
    return false;
  }
  if (place.output_channels == 0) return true;
  if (place.output_channels > weights_bytes / 4) return false;
  const uint32_t words = place.output_channels * 4;
  const bool aligned = (place.bias_offset | place.multiplier_offset) % 4 == 0;
  return aligned && inside(place.weights_offset, place.weights_bytes, weights_bytes) &&
         inside(place.bias_offset, words, weights_bytes) && inside(place.multiplier_offset, words, weights_bytes) &&
         inside(place.shift_offset, place.output_channels, weights_bytes);
}

kernels::Weights weights_of(const Program& program, const plan::TargetOp& place) {
  const uint8_t* base = program.weights.data;
  const size_t channels = place.output_channels;
  if (channels == 0) return kernels::Weights{};
  return kernels::Weights{
      {reinterpret_cast<const int8_t*>(base + place.weights_offset), place.weights_bytes},
      {reinterpret_cast<const int32_t*>(base + place.bias_offset), channels},
      {reinterpret_cast<const int32_t*>(base + place.multiplier_offset), channels},
      {reinterpret_cast<const int8_t*>(base + place.shift_offset), channels},
  };
}

void run_program(const void* context, int8_t* arena) {
  const Program& program = *static_cast<const Program*>(context);
  for (size_t i = 0; i < program.ops.size(); ++i) {
    const plan::ContractOp& op = program.ops[i];
    const plan::TargetOp& place = program.places[i];
    run_operator(op, weights_of(program, place), Span<const int8_t>{arena + place.input_offset, op.input_bytes},
                 Span<int8_t>{arena + place.output_offset, op.output_bytes});
  }
}

Status read_program(const Reader& reader, uint32_t arena_bytes, Program& program) {
  if (!reader.array(plan::kOps, program.ops) || !reader.array(plan::kPlaces, program.places)) {
    return Status::plan_malformed;
  }
  program.weights = reader.section(plan::kWeights);
  if (program.ops.empty() || program.ops.size() != program.places.size()) return Status::plan_malformed;
  for (size_t i = 0; i < program.ops.size(); ++i) {
    const plan::ContractOp& op = program.ops[i];
    if (!good_places(op, program.places[i], arena_bytes, program.weights.size())) return Status::plan_malformed;
    const Status status = check_operator(op, weights_of(program, program.places[i]));
    if (status != Status::ok) return status;
  }
  return Status::ok;
}

bool good_ends(Span<const plan::TensorRecord> tensors) {
  return tensors.size() == 2 && tensors[0].dtype == plan::kInt8 && tensors[1].dtype == plan::kInt8 &&
         static_cast<plan::Meaning>(tensors[0].meaning) == plan::Meaning::features &&
         static_cast<plan::Meaning>(tensors[1].meaning) == plan::Meaning::probabilities;
}

Status read_network(const Reader& reader, LoadedPlan& loaded) {
  const plan::TargetRecord* target = reader.record<plan::TargetRecord>(plan::kTarget);
  Span<const plan::TensorRecord> tensors = {nullptr, 0};
  if (target == nullptr || !reader.array(plan::kTensors, tensors) || !good_ends(tensors)) return Status::plan_malformed;
  const bool ours = target->kernel_set == static_cast<uint32_t>(plan::KernelSet::reference) &&
                    target->layout_version == plan::kReferenceLayoutVersion;
  if (!ours) return Status::plan_foreign_target;
  NetworkSpec& network = loaded.plan.network;
  network.run = run_program;
  network.context = &loaded.program;
  network.arena_bytes = target->arena_bytes;
  network.input_offset = target->input_offset;
  network.output_offset = target->output_offset;
  network.input_elems = tensor_elems(tensors[0]);
  network.output_elems = tensor_elems(tensors[1]);
  network.input = QuantParams{tensors[0].scale, tensors[0].zero_point};
  network.output = QuantParams{tensors[1].scale, tensors[1].zero_point};
  network.input_inv_scale = 1.0f / network.input.scale;
  return read_program(reader, target->arena_bytes, loaded.program);
}

uint32_t aligned(uint32_t bytes) {
  return (bytes + kArenaAlignment - 1) & ~(kArenaAlignment - 1);
}

/// Cuts pieces off the front of a block.
struct Divider {
  uint8_t* at;

  template <typename T>
  Span<T> take(uint32_t count) {
    const uint32_t bytes = aligned(count * static_cast<uint32_t>(sizeof(T)));
    T* piece = reinterpret_cast<T*>(at);
    at += bytes;
    return Span<T>{piece, count};
  }
};

}  // namespace

Status open_plan(Span<const uint8_t> bytes, LoadedPlan& loaded) {
  loaded = LoadedPlan();
  Reader reader = Reader();
  Plan& plan = loaded.plan;
  Status status = reader.open(bytes);
  if (status == Status::ok) status = read_info(reader, plan.info);
  if (status != Status::ok) return status;
  const bool read =
      read_road(reader, plan.road) && read_config(reader, plan.config) && read_self_test(reader, plan.self_test);
  if (!read) return Status::plan_malformed;
  status = read_network(reader, loaded);
  return status == Status::ok ? check_plan(plan) : status;
}

uint32_t memory_bytes(const Plan& plan) {
  return aligned(plan.network.arena_bytes) + aligned(fifo_bytes(plan.road)) + aligned(4 * road_ring_floats(plan.road)) +
         aligned(4 * road_state_floats(plan.road)) + 2 * aligned(4 * plan.info.classes);
}

Status divide_memory(const Plan& plan, Span<uint8_t> block, Memory& memory) {
  const bool starts_well = reinterpret_cast<uintptr_t>(block.data) % kArenaAlignment == 0;
  if (!starts_well || block.size() < memory_bytes(plan)) return Status::memory_too_small;
  Divider divider = {block.data};
  memory.arena = divider.take<int8_t>(plan.network.arena_bytes);
  memory.fifo = divider.take<uint8_t>(fifo_bytes(plan.road));
  memory.road.ring = divider.take<float>(road_ring_floats(plan.road));
  memory.road.state = divider.take<float>(road_state_floats(plan.road));
  memory.scores = divider.take<float>(plan.info.classes);
  memory.cooldown = divider.take<uint32_t>(plan.info.classes);
  return Status::ok;
}

}  // namespace edgesmith
