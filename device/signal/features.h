#pragma once
// Features: a complete window -> the values that the network sees, before normalisation.
//
// Values are produced group by group in a fixed order, so that no block needs memory for the whole vector:
//   raw         one group per sample, oldest first:             channels values
//   statistics  one group per signal and segment of the window:  one value per statistic of that signal
// The feature vector is the concatenation of the groups; statistics: [signal][segment][statistic].

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/signal/window.h"

namespace edgesmith {
namespace signal {

enum class FeatureKind : uint8_t { raw = 1, statistics = 2 };

enum class SignalKind : uint8_t {
  channel = 1,  // the one channel whose bit is set
  l1 = 2,       // sum of absolute values of the channels in the mask
  l2 = 3,       // square root of the sum of their squares
};

/// Bit (value - 1) of SignalSpec::statistics; the values follow each other in this order.
enum class Statistic : uint8_t {
  mean = 1,
  std = 2,  // population: divides by n
  min = 3,
  max = 4,
  peak_to_peak = 5,
  rms = 6,
  mean_abs = 7,
  energy = 8,          // mean of squares
  zero_crossings = 9,  // sign changes; zero counts as positive
};
constexpr uint32_t kStatisticKinds = 9;

/// A signal derived from the window, and what is computed of it: a channel or a vector magnitude, optionally its first
/// difference, as a whole or in equal parts.
struct SignalSpec {
  uint8_t kind;        // SignalKind
  uint8_t difference;  // 1: x[t] - x[t-1], one value fewer
  uint8_t segments;    // equal parts of the window that are described separately; 1 = the whole
  uint8_t reserved;
  uint32_t channels;    // bit c set: channel c takes part
  uint32_t statistics;  // bit (Statistic - 1) set: computed
};
static_assert(sizeof(SignalSpec) == 12, "SignalSpec is a file format");

constexpr uint32_t kMaxGroup = 32;  // values in a group, and channels
constexpr uint32_t kMaxSignals = 64;

struct FeaturesSpec {
  FeatureKind kind;
  Span<const SignalSpec> signals;  // statistics only
};

/// plan_malformed unless kinds are known, masks name existing channels and the window divides into the segments.
Status check_features(const FeaturesSpec& spec, uint32_t window_samples, uint32_t channels);

uint32_t feature_elems(const FeaturesSpec& spec, uint32_t window_samples, uint32_t channels);

/// Takes the groups one by one: `count` values in a row, at most kMaxGroup, valid during the call.
struct FeatureSink {
  void (*take)(void* context, const float* values, uint32_t count);
  void* context;
};

/// Computes the feature vector of a complete window.
void compute_features(const FeaturesSpec& spec, const WindowView& window, FeatureSink sink);

}  // namespace signal
}  // namespace edgesmith
