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
    for (uint32_t i = 0; i < kInputElems; ++i) sum += weights[o][i % kChannels] * arena[i];
    arena[64 + o] = static_cast<int8_t>(clamp(sum / 16));
  }
}

const uint8_t kPlanId[32] = {0x71, 0x41, 0x9e, 0x00, 0x12, 0x34, 0x56, 0x78};
const float kOffset[] = {10.0f, -20.0f, 1000.0f};
const float kGain[] = {0.002f, 0.001f, 0.003f};
const edgesmith::guard::Range kRanges[] = {{-16000.0f, 16000.0f}, {-16000.0f, 16000.0f}, {-16000.0f, 16000.0f}};
const edgesmith::decision::ClassRule kRules[] = {{0.5f, 0}, {0.6f, 400}, {0.55f, 0}};
const float kCenter[] = {0.0f, 0.0f, 1000.0f};
const float kSpread[] = {800.0f, 700.0f, 600.0f};
const int8_t kSelfTestOutput[] = {68, 24, -84};

}  // namespace

const edgesmith::Plan plan = {
    {"tiny", "1.2.3", kPlanId, "left\0right\0up\0", kClasses},
    {kChannels,
     edgesmith::SampleFormat::i16,
     1.0f,
     kWindowSamples,
     kHopSamples,
     0,
     100000,
     16,
     {nullptr, 0},
     {edgesmith::signal::FeatureKind::raw, 1, {nullptr, 0}, {nullptr, 0}},
     {{kOffset, 3}, {kGain, 3}, 0.0f}},
    {{kRanges, 3}, {{kRules, 3}, edgesmith::decision::kNoClass, 1, 1, edgesmith::decision::Emit::change, 0}},
    {run, nullptr, 80, 0, kInputElems, 64, kClasses, 40.0f, {0.025f, 0}, {0.00390625f, -128}},
    {7, 0x83350fa6u, {kCenter, 3}, {kSpread, 3}, {kSelfTestOutput, 3}},
};

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
