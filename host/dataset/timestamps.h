#pragma once
// Timestamps as they really come: jittered, in bursts, with gaps -> a rate and the places where the recording is torn.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace edgesmith::dataset {

struct Clock {
  double rate_hz = 0;             // 0 = time does not advance
  std::vector<std::size_t> gaps;  // first sample behind each gap
};

/// Rate: least squares of time over sample number, with a start of its own for each unbroken stretch; the delay of
/// single samples and bursts averages out.
/// Gap: against an ideal clock of that rate, a stamp jumps ahead by more than the limit *and the following ones stay
/// ahead*, or time runs backwards by more than the limit. A burst (a pause, then many stamps at once) catches up with
/// the clock within as many samples as the pause is long, so it is none.
/// gap_ms: the limit; 0 = 10 sample periods.
Clock measure_clock(std::span<const double> times_s, double gap_ms);

/// A date ("2015-02-02 14:19:00", also with T, fraction, Z or +hh:mm) or time of day ("14:19:00.5") in seconds.
bool parse_date(std::string_view text, double& seconds);

struct TimeUnit {
  double seconds;
  const char* name;
};

/// Unit of number timestamps: told by the column's name (time_ms), else by the size of epoch times, else by the steps;
/// `rate_hz`, when known, decides among what is left.
TimeUnit guess_time_unit(std::string_view column, std::span<const double> times, double rate_hz);

}  // namespace edgesmith::dataset
