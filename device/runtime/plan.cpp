#include "device/runtime/plan.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace {

constexpr uint32_t kLargestWindow = 65536;
constexpr uint32_t kLargestArena = 1u << 28;  // keeps sums of sizes inside 32 bits

bool good_scale(float scale) {
  return is_finite(scale) && scale > 0.0f && scale <= 1e9f;
}

bool good_zero_point(int32_t zero_point) {
  return zero_point >= -128 && zero_point <= 127;
}

bool good_format(const RoadSpec& road) {
  switch (road.format) {
    case SampleFormat::f32:
      return true;
    case SampleFormat::i16:
    case SampleFormat::u8:
      return good_scale(abs_f32(road.scale));
  }
  return false;
}

bool good_window(const RoadSpec& road) {
  return road.window_samples >= 1 && road.window_samples <= kLargestWindow && road.hop_samples >= 1 &&
         road.hop_samples <= road.window_samples && road.settling_samples <= kMaxSettlingSamples && road.hop_us > 0 &&
         road.fifo_samples >= 2 && road.fifo_samples <= kLargestWindow;
}

Status check_road(const RoadSpec& road) {
  if (road.channels == 0 || road.channels > signal::kMaxChannels) return Status::plan_malformed;
  if (!good_format(road) || !good_window(road)) return Status::plan_malformed;
  Status status = signal::check_conditioning(road.conditioning, road.channels);
  if (status == Status::ok) status = signal::check_features(road.features, road.window_samples, road.channels);
  if (status != Status::ok) return status;
  return signal::check_normalize(road.normalize,
                                 signal::feature_elems(road.features, road.window_samples, road.channels));
}

bool inside_arena(const NetworkSpec& network, uint32_t offset, uint32_t elems) {
  return elems > 0 && offset <= network.arena_bytes && elems <= network.arena_bytes - offset;
}

bool good_network(const Plan& plan) {
  const NetworkSpec& network = plan.network;
  return network.run != nullptr && network.arena_bytes <= kLargestArena &&
         inside_arena(network, network.input_offset, network.input_elems) &&
         inside_arena(network, network.output_offset, network.output_elems) && good_scale(network.input.scale) &&
         good_scale(network.output.scale) && good_scale(network.input_inv_scale) &&
         good_zero_point(network.input.zero_point) && good_zero_point(network.output.zero_point) &&
         network.output_elems == plan.info.classes;
}

bool good_self_test(const Plan& plan) {
  const SelfTest& test = plan.self_test;
  if (test.center.size() != plan.road.channels || test.spread.size() != plan.road.channels) return false;
  for (size_t c = 0; c < test.center.size(); ++c) {
    if (!(abs_f32(test.center[c]) <= 1e9f && abs_f32(test.spread[c]) <= 1e9f)) return false;
  }
  return test.output.size() == plan.network.output_elems;
}

}  // namespace

Status check_config(const Plan& plan, const Config& config) {
  if (config.ranges.size() != plan.road.channels) return Status::config_invalid;
  const Status status = guard::check_ranges(config.ranges);
  return status == Status::ok ? decision::check_rules(config.rules, plan.info.classes) : status;
}

Status check_plan(const Plan& plan) {
  const Status status = check_road(plan.road);
  if (status != Status::ok) return status;
  const uint32_t features = signal::feature_elems(plan.road.features, plan.road.window_samples, plan.road.channels);
  if (!good_network(plan) || plan.network.input_elems != features || !good_self_test(plan)) {
    return Status::plan_malformed;
  }
  return check_config(plan, plan.config);
}

const char* label_text(const Info& info, int32_t index) {
  if (index < 0 || static_cast<uint32_t>(index) >= info.classes) return "-";
  const char* label = info.labels;
  for (int32_t i = 0; i < index; ++i) {
    while (*label != '\0')
      ++label;
    ++label;
  }
  return label;
}

}  // namespace edgesmith
