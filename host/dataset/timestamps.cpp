#include "host/dataset/timestamps.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace edgesmith::dataset {
namespace {

constexpr std::size_t kLongestBurstSamples = 4096;
constexpr std::size_t kLongestBlockSamples = 256;
constexpr double kDefaultGapPeriods = 10;
constexpr int kMaxRounds = 5;

constexpr TimeUnit kSeconds = {1, "seconds"}, kMilliseconds = {1e-3, "milliseconds"},
                   kMicroseconds = {1e-6, "microseconds"}, kNanoseconds = {1e-9, "nanoseconds"};
constexpr std::array<TimeUnit, 4> kUnits = {kSeconds, kMilliseconds, kMicroseconds, kNanoseconds};

double mean_step(std::span<const double> times) {
  return times.size() < 2 ? 0 : (times.back() - times.front()) / static_cast<double>(times.size() - 1);
}

/// A first idea of the period: the mean over the middle half of many spans that are longer than most bursts. A span
/// holds either one burst more or one less, which a mean levels out; the few spans with a gap are the longest.
double typical_step(std::span<const double> times) {
  if (times.size() < 2) return 0;
  const std::size_t block = std::clamp<std::size_t>((times.size() - 1) / 8, 1, kLongestBlockSamples);
  std::vector<double> spans;
  for (std::size_t i = 0; i + block < times.size(); ++i)
    spans.push_back(times[i + block] - times[i]);
  std::sort(spans.begin(), spans.end());
  const std::size_t cut = spans.size() / 4;
  double sum = 0;
  for (std::size_t i = cut; i < spans.size() - cut; ++i)
    sum += spans[i];
  const double typical = sum / static_cast<double>(spans.size() - 2 * cut) / static_cast<double>(block);
  return typical > 0 ? typical : mean_step(times);
}

/// The jump before sample i: does no stamp behind it come back to the clock that ran before it?
bool stays_ahead(std::span<const double> times, std::size_t start, std::size_t i, double period, double limit) {
  const double jump_samples = std::ceil((times[i] - times[i - 1]) / period);
  const auto reach = static_cast<std::size_t>(std::min(jump_samples, static_cast<double>(kLongestBurstSamples)));
  const auto lead = [&](std::size_t j) {
    return times[j] - times[i] - (static_cast<double>(j) - static_cast<double>(i)) * period;
  };
  double before = lead(i - 1);
  for (std::size_t j = i - std::min(reach, i - start); j < i; ++j)
    before = std::min(before, lead(j));
  for (std::size_t j = i; j < std::min(times.size(), i + reach + 1); ++j)
    if (lead(j) - before <= limit) return false;
  return true;
}

std::vector<std::size_t> find_gaps(std::span<const double> times, double period, double limit) {
  std::vector<std::size_t> gaps;
  std::size_t start = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double step = times[i] - times[i - 1];
    const bool torn = step < -limit || (step > limit && stays_ahead(times, start, i, period, limit));
    if (!torn) continue;
    gaps.push_back(i);
    start = i;
  }
  return gaps;
}

struct Moments {
  double time_by_index = 0, index_by_index = 0;
};

Moments moments(std::span<const double> times) {
  const double count = static_cast<double>(times.size());
  const double middle = (count - 1) / 2;
  double mean = 0;
  for (const double time : times)
    mean += (time - times.front()) / count;
  Moments sum;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double index = static_cast<double>(i) - middle;
    sum.time_by_index += index * (times[i] - times.front() - mean);
    sum.index_by_index += index * index;
  }
  return sum;
}

double fit_period(std::span<const double> times, const std::vector<std::size_t>& gaps) {
  Moments total;
  std::size_t from = 0;
  for (std::size_t g = 0; g <= gaps.size(); ++g) {
    const std::size_t to = g < gaps.size() ? gaps[g] : times.size();
    const Moments part = moments(times.subspan(from, to - from));
    total.time_by_index += part.time_by_index;
    total.index_by_index += part.index_by_index;
    from = to;
  }
  return total.index_by_index > 0 ? total.time_by_index / total.index_by_index : 0;
}

/// Reads exactly `digits` digits and moves on.
bool take_digits(std::string_view& text, std::size_t digits, int& value) {
  if (text.size() < digits) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || stop != text.data() + digits || value < 0) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Days since 1970-01-01 in the Gregorian calendar; years counted from March, so that leap days come last.
double days_since_1970(int year, int month, int day) {
  const int y = month > 2 ? year : year - 1;
  const int months = month > 2 ? month - 3 : month + 9;
  const int in_year = (153 * months + 2) / 5 + day - 1;
  return 365.0 * y + std::floor(y / 4.0) - std::floor(y / 100.0) + std::floor(y / 400.0) + in_year - 719468;
}

