#include "device/runtime/pipeline.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <vector>

#include "device/runtime/plan_fixture.h"

namespace edgesmith {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// A pipeline with all that it needs. x gives class 1 the score (16 x + 128) / 256: 4 -> 0.75, 0 -> 0.5, -4 -> 0.25.
struct Bench {
  TestPlan plan;
  Pipeline pipeline = {};
  uint32_t sample = 0;

  /// Only now are the sizes of the memory known.
  Status begin() {
    plan.finish();
    memory_ = std::make_unique<TestMemory>(plan.plan);
    return pipeline.begin(plan.plan, memory_->memory());
  }
  const Event* push(float value) {
    pipeline.push(&value, 10000 * sample++);
    return pipeline.poll();
  }
  /// Samples of one value until a window is complete; its event.
  const Event* window(float value) {
    const uint32_t before = pipeline.last().sequence;
    for (;;) {
      const Event* event = push(value);
      if (pipeline.last().sequence != before) return event;
    }
  }
  /// The labels that windows of these values emit; -9 = no event.
  std::vector<int> labels(const std::vector<float>& values) {
    std::vector<int> labels;
    for (float value : values) {
      const Event* event = window(value);
      labels.push_back(event == nullptr ? -9 : event->label);
    }
    return labels;
  }
  decision::Rules& rules() {
    return plan.plan.config.rules;
  }

 private:
  std::unique_ptr<TestMemory> memory_;
};

constexpr int kNone = -9;

TEST(Pipeline, BeginAnswersOkForAGoodPlan) {
  Bench bench;
  EXPECT_EQ(bench.begin(), Status::ok);
  EXPECT_STREQ(bench.pipeline.info().name, "test");
  EXPECT_EQ(bench.pipeline.last().sequence, 0u);
  EXPECT_EQ(bench.pipeline.counters().samples, 0u) << "the self-test's samples do not count";
}

TEST(Pipeline, TheSelfTestTellsFeaturesFromNetwork) {
  Bench bench;
  bench.plan.finish();
  TestMemory memory(bench.plan.plan);
  bench.plan.plan.self_test.input_crc32 ^= 1;
  EXPECT_EQ(bench.pipeline.begin(bench.plan.plan, memory.memory()), Status::self_test_features);
  bench.plan.plan.self_test.input_crc32 ^= 1;
  bench.plan.answer[1] = static_cast<int8_t>(bench.plan.answer[1] ^ 1);
  EXPECT_EQ(bench.pipeline.begin(bench.plan.plan, memory.memory()), Status::self_test_network);
}

TEST(Pipeline, BeginRefusesEveryBufferThatIsTooSmall) {
  Bench bench;
  bench.plan.add_ema(0.5f, 0);
  bench.plan.finish();
  TestMemory good(bench.plan.plan);
  const auto status = [&](void (*shrink)(Memory&)) {
    Memory memory = good.memory();
    shrink(memory);
    return bench.pipeline.begin(bench.plan.plan, memory);
  };
  EXPECT_EQ(status([](Memory&) {}), Status::ok);
  EXPECT_EQ(status([](Memory& m) { --m.fifo.count; }), Status::memory_too_small);
  EXPECT_EQ(status([](Memory& m) { --m.road.ring.count; }), Status::memory_too_small);
  EXPECT_EQ(status([](Memory& m) { --m.road.state.count; }), Status::memory_too_small);
  EXPECT_EQ(status([](Memory& m) { --m.scores.count; }), Status::memory_too_small);
  EXPECT_EQ(status([](Memory& m) { --m.cooldown.count; }), Status::memory_too_small);
  EXPECT_EQ(status([](Memory& m) { --m.arena.count; }), Status::memory_too_small);
}

TEST(Pipeline, BeginRefusesAnArenaThatIsNotAligned) {
  Bench bench;
  bench.plan.finish();
  TestMemory good(bench.plan.plan);
  Memory memory = good.memory();
  ++memory.arena.data;
  EXPECT_EQ(bench.pipeline.begin(bench.plan.plan, memory), Status::memory_too_small);
}

TEST(Pipeline, BeginRefusesPlansThatContradictThemselves) {
  const auto status = [](void (*spoil)(Plan&)) {
    Bench bench;
    bench.plan.finish();
    TestMemory memory(bench.plan.plan);
    spoil(bench.plan.plan);
    return bench.pipeline.begin(bench.plan.plan, memory.memory());
  };
  EXPECT_EQ(status([](Plan& p) { p.road.hop_samples = 5; }), Status::plan_malformed);  // longer than the window
  EXPECT_EQ(status([](Plan& p) { p.road.hop_samples = 0; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.road.fifo_samples = 1; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.road.channels = 33; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.road.format = static_cast<SampleFormat>(4); }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.network.input_elems = 3; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.network.output_offset = 31; }), Status::plan_malformed);  // ends outside
  EXPECT_EQ(status([](Plan& p) { p.network.input_inv_scale = kNan; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.network.output.zero_point = 128; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.self_test.center.count = 0; }), Status::plan_malformed);
  EXPECT_EQ(status([](Plan& p) { p.config.rules.votes_needed = 2; }), Status::config_invalid);
}

