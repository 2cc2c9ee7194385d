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
  const uint32_t length = static_cast<uint32_t>(rows.size()) / channels;
  const WindowView view = {rows.data(), length, channels, oldest};
  Values out(feature_elems(spec, length, channels));
  const uint32_t elems = feature_group_elems(spec, channels);
  for (uint32_t g = 0; g < feature_group_count(spec, length); ++g) {
    feature_group(spec, view, g, Span<float>{out.data() + g * elems, elems});
  }
  return out;
}

FeaturesSpec statistics(const std::vector<SignalSpec>& signals, const std::vector<uint8_t>& kinds,
                        uint8_t segments = 1) {
  return {FeatureKind::statistics, segments, {signals.data(), signals.size()}, {kinds.data(), kinds.size()}};
}

SignalSpec signal(SignalKind kind, uint32_t channels, uint8_t difference = 0) {
  return {static_cast<uint8_t>(kind), difference, 0, channels};
}

const std::vector<uint8_t> kAll = {1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST(Features, StatisticsOfAWindowWorkedOutByHand) {
  const std::vector<SignalSpec> signals = {signal(SignalKind::channel, 1)};
  // sum 2, squares 9 + 1 + 25 + 1 = 36, deviations from 0.5: 12.25 + 0.25 + 20.25 + 2.25 = 35; two sign changes
  const Values expected = {0.5f, static_cast<float>(std::sqrt(35.0 / 4)), -3, 5, 8, 3, 2.5f, 9, 2};
  EXPECT_EQ(features_of(statistics(signals, kAll), {-3, 1, 5, -1}, 1), expected);
}

TEST(Features, MagnitudesCombineTheChannelsOfTheMask) {
  const std::vector<SignalSpec> signals = {signal(SignalKind::l1, 3), signal(SignalKind::l2, 3)};
  const std::vector<uint8_t> kinds = {static_cast<uint8_t>(Statistic::max)};
  EXPECT_EQ(features_of(statistics(signals, kinds), {3, -4, 100, 0, 0, 100}, 3), (Values{7, 5}));
}

TEST(Features, DifferenceHasOneValueFewer) {
  const std::vector<SignalSpec> signals = {signal(SignalKind::channel, 1, 1)};
  const std::vector<uint8_t> kinds = {1, 3, 4};
  EXPECT_EQ(features_of(statistics(signals, kinds), {1, 4, 2, 7}, 1), (Values{2, -2, 5}));
}

TEST(Features, SegmentsDescribePartsInOrder) {
  const std::vector<SignalSpec> signals = {signal(SignalKind::channel, 1), signal(SignalKind::channel, 2)};
  const std::vector<uint8_t> kinds = {1};
  EXPECT_EQ(features_of(statistics(signals, kinds, 2), {1, 10, 3, 30, 5, 50, 7, 70}, 2), (Values{2, 20, 6, 60}));
}

TEST(Features, RawIsTheWindowOldestFirst) {
  const FeaturesSpec raw = {FeatureKind::raw, 1, {nullptr, 0}, {nullptr, 0}};
  EXPECT_EQ(features_of(raw, {5, 6, 1, 2, 3, 4}, 2, 1), (Values{1, 2, 3, 4, 5, 6}));
}

TEST(Features, RefusesWhatCannotWork) {
  const std::vector<SignalSpec> good = {signal(SignalKind::l2, 3)};
  const std::vector<SignalSpec> two_bits = {signal(SignalKind::channel, 3)};
  const std::vector<SignalSpec> absent = {signal(SignalKind::l2, 8)};
  EXPECT_EQ(check_features(statistics(good, kAll), 12, 3), Status::ok);
  EXPECT_EQ(check_features(statistics(good, kAll, 5), 12, 3), Status::plan_malformed) << "5 does not divide 12";
  EXPECT_EQ(check_features(statistics(good, {10}), 12, 3), Status::plan_malformed) << "unknown statistic";
  EXPECT_EQ(check_features(statistics(two_bits, kAll), 12, 3), Status::plan_malformed);
  EXPECT_EQ(check_features(statistics(absent, kAll), 12, 3), Status::plan_malformed);
  EXPECT_EQ(check_features(statistics({}, kAll), 12, 3), Status::plan_malformed);
}

}  // namespace
}  // namespace signal
}  // namespace edgesmith
