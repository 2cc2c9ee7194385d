#include "device/runtime/road.h"

#include <string.h>

#include "device/base/exact_float.h"

namespace edgesmith {
namespace {

float value_in_unit(const RoadSpec& spec, const uint8_t* sample, uint32_t channel) {
  switch (spec.format) {
    case SampleFormat::f32: {
      float value;
      memcpy(&value, sample + channel * sizeof value, sizeof value);
      return value;
    }
    case SampleFormat::i16: {
      int16_t counts;
      memcpy(&counts, sample + channel * sizeof counts, sizeof counts);
      return mul(static_cast<float>(counts), spec.scale);
    }
    case SampleFormat::u8:
      return mul(static_cast<float>(sample[channel]), spec.scale);
  }
  return 0.0f;
}

}  // namespace

uint32_t road_state_floats(const RoadSpec& spec) {
  return 2 * spec.channels + signal::condition_state_floats(spec.conditioning, spec.channels);
}

void Road::begin(const RoadSpec& spec, const RoadMemory& memory) {
  spec_ = &spec;
  window_.begin(memory.ring.data, spec.window_samples, spec.hop_samples, spec.channels);
  sample_ = memory.state.subspan(0, spec.channels);
  last_good_ = memory.state.subspan(spec.channels, spec.channels);
  condition_state_ = memory.state.subspan(2 * spec.channels, memory.state.size() - 2 * spec.channels);
  bad_values_ = 0;
  reset();
}

void Road::reset() {
  first_ = true;
  bad_values_ = 0;
  restart_window();
}

void Road::restart_window() {
  window_.reset();
  until_settled_ = spec_->settling_samples;
  bad_in_window_ = 0;
  reasons_ = 0;
  first_ = true;
}

bool Road::add(const uint8_t* sample, Span<const guard::Range> ranges) {
  for (uint32_t c = 0; c < spec_->channels; ++c)
    sample_[c] = value_in_unit(*spec_, sample, c);
  const uint8_t reasons = guard::hold_bad_values(ranges, sample_, last_good_, first_, bad_values_);
  return advance(reasons);
}

bool Road::add_missing(Span<const guard::Range> ranges) {
  for (uint32_t c = 0; c < spec_->channels; ++c) {
    if (first_) last_good_[c] = guard::neutral_value(ranges[c]);
    sample_[c] = last_good_[c];
  }
  return advance(guard::kDriverFault);
}

bool Road::add_good(const float* sample) {
  memcpy(sample_.data, sample, spec_->channels * sizeof(float));
  return advance(0);
}

/// Conditions the sample, which is good or held by now, and moves the window on.
bool Road::advance(uint8_t reasons) {
  signal::condition(spec_->conditioning, sample_, condition_state_, first_);
  first_ = false;
  if (bad_in_window_ > 0 && --bad_in_window_ == 0) reasons_ = 0;
  if (reasons != 0) {
    bad_in_window_ = spec_->window_samples;
    reasons_ = static_cast<uint8_t>(reasons_ | reasons);
  }
  if (until_settled_ > 0) {
    --until_settled_;
    return false;
  }
  return window_.add(sample_.data);
}

uint8_t Road::flags() const {
  return reasons_;
}

void Road::features(Span<float> out) const {
  const signal::WindowView view = window_.view();
  const uint32_t groups = signal::feature_group_count(spec_->features, spec_->window_samples);
  const uint32_t elems = signal::feature_group_elems(spec_->features, spec_->channels);
  for (uint32_t g = 0; g < groups; ++g) {
    signal::feature_group(spec_->features, view, g, out.subspan(g * elems, elems));
  }
}

void Road::quantised_features(float inv_scale, int32_t zero_point, Span<int8_t> out) const {
  const signal::WindowView view = window_.view();
  const uint32_t groups = signal::feature_group_count(spec_->features, spec_->window_samples);
  const uint32_t elems = signal::feature_group_elems(spec_->features, spec_->channels);
  float values[signal::kMaxGroup];
  uint32_t index = 0;
  for (uint32_t g = 0; g < groups; ++g) {
    signal::feature_group(spec_->features, view, g, Span<float>{values, elems});
    for (uint32_t i = 0; i < elems; ++i, ++index) {
      const float x = signal::normalize(spec_->normalize, index, values[i]);
      out[index] = signal::quantize_s8(x, inv_scale, zero_point);
    }
  }
}

}  // namespace edgesmith
