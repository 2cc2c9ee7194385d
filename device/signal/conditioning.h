#pragma once
// Conditioning: what is done to each sample, channel by channel, before it enters the window.
//
// A chain is an array of steps in the order of the project file. Each step works on every channel whose bit is set,
// and keeps its few floats of state per channel in a block that the caller owns. State is primed by the first sample
// after a reset, as if that sample had been there for ever, so no step has a start-up transient.

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace signal {

enum class ConditionKind : uint8_t {
  clamp = 1,    // a = low, b = high
  despike = 2,  // a = largest believable jump between samples, length = samples held before a jump is accepted
  median = 3,   // length = 3 or 5; delays by (length - 1) / 2 samples
  ema = 4,      // a = alpha in (0, 1]:  y += alpha * (x - y)
};

/// One step. Plain data of fixed layout: it is read in place from a plan file.
struct ConditionStep {
  uint8_t kind;  // ConditionKind
  uint8_t length;
  uint16_t reserved;
  uint32_t channels;  // bit c set: applies to channel c
  float a;
  float b;
};
static_assert(sizeof(ConditionStep) == 16, "ConditionStep is a file format");

constexpr uint32_t kMaxChannels = 32;
constexpr uint8_t kMaxDespikeHold = 16;
constexpr uint32_t kMaxConditionSteps = 16;

/// Floats of state that one step needs per channel.
uint32_t condition_state_floats(const ConditionStep& step);

/// Floats of state that a chain needs for `channels` channels.
uint32_t condition_state_floats(Span<const ConditionStep> steps, uint32_t channels);

/// plan_malformed unless every step has a known kind, finite and ordered parameters and existing channels.
Status check_conditioning(Span<const ConditionStep> steps, uint32_t channels);

/// Runs the chain over one sample, in place.
///   sample  float [channels], finite, in the input unit
///   state   condition_state_floats(steps, channels) floats; any content when `first`
///   first   true for the first sample after a reset
void condition(Span<const ConditionStep> steps, Span<float> sample, Span<float> state, bool first);

}  // namespace signal
}  // namespace edgesmith