bool take_clock(std::string_view& text, double& seconds) {
  int hour = 0, minute = 0, second = 0;
  if (!take_digits(text, 2, hour) || !take(text, ":") || !take_digits(text, 2, minute)) return false;
  double fraction = 0;
  if (take(text, ":")) {
    if (!take_digits(text, 2, second)) return false;
    if (take(text, ".,"))
      for (double place = 0.1; !text.empty() && text.front() >= '0' && text.front() <= '9'; place /= 10) {
        fraction += place * (text.front() - '0');
        text.remove_prefix(1);
      }
  }
  seconds = hour * 3600.0 + minute * 60.0 + second + fraction;
  return hour < 24 && minute < 60 && second <= 60;
}

bool take_zone(std::string_view& text, double& seconds) {
  if (take(text, "Z") || text.empty()) return true;
  const bool east = text.front() == '+';
  int hours = 0, minutes = 0;
  if (!take(text, "+-") || !take_digits(text, 2, hours)) return false;
  take(text, ":");
  if (!text.empty() && !take_digits(text, 2, minutes)) return false;
  seconds -= (east ? 1 : -1) * (hours * 3600.0 + minutes * 60.0);
  return true;
}

/// Lower-case words of letters: "Time (ms)" -> time, ms.
std::vector<std::string> words(std::string_view name) {
  std::vector<std::string> found(1);
  for (const char c : name) {
    const char lower = static_cast<char>(c | 32);
    if (lower >= 'a' && lower <= 'z')
      found.back() += lower;
    else if (!found.back().empty())
      found.emplace_back();
  }
  return found;
}

const TimeUnit* unit_of_name(std::string_view column) {
  for (const std::string& word : words(column)) {
    if (word == "ms" || word == "msec" || word == "millis" || word == "milliseconds") return &kUnits[1];
    if (word == "us" || word == "usec" || word == "micros" || word == "microseconds") return &kUnits[2];
    if (word == "ns" || word == "nsec" || word == "nanos" || word == "nanoseconds") return &kUnits[3];
    if (word == "s" || word == "sec" || word == "secs" || word == "seconds") return &kUnits[0];
  }
  return nullptr;
}

/// Times since 1970 tell their unit: now is 1.7e9 s.
const TimeUnit* unit_of_epoch(double time) {
  for (const TimeUnit& unit : kUnits)
    if (time * unit.seconds > 9e8 && time * unit.seconds < 5e9) return &unit;
  return nullptr;
}

const TimeUnit* unit_of_rate(double step, double rate_hz) {
  for (const TimeUnit& unit : kUnits) {
    const double measured_hz = 1 / (step * unit.seconds);
    if (measured_hz > rate_hz / 2 && measured_hz < rate_hz * 2) return &unit;
  }
  return nullptr;
}

}  // namespace

Clock measure_clock(std::span<const double> times_s, double gap_ms) {
  double period = typical_step(times_s);
  Clock clock;
  if (!(period > 0)) return clock;
  for (int round = 0; round < kMaxRounds; ++round) {
    const double limit = gap_ms > 0 ? gap_ms / 1000 : kDefaultGapPeriods * period;
    const std::vector<std::size_t> gaps = find_gaps(times_s, period, limit);
    const double fitted = fit_period(times_s, gaps);
    if (fitted > 0) period = fitted;
    const bool settled = round > 0 && gaps == clock.gaps;
    clock.gaps = gaps;
    if (settled) break;
  }
  clock.rate_hz = 1 / period;
  return clock;
}

bool parse_date(std::string_view text, double& seconds) {
  double day_seconds = 0;
  if (text.size() > 10 && text[4] == text[7] && (text[4] == '-' || text[4] == '/')) {
    int year = 0, month = 0, day = 0;
    const bool date = take_digits(text, 4, year) && take(text, "-/") && take_digits(text, 2, month) &&
                      take(text, "-/") && take_digits(text, 2, day) && take(text, " T");
    if (!date || month < 1 || month > 12 || day < 1 || day > 31) return false;
    day_seconds = days_since_1970(year, month, day) * 86400;
  }
  double clock_seconds = 0;
  if (!take_clock(text, clock_seconds)) return false;
  seconds = day_seconds + clock_seconds;
  return take_zone(text, seconds) && text.empty();
}

TimeUnit guess_time_unit(std::string_view column, std::span<const double> times, double rate_hz) {
  if (const TimeUnit* unit = unit_of_name(column)) return *unit;
  if (times.empty()) return kSeconds;
  if (const TimeUnit* unit = unit_of_epoch(times.front())) return *unit;
  const double step = typical_step(times);
  if (rate_hz > 0 && step > 0)
    if (const TimeUnit* unit = unit_of_rate(step, rate_hz)) return *unit;
  if (step < 0.9) return kSeconds;
  if (step < 5e3) return kMilliseconds;
  return step < 5e6 ? kMicroseconds : kNanoseconds;
}

}  // namespace edgesmith::dataset
