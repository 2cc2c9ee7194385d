#include "host/dataset/timestamps.h"

#include <gtest/gtest.h>

#include <cmath>

namespace edgesmith::dataset {
namespace {

std::vector<double> steady(std::size_t count, double period_s) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i)
    times.push_back(static_cast<double>(i) * period_s);
  return times;
}

/// The stamp of each sample becomes that of the last in its burst: when a whole buffer arrives at once.
std::vector<double> in_bursts(std::vector<double> times, std::size_t burst) {
  for (std::size_t i = 0; i < times.size(); ++i)
    times[i] = times[std::min(times.size() - 1, i / burst * burst + burst - 1)];
  return times;
}

double rounded_hz(const Clock& clock) {
  return std::round(clock.rate_hz * 100) / 100;
}

TEST(MeasureClock, ASteadyClockHasItsRateAndNoGap) {
  const Clock clock = measure_clock(steady(1000, 0.01), 0);
  EXPECT_EQ(rounded_hz(clock), 100);
  EXPECT_TRUE(clock.gaps.empty());
}

TEST(MeasureClock, BurstsAreNoGaps) {
  for (const std::size_t burst : {4u, 32u, 100u}) {
    const Clock clock = measure_clock(in_bursts(steady(2000, 0.01), burst), 0);
    EXPECT_TRUE(clock.gaps.empty()) << burst;
    EXPECT_NEAR(clock.rate_hz, 100, 0.3) << burst;  // a stair of 20 steps leans by 1/400 from its line
  }
}

TEST(MeasureClock, ALostBurstIsAGap) {
  std::vector<double> times = in_bursts(steady(1600, 0.01), 32);
  times.erase(times.begin() + 640, times.begin() + 672);
  const Clock clock = measure_clock(times, 0);
  EXPECT_EQ(clock.gaps, (std::vector<std::size_t>{640}));
  EXPECT_NEAR(clock.rate_hz, 100, 0.2);
}

TEST(MeasureClock, MissingSamplesBeyondTheLimitAreAGapAndLeaveTheRateAlone) {
  std::vector<double> times = steady(1000, 0.01);
  times.erase(times.begin() + 300, times.begin() + 311);  // 11 periods more than one
  const Clock clock = measure_clock(times, 0);
  EXPECT_EQ(clock.gaps, (std::vector<std::size_t>{300}));
  EXPECT_EQ(rounded_hz(clock), 100);
  times = steady(1000, 0.01);
  times.erase(times.begin() + 300, times.begin() + 309);
  EXPECT_TRUE(measure_clock(times, 0).gaps.empty());
  EXPECT_EQ(measure_clock(times, 50).gaps.size(), 1u);
}

TEST(MeasureClock, APauseOfHoursDoesNotHideTheRate) {
  std::vector<double> times = steady(1000, 0.01);
  for (std::size_t i = 500; i < times.size(); ++i)
    times[i] += 7200;
  const Clock clock = measure_clock(times, 0);
  EXPECT_EQ(clock.gaps, (std::vector<std::size_t>{500}));
  EXPECT_EQ(rounded_hz(clock), 100);
}

TEST(MeasureClock, ALateSampleThatTheNextOnesCatchUpWithIsNoGap) {
  std::vector<double> times = steady(1000, 0.01);
  for (std::size_t i = 400; i < 420; ++i)
    times[i] = 4.2;
  EXPECT_TRUE(measure_clock(times, 0).gaps.empty());
}

TEST(MeasureClock, TimeThatRunsBackIsAGap) {
  std::vector<double> times = steady(1000, 0.01);
  for (std::size_t i = 600; i < times.size(); ++i)
    times[i] -= 6;  // the logger was started again
  const Clock clock = measure_clock(times, 0);
  EXPECT_EQ(clock.gaps, (std::vector<std::size_t>{600}));
  EXPECT_EQ(rounded_hz(clock), 100);
}

TEST(MeasureClock, SmallStepsBackAreJitter) {
  std::vector<double> times = steady(1000, 0.01);
  std::swap(times[50], times[51]);
  EXPECT_TRUE(measure_clock(times, 0).gaps.empty());
}

TEST(MeasureClock, TimeThatStandsStillHasNoRate) {
  EXPECT_EQ(measure_clock(std::vector<double>(10, 5.0), 0).rate_hz, 0);
  EXPECT_EQ(measure_clock(std::vector<double>{1}, 0).rate_hz, 0);
  EXPECT_EQ(measure_clock({}, 0).rate_hz, 0);
}

TEST(ParseDate, ReadsDatesTimesFractionsAndZones) {
  double seconds = 0;
  EXPECT_TRUE(parse_date("1970-01-02 00:00:01", seconds));
  EXPECT_EQ(seconds, 86401);
  EXPECT_TRUE(parse_date("2015-02-02T14:19:00Z", seconds));  // date -u -d ... +%s
  EXPECT_EQ(seconds, 1422886740);
  EXPECT_TRUE(parse_date("2015-02-02T14:19:00+01:00", seconds));
  EXPECT_EQ(seconds, 1422883140);
  EXPECT_TRUE(parse_date("2024-02-29 12:00", seconds));
  EXPECT_EQ(seconds, 1709208000);
  EXPECT_TRUE(parse_date("00:01:00.5", seconds));
  EXPECT_EQ(seconds, 60.5);
}

TEST(ParseDate, RefusesWhatIsNone) {
  double seconds = 0;
  for (const char* text : {"", "12", "2015-13-02 14:19:00", "2015-02-02", "2015-02-02 25:19:00", "14:19:00x", "1.5:2"})
    EXPECT_FALSE(parse_date(text, seconds)) << text;
}

TEST(GuessTimeUnit, NameThenEpochThenRateThenSteps) {
  const auto steps = [](double step) { return std::vector<double>{0, step, 2 * step, 3 * step}; };
  const auto name = [](TimeUnit unit) { return std::string(unit.name); };
  EXPECT_EQ(name(guess_time_unit("Time (us)", steps(10), 0)), "microseconds");
  EXPECT_EQ(name(guess_time_unit("time_ms", steps(0.5), 0)), "milliseconds");
  EXPECT_EQ(name(guess_time_unit("t", std::vector<double>{1657533977810, 1657533977819}, 0)), "milliseconds");
  EXPECT_EQ(name(guess_time_unit("t", std::vector<double>{1657533977, 1657533978}, 0)), "seconds");
  EXPECT_EQ(name(guess_time_unit("t", steps(60), 1.0 / 60)), "seconds");
  EXPECT_EQ(name(guess_time_unit("t", steps(0.01), 0)), "seconds");
  EXPECT_EQ(name(guess_time_unit("t", steps(10), 0)), "milliseconds");
  EXPECT_EQ(name(guess_time_unit("t", steps(10000), 0)), "microseconds");
  EXPECT_EQ(name(guess_time_unit("t", steps(1e7), 0)), "nanoseconds");
}

}  // namespace
}  // namespace edgesmith::dataset
