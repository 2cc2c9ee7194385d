#include "host/target/compare.h"

#include <gtest/gtest.h>

#include <limits>

namespace edgesmith {
namespace {

std::vector<WindowTrace> three_windows() {
  std::vector<WindowTrace> traces(3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    traces[i].stretch = 4;
    traces[i].window = i + 1;
    traces[i].time_us = 1000 * i;
    traces[i].input = {1, 2, 3, 4};
    traces[i].output = {-128, 127};
    traces[i].outcome = {1, 0.75f, 0.5f, 1, 1, 0, 0};
  }
  return traces;
}

struct Change {
  const char* field;
  Contract contract;
  void (*make)(WindowTrace&);
};

TEST(Compare, EqualTracesDoNotDiffer) {
  const Comparison comparison = compare_windows(three_windows(), three_windows());
  EXPECT_EQ(comparison.windows, 3u);
  EXPECT_EQ(comparison.mismatches, 0u);
  EXPECT_FALSE(comparison.first);
}

TEST(Compare, CallsEveryFieldByItsContract) {
  const Change changes[] = {
      {"time_us", Contract::input, [](WindowTrace& t) { t.time_us += 1; }},
      {"flags", Contract::input, [](WindowTrace& t) { t.flags = 2; }},
      {"input", Contract::input, [](WindowTrace& t) { t.input[2] = 9; }},
      {"input size", Contract::input, [](WindowTrace& t) { t.input.pop_back(); }},
      {"output", Contract::execution, [](WindowTrace& t) { t.output[1] = 126; }},
      {"best", Contract::decision, [](WindowTrace& t) { t.outcome.best = 0; }},
      {"score", Contract::decision, [](WindowTrace& t) { t.outcome.score = 0.75000006f; }},
      {"margin", Contract::decision, [](WindowTrace& t) { t.outcome.margin = -0.5f; }},
      {"candidate", Contract::decision, [](WindowTrace& t) { t.outcome.candidate = 0; }},
      {"current", Contract::decision, [](WindowTrace& t) { t.outcome.current = 0; }},
      {"emitted", Contract::decision, [](WindowTrace& t) { t.outcome.emitted = 1; }},
      {"suppressed", Contract::decision, [](WindowTrace& t) { t.outcome.suppressed = 1; }},
      {"event kind", Contract::decision, [](WindowTrace& t) { t.event_kind = 1; }},
      {"event reason", Contract::decision, [](WindowTrace& t) { t.event_reason = 1; }},
  };
  for (const Change& change : changes) {
    std::vector<WindowTrace> device = three_windows();
    change.make(device[1]);
    const Comparison comparison = compare_windows(three_windows(), device);
    ASSERT_TRUE(comparison.first) << change.field;
    EXPECT_EQ(comparison.first->field, change.field);
    EXPECT_EQ(comparison.first->contract, change.contract) << change.field;
    EXPECT_EQ(comparison.first->index, 1u);
    EXPECT_EQ(comparison.first->window, 2u);
    EXPECT_EQ(comparison.mismatches, 1u);
  }
}

TEST(Compare, TellsTheFirstDifferenceAndCountsAll) {
  std::vector<WindowTrace> device = three_windows();
  device[1].output[1] = 126;
  device[1].outcome.best = 0;
  device[2].input[0] = 0;
  const Comparison comparison = compare_windows(three_windows(), device);
  EXPECT_EQ(comparison.mismatches, 2u);
  EXPECT_EQ(to_text(*comparison.first),
            "EXECUTION: stretch 4, window 2: output[1] is 127 on the desktop, 126 on the device");
}

TEST(Compare, ZerosOfDifferentSignDiffer) {
  std::vector<WindowTrace> desktop = three_windows(), device = three_windows();
  desktop[0].outcome.margin = 0.0f;
  device[0].outcome.margin = -0.0f;
  EXPECT_EQ(compare_windows(desktop, device).mismatches, 1u);
  desktop[0].outcome.margin = device[0].outcome.margin = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(compare_windows(desktop, device).mismatches, 0u);
}

TEST(Compare, MissingWindowsAreMismatches) {
  std::vector<WindowTrace> device = three_windows();
  device.pop_back();
  const Comparison comparison = compare_windows(three_windows(), device);
  EXPECT_EQ(comparison.windows, 2u);
  EXPECT_EQ(comparison.mismatches, 1u);
  EXPECT_EQ(comparison.first->contract, Contract::input);
}

TEST(Compare, ARefusedBeginBreaksAContract) {
  EXPECT_FALSE(compare_begin(Status::ok));
  EXPECT_EQ(compare_begin(Status::self_test_features)->contract, Contract::input);
  EXPECT_EQ(compare_begin(Status::self_test_network)->contract, Contract::execution);
  EXPECT_EQ(compare_begin(Status::plan_checksum)->contract, Contract::execution);
  EXPECT_EQ(to_text(*compare_begin(Status::self_test_network)),
            "EXECUTION: begin() is ok on the desktop, self_test_network on the device");
}

}  // namespace
}  // namespace edgesmith
