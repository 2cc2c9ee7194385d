#pragma once
// Guard: is this sample fit to be believed? A value that is NaN, infinite or outside the declared range is replaced by
// the channel's last good one and counted; every window that holds such a sample is flagged and decides nothing.

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace guard {

struct Range {
  float low;
  float high;  // both inclusive, in the input unit
};
static_assert(sizeof(Range) == 8, "Range is a file format");

enum Reason : uint8_t {  // bits
  kNotFinite = 1,
  kOutOfRange = 2,
  kDriverFault = 4,  // push_error(): the driver knows that a sample is missing or wrong
};

/// config_invalid unless every range is finite and ordered.
Status check_ranges(Span<const Range> ranges);

/// Holds bad values of one sample in place.
///   sample     float [channels]
///   last_good  float [channels]; updated
///   first      no good value is known yet: a bad one becomes the value in its range nearest to zero
///   bad_values counts on for every value held
/// Returns Reason bits, 0 when the sample is good.
uint8_t hold_bad_values(Span<const Range> ranges, Span<float> sample, Span<float> last_good, bool first,
                        uint32_t& bad_values);

/// What is held before any good value is known: the value in the range nearest to zero.
float neutral_value(const Range& range);

}  // namespace guard
}  // namespace edgesmith