TEST(Pipeline, NothingHappensBeforeBeginOrAfterAFailedOne) {
  Bench bench;
  bench.push(1.0f);
  bench.pipeline.push_error(Fault::bus, 0);
  bench.pipeline.reset();
  EXPECT_EQ(bench.pipeline.poll(), nullptr);
  EXPECT_EQ(bench.pipeline.configure(bench.plan.plan.config), Status::not_begun);
  EXPECT_EQ(bench.begin(), Status::ok);
  bench.plan.plan.road.hop_samples = 0;
  EXPECT_EQ(bench.begin(), Status::plan_malformed);
  bench.push(1.0f);
  EXPECT_EQ(bench.pipeline.counters().samples, 0u);
}

Pipeline* interrupted = nullptr;

/// The network of the self-test is where this interrupt strikes.
void push_while_running(const void* context, int8_t* arena) {
  const float value = 3.0f;
  if (interrupted != nullptr) interrupted->push(&value, 0);
  TestPlan::run(context, arena);
}

TEST(Pipeline, TakesNoSampleBeforeBeginIsDone) {
  Bench bench;
  bench.plan.plan.network.run = push_while_running;
  interrupted = &bench.pipeline;
  EXPECT_EQ(bench.begin(), Status::ok);
  interrupted = nullptr;
  bench.pipeline.poll();
  EXPECT_EQ(bench.pipeline.counters().samples, 0u);
}

TEST(Pipeline, AnEventTellsClassScoreMarginAndTimeOfItsWindow) {
  Bench bench;
  bench.begin();
  const Event* event = bench.window(4.0f);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->label, 1);
  EXPECT_EQ(event->score, 0.75f);
  EXPECT_EQ(event->margin, 0.75f - 63.0f / 256);
  EXPECT_EQ(event->time_us, 30000u);  // of sample 3, the newest of the first window
  EXPECT_EQ(event->kind, decision::Emit::every_hop);
  EXPECT_EQ(event->reason, EventReason::accepted);
  EXPECT_EQ(event->sequence, 1u);
  event = bench.window(-4.0f);
  EXPECT_EQ(event->label, 0);
  EXPECT_EQ(event->time_us, 50000u);
  EXPECT_EQ(event->sequence, 2u);
}

TEST(Pipeline, LastTellsScoresOfWindowsWithoutEvent) {
  Bench bench;
  bench.rules().emit = decision::Emit::onset;
  bench.begin();
  EXPECT_EQ(bench.window(-4.0f), nullptr);  // class 0 stands for nothing
  const LastWindow& last = bench.pipeline.last();
  EXPECT_EQ(last.outcome.best, 0);
  EXPECT_EQ(last.scores[0], 191.0f / 256);
  EXPECT_EQ(last.scores[1], 64.0f / 256);
  EXPECT_EQ(last.output[1], -64);
}

