#pragma once
// The window: the last `length` conditioned samples, in a ring, and the rule for when one is complete.

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {
namespace signal {

/// Oldest-first view of a full ring: row 0 is the oldest sample. Rows are float [channels].
struct WindowView {
  const float* ring;  // [length][channels]
  uint32_t length;    // samples
  uint32_t channels;
  uint32_t oldest;  // ring row of the oldest sample

  const float* row(uint32_t index) const {
    const uint32_t at = oldest + index;
    return ring + (at < length ? at : at - length) * channels;
  }
};

/// Ring of samples. The first window is complete after `length` samples, the next ones every `hop`.
class Window {
 public:
  /// storage: float [length][channels], owned by the caller, kept until the next begin().
  void begin(float* storage, uint32_t length_samples, uint32_t hop_samples, uint32_t channels);
  void reset();

  /// Stores one sample; true when that completes a window.
  bool add(const float* sample);
  WindowView view() const;

 private:
  float* storage_;
  uint32_t length_;
  uint32_t hop_;
  uint32_t channels_;
  uint32_t write_row_;
  uint32_t until_window_;  // samples still to come before the next window is complete
};

}  // namespace signal
}  // namespace edgesmith
