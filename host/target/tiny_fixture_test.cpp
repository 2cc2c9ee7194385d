#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "host/target/testdata/tiny/tiny.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith::testing {
namespace {

std::vector<std::int8_t> tapped_input;

void keep_input(Span<const std::int8_t> input) {
  tapped_input.assign(input.begin(), input.end());
}

WindowTrace trace_of(const LastWindow& last, const Event* event, std::uint32_t stretch) {
  WindowTrace trace;
  trace.stretch = stretch;
  trace.window = last.sequence;
  trace.time_us = last.time_us;
  trace.flags = last.flags;
  if (last.flags != 0) return trace;
  trace.input = tapped_input;
  trace.output.assign(last.output.begin(), last.output.end());
  trace.outcome = last.outcome;
  if (event != nullptr) trace.event_kind = static_cast<std::uint8_t>(event->kind);
  if (event != nullptr) trace.event_reason = static_cast<std::uint8_t>(event->reason);
  return trace;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = ::testing::TempDir() + "edgesmith-XXXXXX";
  path_ = mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
  fs::remove_all(path_);
}

GeneratedModel make_tiny_folder(const fs::path& folder) {
  const fs::path source = "host/target/testdata/tiny";
  fs::create_directories(folder / "device");
  for (const char* file : {"tiny.h", "tiny.cpp"})
    fs::copy_file(source / file, folder / file);
  for (const char* part : {"base", "tensor", "signal", "guard", "decision", "runtime"}) {
    fs::copy(fs::path("device") / part, folder / "device" / part, fs::copy_options::recursive);
  }
  for (const char* file : {"runtime/operators.cpp", "runtime/plan_file.cpp", "runtime/harness.cpp"}) {
    fs::remove(folder / "device" / file);
  }
  return {folder, "tiny"};
}

Stretch make_tiny_samples(std::uint32_t count, std::uint32_t seed) {
  std::vector<std::int16_t> values;
  std::uint32_t state = seed;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (std::uint32_t c = 0; c < 3; ++c) {
      state = state * 1664525u + 1013904223u;
      int value = static_cast<int>(state >> 22) - 512;
      if ((i / 50) % 4 == c + 1) value += 1500;
      if ((state >> 8) % 997 == 0) value = 20000;
      values.push_back(static_cast<std::int16_t>(value));
    }
  }
  Stretch stretch;
  stretch.count = count;
  stretch.samples.resize(values.size() * 2);
  std::memcpy(stretch.samples.data(), values.data(), stretch.samples.size());
  return stretch;
}

std::vector<WindowTrace> trace_tiny(const std::vector<Stretch>& stretches) {
  static tiny::Pipeline pipeline;
  EXPECT_EQ(pipeline.begin(), Status::ok);
  pipeline.set_input_tap(keep_input);
  std::vector<WindowTrace> traces;
  for (std::uint32_t s = 0; s < stretches.size(); ++s) {
    pipeline.reset();
    std::uint32_t seen = 0;
    for (std::uint32_t i = 0; i < stretches[s].count; ++i) {
      pipeline.push(stretches[s].samples.data() + i * 6, i * tiny::plan.road.hop_us / tiny::plan.road.hop_samples);
      const Event* event = pipeline.poll();
      if (pipeline.last().sequence == seen) continue;
      seen = pipeline.last().sequence;
      traces.push_back(trace_of(pipeline.last(), event, s));
    }
  }
  return traces;
}

}  // namespace edgesmith::testing
