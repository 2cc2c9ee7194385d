#include "device/signal/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace edgesmith {
namespace signal {
namespace {

using Values = std::vector<float>;

/// Features of a window given as rows of `channels` values.
Values features_of(const FeaturesSpec& spec, const Values& rows, uint32_t channels, uint32_t oldest = 0) {
  const WindowView view = {rows.data(), static_cast<uint32_t>(rows.size()) / channels, channels, oldest};
  Values out;
  const auto append = [](void* context, const float* values, uint32_t count) {
    auto& to = *static_cast<Values*>(context);
    to.insert(to.end(), values, values + count);
  };
  compute_features(spec, view, FeatureSink{append, &out});
  EXPECT_EQ(out.size(), feature_elems(spec, view.length, channels));
  return out;
}

FeaturesSpec statistics(const std::vector<SignalSpec>& signals) {
  return {FeatureKind::statistics, {signals.data(), signals.size()}};
}

uint32_t bit(Statistic kind) {
  return 1u << (static_cast<uint32_t>(kind) - 1);
}
constexpr uint32_t kAll = (1u << kStatisticKinds) - 1;

SignalSpec signal(SignalKind kind, uint32_t channels, uint32_t kinds, uint8_t difference = 0, uint8_t segments = 1) {
  return {static_cast<uint8_t>(kind), difference, segments, 0, channels, kinds};
}

TEST(Features, StatisticsOfAWindowWorkedOutByHand) {
  // sum 2, squares 9 + 1 + 25 + 1 = 36, deviations from 0.5: 12.25 + 0.25 + 20.25 + 2.25 = 35; two sign changes
  const Values expected = {0.5f, static_cast<float>(std::sqrt(35.0 / 4)), -3, 5, 8, 3, 2.5f, 9, 2};
  EXPECT_EQ(features_of(statistics({signal(SignalKind::channel, 1, kAll)}), {-3, 1, 5, -1}, 1), expected);
}

TEST(Features, MagnitudesCombineTheChannelsOfTheMask) {
  const uint32_t max = bit(Statistic::max);
  EXPECT_EQ(features_of(statistics({signal(SignalKind::l1, 3, max), signal(SignalKind::l2, 3, max)}),
                        {3, -4, 100, 0, 0, 100}, 3),
            (Values{7, 5}));
}

TEST(Features, DifferenceHasOneValueFewer) {
  const uint32_t kinds = bit(Statistic::mean) | bit(Statistic::min) | bit(Statistic::max);
  EXPECT_EQ(features_of(statistics({signal(SignalKind::channel, 1, kinds, 1)}), {1, 4, 2, 7}, 1), (Values{2, -2, 5}));
}

TEST(Features, SegmentsDescribePartsInOrderSignalBySignal) {
  const uint32_t mean = bit(Statistic::mean);
  const std::vector<SignalSpec> signals = {signal(SignalKind::channel, 1, mean, 0, 2),
                                           signal(SignalKind::channel, 2, mean)};
  EXPECT_EQ(features_of(statistics(signals), {1, 10, 3, 30, 5, 50, 7, 70}, 2), (Values{2, 6, 40}));
}

TEST(Features, RawIsTheWindowOldestFirst) {
  const FeaturesSpec raw = {FeatureKind::raw, {nullptr, 0}};
  EXPECT_EQ(features_of(raw, {5, 6, 1, 2, 3, 4}, 2, 1), (Values{1, 2, 3, 4, 5, 6}));
}

TEST(Features, RefusesWhatCannotWork) {
  const auto status = [](SignalSpec s) { return check_features(statistics({s}), 12, 3); };
  EXPECT_EQ(status(signal(SignalKind::l2, 3, kAll)), Status::ok);
  EXPECT_EQ(status(signal(SignalKind::l2, 3, kAll, 0, 5)), Status::plan_malformed) << "5 does not divide 12";
  EXPECT_EQ(status(signal(SignalKind::l2, 3, kAll, 1, 12)), Status::plan_malformed) << "nothing left to subtract";
  EXPECT_EQ(status(signal(SignalKind::l2, 3, 1u << kStatisticKinds)), Status::plan_malformed) << "unknown statistic";
  EXPECT_EQ(status(signal(SignalKind::l2, 3, 0)), Status::plan_malformed) << "no statistic";
  EXPECT_EQ(status(signal(SignalKind::channel, 3, kAll)), Status::plan_malformed) << "two channels";
  EXPECT_EQ(status(signal(SignalKind::l2, 8, kAll)), Status::plan_malformed) << "a channel that is not there";
  EXPECT_EQ(check_features(statistics({}), 12, 3), Status::plan_malformed);
}

}  // namespace
}  // namespace signal
}  // namespace edgesmith