TEST(Pipeline, OnePollDoesAtMostOneWindow) {
  Bench bench;
  bench.begin();
  const float value = 1.0f;
  for (uint32_t i = 0; i < 10; ++i)
    bench.pipeline.push(&value, i);
  for (uint32_t window = 1; window <= 4; ++window) {  // they end at samples 3, 5, 7, 9
    EXPECT_NE(bench.pipeline.poll(), nullptr);
    EXPECT_EQ(bench.pipeline.last().sequence, window);
    EXPECT_EQ(bench.pipeline.last().time_us, 1 + 2 * window);
  }
  EXPECT_EQ(bench.pipeline.poll(), nullptr);
}

TEST(Pipeline, AFlaggedWindowDecidesNothingAndLeavesTheVoteAlone) {
  Bench bench;
  bench.rules().emit = decision::Emit::onset;
  bench.begin();
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1}));
  bench.push(kNan);
  EXPECT_EQ(bench.push(-4.0f), nullptr);
  EXPECT_EQ(bench.pipeline.last().flags, guard::kNotFinite);
  EXPECT_EQ(bench.pipeline.last().outcome.score, 0.0f);
  EXPECT_EQ(bench.pipeline.last().scores.size(), 0u);
  EXPECT_EQ(bench.labels({4.0f, 4.0f}), (std::vector<int>{kNone, kNone})) << "class 1 has been current all the time";
  EXPECT_EQ(bench.pipeline.last().flags, 0);
  const Counters counters = bench.pipeline.counters();
  EXPECT_EQ(counters.bad_values, 1u);
  EXPECT_EQ(counters.windows, 4u);
  EXPECT_EQ(counters.flagged_windows, 2u);
}

TEST(Pipeline, CooldownsRunOnThroughFlaggedWindows) {
  Bench bench;
  bench.plan.rules[1].cooldown_ms = 60;  // three hops of 20 ms
  bench.begin();
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1}));
  bench.push(kNan);
  bench.push(4.0f);                                                     // 20 ms later, flagged
  EXPECT_EQ(bench.labels({4.0f, 4.0f}), (std::vector<int>{kNone, 1}));  // flagged at 40 ms, free at 60
  EXPECT_EQ(bench.pipeline.counters().suppressed, 0u);
}

TEST(Pipeline, SuppressedEventsAreCounted) {
  Bench bench;
  bench.plan.rules[1].cooldown_ms = 60;
  bench.begin();
  EXPECT_EQ(bench.labels({4.0f, 4.0f, 4.0f, 4.0f}), (std::vector<int>{1, kNone, kNone, 1}));
  EXPECT_EQ(bench.pipeline.counters().suppressed, 2u);
  EXPECT_EQ(bench.pipeline.counters().events, 2u);
}

TEST(Pipeline, ReasonIsAcceptedOnlyWhereTheBestClassIsTheLabel) {
  Bench bench;
  bench.plan.rules[1].threshold = 0.7f;
  bench.rules().votes_needed = 2;
  bench.rules().votes_of = 3;
  bench.begin();
  const Event* event = bench.window(4.0f);
  EXPECT_EQ(event->label, 0);
  EXPECT_EQ(event->reason, EventReason::rejected) << "one vote of two";
  event = bench.window(4.0f);
  EXPECT_EQ(event->label, 1);
  EXPECT_EQ(event->reason, EventReason::accepted);
  event = bench.window(-4.0f);
  EXPECT_EQ(event->label, 1);
  EXPECT_EQ(event->reason, EventReason::rejected) << "class 0 is best, the vote still holds class 1";
  event = bench.window(3.0f);  // 176 / 256 = 0.6875
  EXPECT_EQ(event->label, 0);
  EXPECT_EQ(event->reason, EventReason::rejected) << "below the threshold";
}

