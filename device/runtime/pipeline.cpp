#include "device/runtime/pipeline.h"

#include "device/base/crc32.h"
#include "device/base/exact_float.h"

namespace edgesmith {
namespace {

bool enough(const Plan& plan, const Memory& memory) {
  const uintptr_t arena = reinterpret_cast<uintptr_t>(memory.arena.data);
  return memory.fifo.size() >= fifo_bytes(plan.road) && memory.road.ring.size() >= road_ring_floats(plan.road) &&
         memory.road.state.size() >= road_state_floats(plan.road) && memory.scores.size() >= plan.info.classes &&
         memory.cooldown.size() >= plan.info.classes && memory.arena.size() >= plan.network.arena_bytes &&
         arena % kArenaAlignment == 0;
}

/// Spans of exactly the plan's sizes.
Memory trimmed(const Plan& plan, const Memory& memory) {
  Memory exact = memory;
  exact.scores = memory.scores.subspan(0, plan.info.classes);
  exact.cooldown = memory.cooldown.subspan(0, plan.info.classes);
  exact.road.state = memory.road.state.subspan(0, road_state_floats(plan.road));
  return exact;
}

}  // namespace

Status Pipeline::begin(const Plan& plan, const Memory& memory) {
  publish(nullptr);
  const Status checked = check_plan(plan);
  if (checked != Status::ok) return checked;
  if (!enough(plan, memory)) return Status::memory_too_small;
  config_ = plan.config;
  memory_ = trimmed(plan, memory);
  fifo_.begin(memory.fifo.data, plan.road.fifo_samples, plan.road.channels * sample_format_bytes(plan.road.format));
  road_.begin(plan.road, memory_.road);
  const Status tested = self_test(plan);
  if (tested != Status::ok) return tested;
  empty();
  publish(&plan);
  return Status::ok;
}

/// push() looks at nothing but the plan: an interrupt finds the queue ready, or nothing to push into.
void Pipeline::publish(const Plan* plan) {
  __atomic_store_n(&plan_, plan, __ATOMIC_SEQ_CST);
}

void Pipeline::reset() {
  if (plan_ != nullptr) empty();
}

void Pipeline::empty() {
  fifo_.clear();
  road_.reset();
  decision::reset(config_.rules, decision_, memory_.cooldown);
  last_ = LastWindow();
  event_ = Event();
  counters_ = Counters();
  lost_samples_ = 0;
  faults_ = 0;
}

Status Pipeline::configure(const Config& config) {
  if (plan_ == nullptr) return Status::not_begun;
  const Status checked = check_config(*plan_, config);
  if (checked != Status::ok) return checked;
  config_ = config;
  decision::reset(config_.rules, decision_, memory_.cooldown);
  return Status::ok;
}

void Pipeline::push(const void* sample, uint32_t time_us) {
  if (plan_ != nullptr && !fifo_.push(sample, time_us, 0)) ++lost_samples_;
}

void Pipeline::push_error(Fault fault, uint32_t time_us) {
  if (plan_ == nullptr) return;
  ++faults_;
  if (!fifo_.push(nullptr, time_us, static_cast<uint8_t>(fault))) ++lost_samples_;
}

const Event* Pipeline::poll() {
  if (plan_ == nullptr) return nullptr;
  for (;;) {
    SampleHeader header;
    const uint8_t* sample = fifo_.front(header);
    if (sample == nullptr) return nullptr;
    if (header.gap_before) road_.restart_window();
    const bool complete = header.fault ? road_.add_missing(config_.ranges) : road_.add(sample, config_.ranges);
    fifo_.pop();
    ++counters_.samples;
    if (complete) return finish_window(header.time_us);
  }
}

/// One hop, however the samples' times jitter; where samples were lost before this window, what the times say.
uint32_t Pipeline::since_last_window(uint32_t time_us) const {
  const uint32_t by_time_us = time_us - last_.time_us;
  return road_.first_window() && by_time_us > plan_->road.hop_us ? by_time_us : plan_->road.hop_us;
}

const Event* Pipeline::finish_window(uint32_t time_us) {
  const uint32_t elapsed_us = since_last_window(time_us);
  if (road_.first_window()) decision::forget_votes(decision_);
  ++counters_.windows;
  last_ = LastWindow();
  last_.sequence = counters_.windows;
  last_.time_us = time_us;
  last_.flags = road_.flags();
  if (last_.flags != 0) {
    ++counters_.flagged_windows;
    decision::skip(elapsed_us, memory_.cooldown);
    return nullptr;
  }
  infer();
  last_.outcome = decision::decide(config_.rules, memory_.scores, elapsed_us, decision_, memory_.cooldown);
  counters_.suppressed += last_.outcome.suppressed;
  return last_.outcome.emitted ? emit() : nullptr;
}

/// Features -> input tensor -> network -> scores.
void Pipeline::infer() {
  const NetworkSpec& network = plan_->network;
  const Span<int8_t> input = memory_.arena.subspan(network.input_offset, network.input_elems);
  const Span<const int8_t> output = memory_.arena.subspan(network.output_offset, network.output_elems);
  const uint32_t started = now();
  road_.quantised_features(network.input_inv_scale, network.input.zero_point, input);
  const uint32_t features_done = now();
  note_input(input);
  const uint32_t network_started = now();
  network.run(network.context, memory_.arena.data);
  last_.network_ticks = now() - network_started;
  last_.features_ticks = features_done - started;
  last_.output = output;
  last_.scores = memory_.scores;
  for (size_t c = 0; c < output.size(); ++c) {
    memory_.scores[c] = mul(static_cast<float>(output[c] - network.output.zero_point), network.output.scale);
  }
}

void Pipeline::note_input(Span<const int8_t> input) {
  last_.input_min = input[0];
  last_.input_max = input[0];
  for (int8_t q : input) {
    if (q < last_.input_min) last_.input_min = q;
    if (q > last_.input_max) last_.input_max = q;
  }
  if (input_tap_) input_tap_(input);
}

const Event* Pipeline::emit() {
  const decision::Outcome& outcome = last_.outcome;
  event_.time_us = last_.time_us;
  event_.kind = config_.rules.emit;
  const bool accepted = outcome.candidate == outcome.best && outcome.current == outcome.best;
  event_.reason = accepted ? EventReason::accepted : EventReason::rejected;
  event_.label = outcome.current;
  event_.score = outcome.score;
  event_.margin = outcome.margin;
  event_.sequence = ++counters_.events;
  return &event_;
}

Counters Pipeline::counters() const {
  Counters counters = counters_;
  counters.bad_values = road_.bad_values();
  counters.lost_samples = lost_samples_;
  counters.faults = faults_;
  return counters;
}

/// Sends made samples down the road and compares what arrives with what the desktop found.
Status Pipeline::self_test(const Plan& plan) {
  const SelfTest& test = plan.self_test;
  const NetworkSpec& network = plan.network;
  const Span<int8_t> input = memory_.arena.subspan(network.input_offset, network.input_elems);
  run_self_test_road(plan.road, test, road_);
  road_.quantised_features(network.input_inv_scale, network.input.zero_point, input);
  const Span<const uint8_t> bytes = {reinterpret_cast<const uint8_t*>(input.data), input.size()};
  if (crc32(bytes) != test.input_crc32) return Status::self_test_features;
  network.run(network.context, memory_.arena.data);
  for (size_t i = 0; i < test.output.size(); ++i) {
    if (memory_.arena[network.output_offset + i] != test.output[i]) return Status::self_test_network;
  }
  return Status::ok;
}

void run_self_test_road(const RoadSpec& spec, const SelfTest& test, Road& road) {
  float sample[signal::kMaxChannels];
  uint32_t state = test.seed;
  bool complete = false;
  while (!complete) {
    for (uint32_t c = 0; c < spec.channels; ++c) {
      state = state * 1664525u + 1013904223u;  // Numerical Recipes' generator; the upper 24 bits are used
      const float u = sub(mul(static_cast<float>(state >> 8), 1.0f / 8388608.0f), 1.0f);  // exact
      sample[c] = add(test.center[c], mul(test.spread[c], u));
    }
    complete = road.add_good(sample);
  }
}

}  // namespace edgesmith
