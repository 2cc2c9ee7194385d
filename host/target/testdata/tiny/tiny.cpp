#include "tiny.h"

namespace tiny {

// class c sums what lies above zero on channel c, and subtracts a little of the others
extern const int8_t weights[kClasses][kChannels] = {{5, -1, -2}, {-1, 6, -1}, {-2, -1, 4}};

namespace {

int32_t clamp(int32_t value) {
  return value < -128 ? -128 : (value > 127 ? 127 : value);
}

void run(const void*, int8_t* arena) {
  for (uint32_t o = 0; o < kClasses; ++o) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < kInputElems; ++i)
      sum += weights[o][i % kChannels] * arena[i];
    arena[kOutputOffset + o] = static_cast<int8_t>(clamp(sum / 16));
  }
}

constexpr uint8_t kPlanId[32] = {0x71, 0x41, 0x9e, 0x00, 0x12, 0x34, 0x56, 0x78};
constexpr float kOffset[] = {10.0f, -20.0f, 1000.0f};
constexpr float kGain[] = {0.002f, 0.001f, 0.003f};
constexpr edgesmith::guard::Range kRanges[] = {{-16000.0f, 16000.0f}, {-16000.0f, 16000.0f}, {-16000.0f, 16000.0f}};
constexpr edgesmith::decision::ClassRule kRules[] = {{0.5f, 0}, {0.6f, 400}, {0.55f, 0}};
constexpr float kCenter[] = {0.0f, 0.0f, 1000.0f};
constexpr float kSpread[] = {800.0f, 700.0f, 600.0f};
constexpr int8_t kSelfTestOutput[] = {68, 24, -84};

constexpr edgesmith::Plan make_plan() {
  edgesmith::Plan made = {};
  made.info.name = "tiny";
  made.info.version = "1.2.3";
  made.info.plan_id = kPlanId;
  made.info.labels = "left\0right\0up\0";
  made.info.classes = kClasses;
  made.road.channels = kChannels;
  made.road.format = edgesmith::SampleFormat::i16;
  made.road.scale = 1.0f;
  made.road.window_samples = kWindowSamples;
  made.road.hop_samples = kHopSamples;
  made.road.hop_us = 100000;
  made.road.fifo_samples = kFifoSamples;
  made.road.features.kind = edgesmith::signal::FeatureKind::raw;
  made.road.normalize.offset = {kOffset, kChannels};
  made.road.normalize.gain = {kGain, kChannels};
  made.config.ranges = {kRanges, kChannels};
  made.config.rules.classes = {kRules, kClasses};
  made.config.rules.reject_to = edgesmith::decision::kNoClass;
  made.config.rules.votes_needed = 1;
  made.config.rules.votes_of = 1;
  made.config.rules.emit = edgesmith::decision::Emit::change;
  made.network.run = run;
  made.network.arena_bytes = kArenaBytes;
  made.network.input_elems = kInputElems;
  made.network.output_offset = kOutputOffset;
  made.network.output_elems = kClasses;
  made.network.input_inv_scale = 40.0f;
  made.network.input = {0.025f, 0};
  made.network.output = {0.00390625f, -128};
  made.self_test.seed = 7;
  made.self_test.input_crc32 = 0x83350fa6u;
  made.self_test.center = {kCenter, kChannels};
  made.self_test.spread = {kSpread, kChannels};
  made.self_test.output = {kSelfTestOutput, kClasses};
  return made;
}

}  // namespace

const edgesmith::Plan plan = make_plan();

edgesmith::Status Pipeline::begin() {
  edgesmith::Memory memory = {};
  memory.fifo = edgesmith::span_of(fifo_);
  memory.road = {edgesmith::span_of(ring_), edgesmith::span_of(state_)};
  memory.scores = edgesmith::span_of(scores_);
  memory.cooldown = edgesmith::span_of(cooldown_);
  memory.arena = edgesmith::span_of(arena_);
  return edgesmith::Pipeline::begin(tiny::plan, memory);
}

}  // namespace tiny
