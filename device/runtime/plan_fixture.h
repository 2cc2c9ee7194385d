#pragma once
// A plan without a file, for the tests of this folder: one channel of float samples within -4..4, raw features, windows
// of four samples every two.
//
// Its network looks at the window's newest value q (int8, 16 steps a unit) alone:
//   score of class 1 = (q + 128) / 256,   of class 0 = (127 - q) / 256

#include <vector>

#include "device/base/crc32.h"
#include "device/runtime/pipeline.h"

namespace edgesmith {

struct TestPlan {
  std::vector<signal::ConditionStep> steps;
  float offset[1] = {0.0f}, gain[1] = {1.0f};
  guard::Range ranges[1] = {{-4.0f, 4.0f}};
  decision::ClassRule rules[2] = {{0.0f, 0}, {0.0f, 0}};
  uint8_t plan_id[32] = {};
  float center[1] = {0.0f}, spread[1] = {1.0f};
  int8_t answer[2] = {};
  Plan plan = {};

  TestPlan() {
    plan.info = {"test", "1", plan_id, "low\0high", 2};
    plan.road = {1, SampleFormat::f32, 1.0f, 4, 2, 0, 20000, 16, {nullptr, 0}, {}, {}};
    plan.road.features = {signal::FeatureKind::raw, {nullptr, 0}};
    plan.road.normalize = {span_of(offset), span_of(gain), 0.0f};
    plan.config = {span_of(ranges), {span_of(rules), 0, 1, 1, decision::Emit::every_hop, 0}};
    plan.network = {run, nullptr, 32, 0, 4, 16, 2, 16.0f, {1.0f / 16, 0}, {1.0f / 256, -128}};
    plan.self_test = {1, 0, span_of(center), span_of(spread), span_of(answer)};
  }
  TestPlan(const TestPlan&) = delete;
  TestPlan& operator=(const TestPlan&) = delete;

  static void run(const void*, int8_t* arena) {
    arena[17] = arena[3];
    arena[16] = static_cast<int8_t>(-1 - arena[3]);
  }

  /// Adds an EMA and the settling time that goes with it.
  void add_ema(float alpha, uint32_t settling_samples) {
    steps.push_back({static_cast<uint8_t>(signal::ConditionKind::ema), 0, 0, 1, alpha, 0.0f});
    plan.road.conditioning = {steps.data(), steps.size()};
    plan.road.settling_samples = settling_samples;
  }

  /// The known answer, to be called once the road is as it shall be.
  void finish() {
    std::vector<float> ring(road_ring_floats(plan.road)), state(road_state_floats(plan.road));
    int8_t arena[32] = {};
    Road road = {};
    road.begin(plan.road, {{ring.data(), ring.size()}, {state.data(), state.size()}});
    run_self_test_road(plan.road, plan.self_test, road);
    road.quantised_features(16.0f, 0, {arena, 4});
    plan.self_test.input_crc32 = crc32({reinterpret_cast<const uint8_t*>(arena), 4});
    run(nullptr, arena);
    answer[0] = arena[16];
    answer[1] = arena[17];
  }
};

/// Memory of just the right size.
struct TestMemory {
  std::vector<uint8_t> fifo;
  std::vector<float> ring, state, scores;
  std::vector<uint32_t> cooldown;
  alignas(16) int8_t arena[48] = {};

  explicit TestMemory(const Plan& plan)
      : fifo(fifo_bytes(plan.road)),
        ring(road_ring_floats(plan.road)),
        state(road_state_floats(plan.road)),
        scores(plan.info.classes),
        cooldown(plan.info.classes) {}
  Memory memory() {
    return {{fifo.data(), fifo.size()},
            {{ring.data(), ring.size()}, {state.data(), state.size()}},
            {scores.data(), scores.size()},
            {cooldown.data(), cooldown.size()},
            {arena, 32}};
  }
};

}  // namespace edgesmith
