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

/// Normalises and quantises values as they are computed, so that the vector never exists as floats.
struct Quantiser {
  const signal::NormalizeSpec* normalize;
  float inv_scale;
  int32_t zero_point;
  int8_t* out;
  uint32_t index;

  static void take(void* context, const float* values, uint32_t count) {
    Quantiser& self = *static_cast<Quantiser*>(context);
    for (uint32_t i = 0; i < count; ++i, ++self.index) {
      const float x = signal::normalize(*self.normalize, self.index, values[i]);
      self.out[self.index] = signal::quantize_s8(x, self.inv_scale, self.zero_point);
    }
  }
};

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
  reset();
}

void Road::reset() {
  bad_values_ = 0;
  restart_window();
}

void Road::restart_window() {
  window_.reset();
  until_settled_ = spec_->settling_samples;
  bad_in_window_ = 0;
  reasons_ = 0;
  windows_ = 0;
  first_ = true;
  primed_ = false;
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

/// Conditions the sample, which is good or held by now, and moves the window on. A held sample primes nothing for good:
/// its made-up value would fade only slowly, in windows that nothing flags.
bool Road::advance(uint8_t reasons) {
  signal::condition(spec_->conditioning, sample_, condition_state_, !primed_);
  primed_ = primed_ || reasons == 0;
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
  const bool complete = window_.add(sample_.data);
  if (complete && windows_ < 2) ++windows_;
  return complete;
}

uint8_t Road::flags() const {
  return reasons_;
}

void Road::features(Span<float> out) const {
  float* at = out.data;
  const auto append = [](void* context, const float* values, uint32_t count) {
    float*& next = *static_cast<float**>(context);
    memcpy(next, values, count * sizeof(float));
    next += count;
  };
  signal::compute_features(spec_->features, window_.view(), signal::FeatureSink{append, &at});
}

void Road::quantised_features(float inv_scale, int32_t zero_point, Span<int8_t> out) const {
  Quantiser quantiser = {&spec_->normalize, inv_scale, zero_point, out.data, 0};
  signal::compute_features(spec_->features, window_.view(), signal::FeatureSink{Quantiser::take, &quantiser});
}

}  // namespace edgesmith
