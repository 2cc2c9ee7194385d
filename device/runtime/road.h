#pragma once
// The road: guarded samples in, feature vectors out. The desktop trains on what this class computes; firmware decides
// on what this class computes.

#include <stdint.h>

#include "device/runtime/plan.h"
#include "device/signal/window.h"

namespace edgesmith {

/// Memory of a road; sizes from road_memory(). Owned by the caller.
struct RoadMemory {
  Span<float> ring;   // [window_samples][channels]
  Span<float> state;  // current sample, last good values, conditioning state
};
constexpr uint32_t road_ring_floats(const RoadSpec& spec) {
  return spec.window_samples * spec.channels;
}
uint32_t road_state_floats(const RoadSpec& spec);

class Road {
 public:
  /// Both spans have the sizes above; `spec` outlives the road.
  void begin(const RoadSpec& spec, const RoadMemory& memory);
  void reset();

  /// One sample in the sensor's format. True when a window is complete.
  bool add(const uint8_t* sample, Span<const guard::Range> ranges);
  /// A sample that is missing: the last good values are held.
  bool add_missing(Span<const guard::Range> ranges);
  /// A sample already in the unit and known to be good (self-test).
  bool add_good(const float* sample);
  /// Samples were lost before the next one: everything begins anew, the count of bad values goes on.
  void restart_window();

  /// Is the current window the first since begin(), reset() or restart_window()?
  bool first_window() const {
    return windows_ == 1;
  }
  /// guard::Reason bits of the samples in the current window.
  uint8_t flags() const;
  uint32_t bad_values() const {
    return bad_values_;
  }

  /// Feature vector of the current window before normalisation: float [feature_elems].
  void features(Span<float> out) const;
  /// The same, normalised and quantised: int8 [feature_elems].
  void quantised_features(float inv_scale, int32_t zero_point, Span<int8_t> out) const;

 private:
  bool advance(uint8_t reasons);

  const RoadSpec* spec_;
  signal::Window window_;
  Span<float> sample_, last_good_, condition_state_;
  uint32_t until_settled_;  // samples still to pass before they enter the window
  uint32_t bad_in_window_;  // samples until the youngest bad one has left the window
  uint32_t bad_values_;
  uint8_t reasons_;
  uint8_t windows_;  // complete since the window began anew; 2 = two or more
  bool first_;       // no sample yet since the window began anew: last_good_ is not set
  bool primed_;      // the conditioning state comes from a good sample
};

}  // namespace edgesmith
