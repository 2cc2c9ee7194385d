#include "device/runtime/road.h"

#include <gtest/gtest.h>

#include <limits>

#include "device/runtime/plan_fixture.h"

namespace edgesmith {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// A road of its own memory, fed with units.
struct Walk {
  TestPlan plan;
  std::vector<float> ring, state;
  Road road = {};

  void begin() {
    ring.resize(road_ring_floats(plan.plan.road));
    state.resize(road_state_floats(plan.plan.road));
    road.begin(plan.plan.road, {{ring.data(), ring.size()}, {state.data(), state.size()}});
  }
  bool add(float value) {
    return road.add(reinterpret_cast<const uint8_t*>(&value), span_of(plan.ranges));
  }
  /// Adds them all; the window must be complete at the last one.
  std::vector<float> window(const std::vector<float>& values) {
    for (float value : values)
      complete_ = add(value);
    EXPECT_TRUE(complete_);
    return features();
  }
  std::vector<float> features() {
    std::vector<float> out(4);
    road.features({out.data(), out.size()});
    return out;
  }

 private:
  bool complete_ = false;
};

TEST(Road, WindowsOverlapByLengthLessHop) {
  Walk walk;
  walk.begin();
  std::vector<int> complete;
  for (int i = 0; i < 9; ++i) {
    if (walk.add(static_cast<float>(i) / 4)) complete.push_back(i);
  }
  EXPECT_EQ(complete, (std::vector<int>{3, 5, 7}));
  walk.add(3.0f);
  EXPECT_EQ(walk.features(), (std::vector<float>{1.5f, 1.75f, 2.0f, 3.0f}));
}

TEST(Road, HoldsAndCountsValuesThatAreNotFiniteOrOutOfRange) {
  Walk walk;
  walk.begin();
  EXPECT_EQ(walk.window({1.0f, kNan, 4.5f, 2.0f}), (std::vector<float>{1.0f, 1.0f, 1.0f, 2.0f}));
  EXPECT_EQ(walk.road.bad_values(), 2u);
  EXPECT_EQ(walk.road.flags(), guard::kNotFinite | guard::kOutOfRange);
}

TEST(Road, TheEndsOfTheRangeAreGood) {
  Walk walk;
  walk.begin();
  walk.window({-4.0f, 4.0f, 0.0f, 0.0f});
  EXPECT_EQ(walk.road.flags(), 0);
}

TEST(Road, AFlagLeavesWithItsSample) {
  Walk walk;
  walk.plan.plan.road.hop_samples = 1;
  walk.begin();
  std::vector<int> flagged;
  for (int i = 0; i < 12; ++i) {
    const bool complete = walk.add(i == 5 ? kNan : 0.0f);
    if (complete && walk.road.flags() != 0) flagged.push_back(i);
  }
  EXPECT_EQ(flagged, (std::vector<int>{5, 6, 7, 8}));  // the windows that end there hold sample 5
}

TEST(Road, TheYoungestBadSampleKeepsTheFlag) {
  Walk walk;
  walk.plan.plan.road.hop_samples = 1;
  walk.begin();
  std::vector<int> flagged;
  for (int i = 0; i < 14; ++i) {
    const bool complete = walk.add(i == 5 || i == 7 ? kNan : 0.0f);
    if (complete && walk.road.flags() != 0) flagged.push_back(i);
  }
  EXPECT_EQ(flagged, (std::vector<int>{5, 6, 7, 8, 9, 10}));
}

TEST(Road, ABadSampleThatSettlingSwallowsFlagsNothing) {
  Walk walk;
  walk.plan.add_ema(0.5f, 1);
  walk.begin();
  walk.window({kNan, 2.0f, 2.0f, 2.0f, 2.0f});
  EXPECT_EQ(walk.road.flags(), 0);
}

TEST(Road, AMissingSampleHoldsTheLastGoodOne) {
  Walk walk;
  walk.begin();
  walk.add(1.5f);
  walk.road.add_missing(span_of(walk.plan.ranges));
  EXPECT_EQ(walk.window({2.0f, 2.0f}), (std::vector<float>{1.5f, 1.5f, 2.0f, 2.0f}));
  EXPECT_EQ(walk.road.flags(), guard::kDriverFault);
  EXPECT_EQ(walk.road.bad_values(), 0u);  // no value was there to be bad
}

TEST(Road, AMissingFirstSampleBecomesTheValueInRangeNearestToZero) {
  Walk walk;
  walk.plan.ranges[0] = {1.0f, 4.0f};
  walk.begin();
  walk.road.add_missing(span_of(walk.plan.ranges));
  EXPECT_EQ(walk.window({2.0f, 2.0f, 2.0f}), (std::vector<float>{1.0f, 2.0f, 2.0f, 2.0f}));
}

TEST(Road, AHeldFirstSamplePrimesNoFilter) {
  Walk walk;
  walk.plan.add_ema(0.25f, 0);
  walk.begin();
  walk.add(kNan);
  EXPECT_EQ(walk.window({2.0f, 2.0f, 2.0f}), (std::vector<float>{0.0f, 2.0f, 2.0f, 2.0f}));
}

TEST(Road, AHeldSampleLaterIsFilteredLikeAnyOther) {
  Walk walk;
  walk.plan.add_ema(0.5f, 0);
  walk.begin();
  // 2; 2 + (4 - 2) / 2 = 3; the held 4: 3.5; 3.75
  EXPECT_EQ(walk.window({2.0f, 4.0f, kNan, 4.0f}), (std::vector<float>{2.0f, 3.0f, 3.5f, 3.75f}));
}

TEST(Road, ABadChannelKeepsTheLastGoodValueOfItsOwn) {
  Walk walk;
  walk.plan.plan.road.channels = 2;
  walk.begin();
  const guard::Range ranges[2] = {{-4.0f, 4.0f}, {-4.0f, 4.0f}};
  const float samples[4][2] = {{1.0f, kNan}, {kNan, 2.0f}, {3.0f, kNan}, {3.0f, 3.0f}};
  for (const auto& sample : samples)
    walk.road.add(reinterpret_cast<const uint8_t*>(sample), span_of(ranges));
  std::vector<float> features(8);
  walk.road.features({features.data(), features.size()});
  EXPECT_EQ(features, (std::vector<float>{1.0f, 0.0f, 1.0f, 2.0f, 3.0f, 2.0f, 3.0f, 3.0f}));
}

TEST(Road, SettlingDelaysTheFirstWindowAfterEveryRestart) {
  Walk walk;
  walk.plan.add_ema(0.5f, 3);
  walk.begin();
  for (int round = 0; round < 2; ++round) {
    std::vector<int> complete;
    for (int i = 0; i < 10; ++i) {
      if (walk.add(1.0f)) complete.push_back(i);
    }
    EXPECT_EQ(complete, (std::vector<int>{6, 8}));  // 3 to settle, 4 of the window
    walk.road.restart_window();
  }
}

TEST(Road, ARestartForgetsValuesAndFlagsButNotTheCount) {
  Walk walk;
  walk.plan.add_ema(0.5f, 0);
  walk.begin();
  walk.window({4.0f, 4.0f, 4.0f, kNan});
  walk.road.restart_window();
  EXPECT_EQ(walk.window({1.0f, 1.0f, 1.0f, 1.0f}), (std::vector<float>{1.0f, 1.0f, 1.0f, 1.0f}));
  EXPECT_EQ(walk.road.flags(), 0);
  EXPECT_EQ(walk.road.bad_values(), 1u);
}

TEST(Road, TellsTheFirstWindowAfterARestart) {
  Walk walk;
  walk.begin();
  for (int round = 0; round < 2; ++round) {
    walk.window({1.0f, 1.0f, 1.0f, 1.0f});
    EXPECT_TRUE(walk.road.first_window());
    for (int later = 0; later < 3; ++later) {
      while (!walk.add(1.0f)) {
      }
      EXPECT_FALSE(walk.road.first_window());
    }
    walk.road.restart_window();
  }
}

TEST(Road, AResetForgetsTheCountToo) {
  Walk walk;
  walk.begin();
  walk.add(kNan);
  walk.road.reset();
  EXPECT_EQ(walk.road.bad_values(), 0u);
}

TEST(Road, IntegerSamplesAreCountsTimesScale) {
  Walk walk;
  walk.plan.plan.road.format = SampleFormat::i16;
  walk.plan.plan.road.scale = 0.5f;
  walk.begin();
  const int16_t counts[4] = {-8, 3, 8, 9};  // 9 is 4.5 units, out of range
  for (int16_t count : counts)
    walk.road.add(reinterpret_cast<const uint8_t*>(&count), span_of(walk.plan.ranges));
  EXPECT_EQ(walk.features(), (std::vector<float>{-4.0f, 1.5f, 4.0f, 4.0f}));
  EXPECT_EQ(walk.road.flags(), guard::kOutOfRange);
}

TEST(Road, BytesAreUnsigned) {
  Walk walk;
  walk.plan.plan.road.format = SampleFormat::u8;
  walk.plan.plan.road.scale = 1.0f / 64;
  walk.begin();
  const uint8_t counts[4] = {0, 64, 128, 255};
  for (uint8_t count : counts)
    walk.road.add(&count, span_of(walk.plan.ranges));
  EXPECT_EQ(walk.features(), (std::vector<float>{0.0f, 1.0f, 2.0f, 3.984375f}));
}

TEST(Road, QuantisesWhatItNormalises) {
  Walk walk;
  walk.plan.offset[0] = 1.0f;
  walk.plan.gain[0] = 2.0f;
  walk.begin();
  walk.window({1.0f, 1.5f, 0.953125f, 4.0f});  // (x - 1) * 2 * 16 = 0, 16, -1.5, 96
  int8_t q[4];
  walk.road.quantised_features(16.0f, 40, span_of(q));
  EXPECT_EQ(q[0], 40);
  EXPECT_EQ(q[1], 56);
  EXPECT_EQ(q[2], 38);  // -1.5 goes to -2
  EXPECT_EQ(q[3], 127);
}

TEST(Road, TheSelfTestsSamplesComeFromTheDocumentedGenerator) {
  Walk walk;
  walk.plan.plan.self_test.seed = 1;
  walk.plan.center[0] = 0.5f;
  walk.plan.spread[0] = 2.0f;
  walk.begin();
  run_self_test_road(walk.plan.plan.road, walk.plan.plan.self_test, walk.road);
  std::vector<float> expected;
  uint64_t state = 1;
  for (int i = 0; i < 4; ++i) {
    state = (state * 1664525 + 1013904223) % 4294967296;
    const double u = static_cast<double>(state / 256) / 8388608 - 1;
    expected.push_back(static_cast<float>(0.5 + 2 * u));  // at most 25 bits: one rounding either way
  }
  EXPECT_EQ(walk.features(), expected);
}

}  // namespace
}  // namespace edgesmith
