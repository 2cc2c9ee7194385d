#include "device/guard/guard.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace guard {
namespace {

constexpr float kLargestLimit = 1e9f;  // beyond it squares and sums of a window could leave binary32

}  // namespace

Status check_ranges(Span<const Range> ranges) {
  for (const Range& range : ranges) {
    const bool finite = is_finite(range.low) && is_finite(range.high);
    if (!finite || !(range.low < range.high)) return Status::config_invalid;
    if (range.low < -kLargestLimit || range.high > kLargestLimit) return Status::config_invalid;
  }
  return Status::ok;
}

float neutral_value(const Range& range) {
  return clamp_f32(0.0f, range.low, range.high);
}

uint8_t hold_bad_values(Span<const Range> ranges, Span<float> sample, Span<float> last_good, bool first,
                        uint32_t& bad_values) {
  uint8_t reasons = 0;
  for (size_t c = 0; c < sample.size(); ++c) {
    const Range& range = ranges[c];
    if (first) last_good[c] = neutral_value(range);
    const bool finite = is_finite(sample[c]);
    const bool inside = finite && sample[c] >= range.low && sample[c] <= range.high;
    if (inside) {
      last_good[c] = sample[c];
      continue;
    }
    reasons = static_cast<uint8_t>(reasons | (finite ? kOutOfRange : kNotFinite));
    sample[c] = last_good[c];
    ++bad_values;
  }
  return reasons;
}

}  // namespace guard
}  // namespace edgesmith
