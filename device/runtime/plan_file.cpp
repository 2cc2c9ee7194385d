// Input is untrusted: sizes and offsets are checked here, meanings by check_plan() and the kernels' own checks.

#include "device/runtime/plan_file.h"

#include <string.h>

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

void run_network(const void* context, int8_t* arena) {
  run_program(*static_cast<const Program*>(context), arena);
}

/// The road feeds one int8 tensor and reads one.
bool good_road_ends(const LoadedNetwork& network) {
  if (network.input_count != 1 || network.output_count != 1) return false;
  const plan::TensorRecord& input = *network.inputs[0].tensor;
  const plan::TensorRecord& output = *network.outputs[0].tensor;
  return static_cast<plan::Meaning>(input.meaning) == plan::Meaning::features &&
         static_cast<plan::Meaning>(output.meaning) == plan::Meaning::probabilities &&
         static_cast<plan::DType>(input.dtype) == plan::DType::s8 &&
         static_cast<plan::DType>(output.dtype) == plan::DType::s8;
}

Status read_road_network(const Reader& reader, const kernels::KernelSet& set, LoadedPlan& loaded) {
  LoadedNetwork opened;
  const Status status = read_network(reader, set, opened);
  if (status != Status::ok) return status;
  if (!good_road_ends(opened)) return Status::plan_malformed;
  const LoadedEnd& input = opened.inputs[0];
  const LoadedEnd& output = opened.outputs[0];
  loaded.program = opened.program;
  NetworkSpec& network = loaded.plan.network;
  network.run = run_network;
  network.context = &loaded.program;
  network.arena_bytes = opened.arena_bytes;
  network.input_offset = input.offset;
  network.output_offset = output.offset;
  network.input_elems = input.bytes;
  network.output_elems = output.bytes;
  network.input = QuantParams{input.tensor->scale, input.tensor->zero_point};
  network.output = QuantParams{output.tensor->scale, output.tensor->zero_point};
  network.input_inv_scale = 1.0f / network.input.scale;
  return Status::ok;
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

Status open_plan(Span<const uint8_t> bytes, const kernels::KernelSet& set, LoadedPlan& loaded) {
  loaded = LoadedPlan();
  Reader reader = Reader();
  Plan& plan = loaded.plan;
  Status status = reader.open(bytes);
  if (status == Status::ok) status = read_info(reader, plan.info);
  if (status != Status::ok) return status;
  const bool read =
      read_road(reader, plan.road) && read_config(reader, plan.config) && read_self_test(reader, plan.self_test);
  if (!read) return Status::plan_malformed;
  status = read_road_network(reader, set, loaded);
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
