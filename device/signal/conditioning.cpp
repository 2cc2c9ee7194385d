#include "device/signal/conditioning.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace signal {
namespace {

constexpr float kLargestValue = 1e9f;  // beyond it squares and sums could leave binary32

bool believable(float x) {
  return is_finite(x) && abs_f32(x) <= kLargestValue;
}

float despike(const ConditionStep& step, float x, float* state) {
  float& last = state[0];
  float& held = state[1];  // samples held so far, a small whole number
  const bool jump = abs_f32(sub(x, last)) > step.a;
  if (jump && held < static_cast<float>(step.length)) {
    held = add(held, 1.0f);
    return last;
  }
  held = 0.0f;
  last = x;
  return x;
}

/// Median of the last `length` values; state holds the previous length - 1, oldest first.
float median(const ConditionStep& step, float x, float* state) {
  float sorted[5];
  const uint32_t before = step.length - 1u;
  for (uint32_t i = 0; i < before; ++i)
    sorted[i] = state[i];
  sorted[before] = x;
  for (uint32_t i = 0; i + 1 < before; ++i)
    state[i] = state[i + 1];
  state[before - 1] = x;
  for (uint32_t i = 1; i <= before; ++i) {  // insertion sort of at most five values
    const float value = sorted[i];
    uint32_t at = i;
    for (; at > 0 && value < sorted[at - 1]; --at)
      sorted[at] = sorted[at - 1];
    sorted[at] = value;
  }
  return sorted[before / 2];
}

float ema(const ConditionStep& step, float x, float* state) {
  state[0] = add(state[0], mul(step.a, sub(x, state[0])));
  return state[0];
}

void prime(const ConditionStep& step, float x, float* state) {
  const uint32_t floats = condition_state_floats(step);
  for (uint32_t i = 0; i < floats; ++i)
    state[i] = x;
  if (static_cast<ConditionKind>(step.kind) == ConditionKind::despike) state[1] = 0.0f;
}

float apply(const ConditionStep& step, float x, float* state) {
  switch (static_cast<ConditionKind>(step.kind)) {
    case ConditionKind::clamp:
      return clamp_f32(x, step.a, step.b);
    case ConditionKind::despike:
      return despike(step, x, state);
    case ConditionKind::median:
      return median(step, x, state);
    case ConditionKind::ema:
      return ema(step, x, state);
  }
  return x;
}

bool valid(const ConditionStep& step) {
  switch (static_cast<ConditionKind>(step.kind)) {
    case ConditionKind::clamp:
      return believable(step.a) && believable(step.b) && step.a <= step.b;
    case ConditionKind::despike:
      return believable(step.a) && step.a > 0 && step.length >= 1 && step.length <= kMaxDespikeHold;
    case ConditionKind::median:
      return step.length == 3 || step.length == 5;
    case ConditionKind::ema:
      return is_finite(step.a) && step.a > 0 && step.a <= 1;
  }
  return false;
}

}  // namespace

uint32_t condition_state_floats(const ConditionStep& step) {
  switch (static_cast<ConditionKind>(step.kind)) {
    case ConditionKind::clamp:
      return 0;
    case ConditionKind::despike:
      return 2;
    case ConditionKind::median:
      return step.length - 1u;
    case ConditionKind::ema:
      return 1;
  }
  return 0;
}

uint32_t condition_state_floats(Span<const ConditionStep> steps, uint32_t channels) {
  uint32_t floats = 0;
  for (const ConditionStep& step : steps)
    floats += condition_state_floats(step) * channels;
  return floats;
}

Status check_conditioning(Span<const ConditionStep> steps, uint32_t channels) {
  if (channels == 0 || channels > kMaxChannels || steps.size() > kMaxConditionSteps) return Status::plan_malformed;
  for (const ConditionStep& step : steps) {
    const bool known_channels = channels == 32 || (step.channels >> channels) == 0;
    if (!valid(step) || step.channels == 0 || !known_channels) return Status::plan_malformed;
  }
  return Status::ok;
}

void condition(Span<const ConditionStep> steps, Span<float> sample, Span<float> state, bool first) {
  float* step_state = state.data;
  for (const ConditionStep& step : steps) {
    const uint32_t floats = condition_state_floats(step);
    for (uint32_t channel = 0; channel < sample.size(); ++channel, step_state += floats) {
      if ((step.channels >> channel & 1u) == 0) continue;
      if (first) prime(step, sample[channel], step_state);
      sample[channel] = apply(step, sample[channel], step_state);
    }
  }
}

}  // namespace signal
}  // namespace edgesmith
