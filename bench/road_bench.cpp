// The road before the network: samples through guard and window, then the features of one window.

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "device/runtime/road.h"

namespace edgesmith {
namespace {

constexpr std::uint32_t kChannels = 3, kWindow = 80;

/// A three-axis road; the features are the caller's.
struct MotionRoad {
  RoadSpec spec = {};
  std::vector<float> offset, gain, ring, state, features;
  std::vector<guard::Range> ranges = std::vector<guard::Range>(kChannels, guard::Range{-4.0f, 4.0f});
  Road road = {};

  MotionRoad(signal::FeatureKind kind, const std::vector<signal::SignalSpec>& signals) {
    spec.channels = kChannels;
    spec.format = SampleFormat::f32;
    spec.scale = 1;
    spec.window_samples = kWindow;
    spec.hop_samples = 20;
    spec.hop_us = 200000;
    spec.fifo_samples = 4;
    spec.features = {kind, {signals.data(), signals.size()}};
    const std::uint32_t elems = signal::feature_elems(spec.features, kWindow, kChannels);
    offset.assign(elems, 0.1f);
    gain.assign(elems, 2.0f);
    features.resize(elems);
    spec.normalize.offset = {offset.data(), offset.size()};
    spec.normalize.gain = {gain.data(), gain.size()};
    ring.resize(road_ring_floats(spec));
    state.resize(road_state_floats(spec));
    road.begin(spec, {{ring.data(), ring.size()}, {state.data(), state.size()}});
  }
  bool add(std::uint32_t t) {
    const float x = std::sin(static_cast<float>(t) * 0.2f);
    const float sample[kChannels] = {x, 0.5f * x, 1.0f - x};
    return road.add(reinterpret_cast<const std::uint8_t*>(sample), {ranges.data(), ranges.size()});
  }
};

void samples(benchmark::State& state) {
  MotionRoad motion(signal::FeatureKind::raw, {});
  std::uint32_t t = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(motion.add(t++));
}
BENCHMARK(samples);

void window_of_raw_features(benchmark::State& state) {
  MotionRoad motion(signal::FeatureKind::raw, {});
  for (std::uint32_t t = 0; t < kWindow; ++t)
    motion.add(t);
  for (auto _ : state) {
    motion.road.features({motion.features.data(), motion.features.size()});
    benchmark::DoNotOptimize(motion.features.data());
  }
}
BENCHMARK(window_of_raw_features);

void window_of_statistics(benchmark::State& state) {
  constexpr std::uint32_t kAll = (1u << signal::kStatisticKinds) - 1;
  MotionRoad motion(signal::FeatureKind::statistics,
                    {{1, 0, 1, 0, 1, kAll}, {1, 0, 1, 0, 2, kAll}, {3, 0, 4, 0, 7, kAll}});
  for (std::uint32_t t = 0; t < kWindow; ++t)
    motion.add(t);
  for (auto _ : state) {
    motion.road.features({motion.features.data(), motion.features.size()});
    benchmark::DoNotOptimize(motion.features.data());
  }
}
BENCHMARK(window_of_statistics);

}  // namespace
}  // namespace edgesmith