TEST(Pipeline, LostSamplesAreCountedAndBeginTheWindowAnew) {
  Bench bench;
  bench.plan.plan.road.fifo_samples = 4;  // holds three
  bench.begin();
  const float value = 1.0f;
  for (uint32_t i = 0; i < 5; ++i)
    bench.pipeline.push(&value, i);
  EXPECT_EQ(bench.pipeline.counters().lost_samples, 2u);
  EXPECT_EQ(bench.pipeline.poll(), nullptr) << "three samples are no window";
  int until_window = 0;
  do {
    bench.push(1.0f);
    ++until_window;
  } while (bench.pipeline.last().sequence == 0);
  EXPECT_EQ(until_window, 4) << "the window holds no sample from before the gap";
  EXPECT_EQ(bench.pipeline.counters().samples, 7u);
}

/// Samples are lost; the next that is pushed comes this much later than the one before the gap.
void lose_samples(Bench& bench, uint32_t gap_ms) {
  const uint32_t lost = bench.pipeline.counters().lost_samples;
  const float value = 0.0f;
  while (bench.pipeline.counters().lost_samples == lost)
    bench.pipeline.push(&value, 10000 * bench.sample);
  while (bench.pipeline.poll() != nullptr) {
  }
  bench.sample += gap_ms / 10;
}

TEST(Pipeline, VotesBeginAnewAfterAGap) {
  Bench bench;
  bench.plan.plan.road.fifo_samples = 2;  // holds one
  bench.rules().votes_needed = 2;
  bench.rules().votes_of = 3;
  bench.begin();
  EXPECT_EQ(bench.labels({4.0f, 4.0f}).back(), 1);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1})) << "without a gap the old votes count";
  lose_samples(bench, 50);
  EXPECT_EQ(bench.labels({4.0f, 4.0f}), (std::vector<int>{0, 1})) << "one vote of two, then two";
}

TEST(Pipeline, CooldownsRunOnByTheTimeThatAGapTook) {
  for (const auto& [gap_ms, event] : std::vector<std::pair<uint32_t, int>>{{50, kNone}, {500, 1}}) {
    Bench bench;
    bench.plan.plan.road.fifo_samples = 2;
    bench.plan.rules[1].cooldown_ms = 200;
    bench.begin();
    EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1}));
    lose_samples(bench, gap_ms);
    EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{event})) << gap_ms << " ms";
  }
}

TEST(Pipeline, DriverFaultsAreCountedAndFlagTheirWindows) {
  Bench bench;
  bench.begin();
  bench.pipeline.push_error(Fault::timeout, 0);  // before any good sample: 0 is held
  EXPECT_EQ(bench.labels({4.0f, 4.0f}), (std::vector<int>{kNone, 1}));
  const Counters counters = bench.pipeline.counters();
  EXPECT_EQ(counters.faults, 1u);
  EXPECT_EQ(counters.bad_values, 0u);
  EXPECT_EQ(counters.flagged_windows, 1u);
  EXPECT_EQ(counters.samples, 6u);
}

TEST(Pipeline, ConfigureReplacesRulesAndLimitsBetweenWindows) {
  Bench bench;
  bench.begin();
  decision::ClassRule strict[2] = {{0.0f, 0}, {0.8f, 0}};
  guard::Range narrow[1] = {{-2.0f, 2.0f}};
  Config config = bench.plan.plan.config;
  config.rules.classes = span_of(strict);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1}));
  EXPECT_EQ(bench.pipeline.configure(config), Status::ok);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{0})) << "0.75 is no longer enough";
  config.ranges = span_of(narrow);
  EXPECT_EQ(bench.pipeline.configure(config), Status::ok);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{kNone}));
  EXPECT_EQ(bench.pipeline.last().flags, guard::kOutOfRange);
}

