// The conversation over a line that loses, changes and invents bytes; at its other end the device's own code.
#include <gtest/gtest.h>

#include <deque>

#include "device/runtime/harness.h"
#include "host/base/error.h"
#include "host/base/random.h"
#include "host/target/testdata/tiny/tiny.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

using testing::make_tiny_samples;
using testing::trace_tiny;

/// A device in this process. One byte in `one_in` is spoiled, in both directions; 0 = none.
class SpoiledLine : public Line {
 public:
  SpoiledLine(std::uint32_t one_in, std::uint64_t seed, Status begun = Status::ok) : one_in_(one_in), random_(seed) {
    EXPECT_EQ(pipeline_.begin(), Status::ok);
    harness_.begin(pipeline_, begun, kBoard, {answer, this});
  }

  void write(std::span<const std::uint8_t> bytes) override {
    for (std::uint8_t byte : bytes) {
      for (std::uint8_t arrived : spoil(byte))
        harness_.receive(arrived);
    }
  }
  std::size_t read(std::span<std::uint8_t> to, double) override {
    std::size_t count = 0;
    for (; count < to.size() && !answers_.empty(); ++count) {
      to[count] = answers_.front();
      answers_.pop_front();
    }
    return count;
  }
  int spoiled = 0;

 private:
  static void answer(void* self, Span<const std::uint8_t> bytes) {
    auto& line = *static_cast<SpoiledLine*>(self);
    for (std::uint8_t byte : bytes) {
      for (std::uint8_t arrived : line.spoil(byte))
        line.answers_.push_back(arrived);
    }
  }
  Bytes spoil(std::uint8_t byte) {
    if (one_in_ == 0 || random_.below(one_in_) != 0) return {byte};
    ++spoiled;
    const std::uint8_t other = static_cast<std::uint8_t>(random_.below(256));
    switch (random_.below(3)) {
      case 0:
        return {};
      case 1:
        return {other};
      default:
        return {byte, other};
    }
  }

  static constexpr HarnessBoard kBoard = {"here", 1000000, 100, 200, nullptr, nullptr};
  tiny::Pipeline pipeline_ = {};
  Harness harness_ = {};
  std::deque<std::uint8_t> answers_;
  std::uint32_t one_in_;
  Random random_;
};

const std::vector<Stretch> kStretches = {make_tiny_samples(300, 2), make_tiny_samples(5, 3), make_tiny_samples(260, 4)};

TEST(HarnessLine, GivesEveryWindowOnce) {
  SpoiledLine line(0, 1);
  const HarnessRun run = run_over_line(line, kStretches);
  const Comparison comparison = compare_windows(trace_tiny(kStretches), run.windows);
  EXPECT_EQ(comparison.windows, 29u + 25u);
  EXPECT_EQ(comparison.mismatches, 0u);
  EXPECT_EQ(run.info.board, "here");
  EXPECT_EQ(run.info.record.channels, 3u);
  EXPECT_EQ(run.status.windows, 25u);
  EXPECT_EQ(run.sample_bytes, 565u * 6);
}

TEST(HarnessLine, GivesTheSameOverALineThatSpoilsBytes) {
  const std::vector<WindowTrace> desktop = trace_tiny(kStretches);
  int spoiled = 0, repeated = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SpoiledLine line(10000, seed);
    const HarnessRun run = run_over_line(line, kStretches);
    const Comparison comparison = compare_windows(desktop, run.windows);
    ASSERT_EQ(comparison.mismatches, 0u) << seed << " " << to_text(*comparison.first);
    spoiled += line.spoiled;
    repeated += run.repeated_stretches;
  }
  EXPECT_GT(spoiled, 30);
  EXPECT_GT(repeated, 10);
}

TEST(HarnessLine, GivesUpOnALineThatLosesTooMuch) {
  SpoiledLine line(20, 1);
  try {
    run_over_line(line, kStretches);
    FAIL() << "a run over this line cannot succeed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_TRUE(error.text.code == "harness.lost" || error.text.code == "harness.silent") << error.text.code;
  }
}

TEST(HarnessLine, SaysThatBeginFailedOnTheDevice) {
  SpoiledLine line(0, 1, Status::self_test_network);
  const HarnessRun run = run_over_line(line, kStretches);
  EXPECT_EQ(run.info.begun, Status::self_test_network);
  EXPECT_TRUE(run.windows.empty());
  EXPECT_EQ(compare_begin(run.info.begun)->contract, Contract::execution);
}

TEST(HarnessLine, RefusesAThresholdOfNoClass) {
  SpoiledLine line(0, 1);
  HarnessOptions options;
  options.faults.threshold = {3, 0.5f};
  EXPECT_THROW(run_over_line(line, kStretches, options), Error);
}

/// Random packets, well framed, with every type and any length: answered or refused, never a crash.
TEST(HarnessLine, DeviceSurvivesAnyPacket) {
  static tiny::Pipeline pipeline;
  static Harness harness;
  static std::size_t answered;
  ASSERT_EQ(pipeline.begin(), Status::ok);
  constexpr HarnessBoard kBoard = {"here", 0, 0, 0, nullptr, nullptr};
  answered = 0;
  harness.begin(pipeline, Status::ok, kBoard,
                {[](void*, Span<const std::uint8_t> b) { answered += b.size(); }, nullptr});
  Bytes frame;
  link::PacketWriter writer;
  writer.begin({[](void* to, Span<const std::uint8_t> b) {
                  static_cast<Bytes*>(to)->insert(static_cast<Bytes*>(to)->end(), b.begin(), b.end());
                },
                &frame});
  Random random(5);
  for (std::uint16_t n = 1; n < 20000; ++n) {
    Bytes payload(random.below(60));
    for (auto& byte : payload)
      byte = static_cast<std::uint8_t>(random.below(3) == 0 ? random.below(256) : random.below(4));
    frame.clear();
    writer.start(static_cast<std::uint8_t>(random.below(8)), n);
    writer.add({payload.data(), payload.size()});
    writer.finish();
    for (std::uint8_t byte : frame)
      harness.receive(byte);
  }
  EXPECT_GT(answered, 100000u);
}

}  // namespace
}  // namespace edgesmith
