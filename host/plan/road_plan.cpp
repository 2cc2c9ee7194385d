#include "host/plan/road_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/design/settling.h"
#include "host/plan/road_limits.h"
#include "host/project/signal_text.h"

namespace edgesmith {
namespace {

constexpr std::uint32_t kQueueSlack = 8;  // samples that may arrive beyond one hop while a hop is worked on

std::uint32_t channel_mask(const Project& project, const std::vector<std::string>& names) {
  std::uint32_t mask = 0;
  for (std::size_t c = 0; c < project.input.channels.size(); ++c) {
    const bool named = std::find(names.begin(), names.end(), project.input.channels[c]) != names.end();
    if (names.empty() || named) mask |= 1u << c;
  }
  return mask;
}

signal::ConditionStep condition_step(const Project& project, const ConditioningStep& step) {
  using Kind = signal::ConditionKind;
  signal::ConditionStep out = {};
  out.channels = channel_mask(project, step.channels);
  const auto set = [&out](Kind kind, int length, double a, double b) {
    out.kind = static_cast<std::uint8_t>(kind);
    out.length = static_cast<std::uint8_t>(length);
    out.a = static_cast<float>(a);
    out.b = static_cast<float>(b);
  };
  if (step.kind == "clamp") set(Kind::clamp, 0, step.low, step.high);
  if (step.kind == "despike") set(Kind::despike, step.hold_samples, step.max_jump, 0);
  if (step.kind == "median") set(Kind::median, step.length, 0, 0);
  if (step.kind == "ema") set(Kind::ema, 0, step.alpha, 0);
  return out;
}

SampleFormat sample_format(SampleType type) {
  switch (type) {
    case SampleType::f32:
      return SampleFormat::f32;
    case SampleType::i16:
      return SampleFormat::i16;
    case SampleType::u8:
      return SampleFormat::u8;
  }
  return SampleFormat::f32;
}

const std::vector<std::string>& statistic_names() {
  static const std::vector<std::string> names = {"mean", "std",      "min",    "max",           "peak_to_peak",
                                                 "rms",  "mean_abs", "energy", "zero_crossings"};
  return names;
}

/// Bits in the device's order, whatever the order of the list.
std::uint32_t statistic_mask(const std::vector<std::string>& names) {
  const std::vector<std::string>& all = statistic_names();
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::find(names.begin(), names.end(), all[i]) != names.end()) mask |= 1u << i;
  }
  return mask;
}

const std::vector<std::string>& signal_texts(const Project& project, const FeaturesSection& block) {
  return block.signals.empty() ? project.input.channels : block.signals;
}

signal::SignalKind signal_kind(ParsedSignal::Kind kind) {
  switch (kind) {
    case ParsedSignal::Kind::channel:
      return signal::SignalKind::channel;
    case ParsedSignal::Kind::l1:
      return signal::SignalKind::l1;
    case ParsedSignal::Kind::l2:
      return signal::SignalKind::l2;
  }
  return signal::SignalKind::channel;
}

void add_block(const Project& project, const FeaturesSection& block, RoadPlan& road) {
  for (const std::string& text : signal_texts(project, block)) {
    const ParsedSignal parsed = parse_signal(text, project.input.channels);
    road.signals.push_back({static_cast<std::uint8_t>(signal_kind(parsed.kind)),
                            static_cast<std::uint8_t>(parsed.difference), static_cast<std::uint8_t>(block.segments), 0,
                            parsed.channels, statistic_mask(block.statistics)});
  }
}

}  // namespace

RoadPlan make_road_plan(const Project& project) {
  RoadPlan road;
  const bool raw = project.features.at(0).kind == "raw";
  plan::RoadRecord& record = road.record;
  record.channels = static_cast<std::uint32_t>(project.input.channels.size());
  record.format = static_cast<std::uint32_t>(sample_format(project.input.type));
  record.scale = static_cast<float>(project.input.scale);
  record.rate_hz = static_cast<float>(project.input.rate_hz);
  record.window_samples = static_cast<std::uint32_t>(project.window.length_samples);
  record.hop_samples = static_cast<std::uint32_t>(project.window.hop_samples);
  record.settling_samples = design::settling_samples(project.conditioning);
  record.hop_us = hop_us(project);
  record.fifo_samples = record.hop_samples + kQueueSlack + 1;
  record.feature_kind = static_cast<std::uint32_t>(raw ? signal::FeatureKind::raw : signal::FeatureKind::statistics);
  record.clip = static_cast<float>(project.normalize.clip);
  for (const ConditioningStep& step : project.conditioning)
    road.conditioning.push_back(condition_step(project, step));
  for (const FeaturesSection& block : project.features) {
    if (!raw) add_block(project, block, road);
  }
  const auto low = static_cast<float>(project.input.range_low), high = static_cast<float>(project.input.range_high);
  road.ranges.assign(record.channels, {low, high});
  const std::size_t period = raw ? record.channels : road.feature_elems();
  road.offset.assign(period, 0.0f);
  road.gain.assign(period, 1.0f);
  check_limits(project, road);
  return road;
}

RoadSpec RoadPlan::spec() const {
  RoadSpec spec = {};
  spec.channels = record.channels;
  spec.format = static_cast<SampleFormat>(record.format);
  spec.scale = record.scale;
  spec.window_samples = record.window_samples;
  spec.hop_samples = record.hop_samples;
  spec.settling_samples = record.settling_samples;
  spec.hop_us = record.hop_us;
  spec.fifo_samples = record.fifo_samples;
  spec.conditioning = {conditioning.data(), conditioning.size()};
  spec.features.kind = static_cast<signal::FeatureKind>(record.feature_kind);
  spec.features.signals = {signals.data(), signals.size()};
  spec.normalize = {{offset.data(), offset.size()}, {gain.data(), gain.size()}, record.clip};
  return spec;
}

std::uint32_t RoadPlan::feature_elems() const {
  return signal::feature_elems(spec().features, record.window_samples, record.channels);
}

std::vector<std::uint32_t> RoadPlan::input_shape() const {
  if (signals.empty()) return {1, record.window_samples, record.channels};
  return {1, 1, feature_elems()};
}

std::vector<std::string> feature_names(const Project& project) {
  std::vector<std::string> names;
  for (const FeaturesSection& block : project.features) {
    for (const std::string& signal : signal_texts(project, block)) {
      for (int part = 1; part <= block.segments; ++part) {
        for (const std::string& statistic : statistic_names()) {
          if ((statistic_mask(block.statistics) & statistic_mask({statistic})) == 0) continue;
          const std::string where = block.segments == 1 ? "" : fmt::format(" in part {}", part);
          names.push_back(statistic + " " + signal + where);
        }
      }
    }
  }
  return names;
}

}  // namespace edgesmith