TEST(Pipeline, AnInvalidConfigurationLeavesTheOldOneInForce) {
  Bench bench;
  bench.begin();
  decision::ClassRule impossible[2] = {{0.0f, 0}, {1.5f, 0}};
  Config config = bench.plan.plan.config;
  config.rules.classes = span_of(impossible);
  EXPECT_EQ(bench.pipeline.configure(config), Status::config_invalid);
  config = bench.plan.plan.config;
  config.ranges.count = 0;
  EXPECT_EQ(bench.pipeline.configure(config), Status::config_invalid);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{1}));
}

TEST(Pipeline, ResetEmptiesEverythingAndKeepsTheConfiguration) {
  Bench bench;
  bench.begin();
  decision::ClassRule strict[2] = {{0.0f, 0}, {0.8f, 0}};
  Config config = bench.plan.plan.config;
  config.rules.classes = span_of(strict);
  bench.pipeline.configure(config);
  bench.push(kNan);
  bench.window(4.0f);
  bench.pipeline.push_error(Fault::bus, 0);
  bench.pipeline.reset();
  EXPECT_EQ(bench.pipeline.poll(), nullptr);
  const Counters counters = bench.pipeline.counters();
  EXPECT_EQ(counters.samples + counters.faults + counters.bad_values + counters.windows + counters.events, 0u);
  EXPECT_EQ(bench.pipeline.last().sequence, 0u);
  EXPECT_EQ(bench.labels({4.0f}), (std::vector<int>{0}));
  EXPECT_EQ(bench.pipeline.counters().samples, 4u) << "a window begins anew";
}

TEST(Pipeline, TheSameSamplesAfterAResetGiveTheSameAnswers) {
  Bench bench;
  bench.plan.add_ema(0.3f, 2);
  bench.rules().votes_needed = 2;
  bench.rules().votes_of = 3;
  bench.plan.rules[1].cooldown_ms = 30;
  bench.begin();
  const std::vector<float> values = {1.0f, -2.0f, 3.0f, kNan, 4.0f, 4.0f, 0.0f, -1.0f};
  const std::vector<int> first = bench.labels(values);
  bench.pipeline.reset();
  EXPECT_EQ(bench.labels(values), first);
}

uint32_t fake_ticks = 0;
uint32_t next_tick() {
  return fake_ticks += 10;
}

TEST(Pipeline, TimesFeaturesAndNetworkWithTheGivenClock) {
  Bench bench;
  bench.begin();
  bench.window(1.0f);
  EXPECT_EQ(bench.pipeline.last().network_ticks, 0u);
  fake_ticks = 0xfffffff0u;  // the counter wraps on the way
  bench.pipeline.set_clock(next_tick);
  bench.window(1.0f);
  EXPECT_EQ(bench.pipeline.last().features_ticks, 10u);
  EXPECT_EQ(bench.pipeline.last().network_ticks, 10u);
}

std::vector<int8_t> tapped;
void keep(Span<const int8_t> input) {
  tapped.assign(input.begin(), input.end());
}

TEST(Pipeline, TheInputTapSeesTheTensorBeforeTheNetwork) {
  Bench bench;
  bench.begin();
  bench.pipeline.set_input_tap(keep);
  for (float value : {-1.0f, 2.0f, 0.0f, 1.0f})
    bench.push(value);
  EXPECT_EQ(tapped, (std::vector<int8_t>{-16, 32, 0, 16}));
  EXPECT_EQ(bench.pipeline.last().input_min, -16);
  EXPECT_EQ(bench.pipeline.last().input_max, 32);
}

TEST(LabelText, NamesClassesAndNothingElse) {
  TestPlan plan;
  EXPECT_STREQ(label_text(plan.plan.info, 0), "low");
  EXPECT_STREQ(label_text(plan.plan.info, 1), "high");
  EXPECT_STREQ(label_text(plan.plan.info, 2), "-");
  EXPECT_STREQ(label_text(plan.plan.info, decision::kNoClass), "-");
}

}  // namespace
}  // namespace edgesmith
