#include "device/decision/decision.h"

#include <gtest/gtest.h>

#include <vector>

namespace edgesmith {
namespace decision {
namespace {

constexpr uint32_t kHopUs = 100000;

/// Classes idle (0, takes rejected windows), tap (1), double (2).
struct Bench {
  ClassRule classes[3] = {{0.5f, 0}, {0.5f, 0}, {0.5f, 0}};
  Rules rules = {span_of(classes), 0, 1, 1, Emit::onset, 0};
  State state = {};
  uint32_t cooldown[3] = {};

  void begin() {
    reset(rules, state, span_of(cooldown));
  }
  Outcome window(int label, float score = 0.9f) {
    float scores[3] = {};
    scores[label] = score;
    return decide(rules, Span<const float>{scores, 3}, kHopUs, state, span_of(cooldown));
  }
  /// Which of the windows with these best classes became events.
  std::vector<int> events(const std::vector<int>& labels) {
    begin();
    std::vector<int> at;
    for (size_t i = 0; i < labels.size(); ++i) {
      if (window(labels[i]).emitted) at.push_back(static_cast<int>(i));
    }
    return at;
  }
};

using At = std::vector<int>;

TEST(Decision, OnsetEmitsOncePerStretch) {
  Bench bench;
  EXPECT_EQ(bench.events({0, 1, 1, 0, 1, 2, 2, 0}), (At{1, 4, 5}));
}

TEST(Decision, ChangeAlsoEmitsTheReturnToIdle) {
  Bench bench;
  bench.rules.emit = Emit::change;
  EXPECT_EQ(bench.events({0, 1, 1, 0, 1}), (At{1, 3, 4}));
}

TEST(Decision, EveryHopEmitsAlways) {
  Bench bench;
  bench.rules.emit = Emit::every_hop;
  EXPECT_EQ(bench.events({0, 0, 1}), (At{0, 1, 2}));
}

TEST(Decision, BelowTheThresholdTheRejectClassTakesTheWindow) {
  Bench bench;
  bench.begin();
  EXPECT_EQ(bench.window(1, 0.49f).candidate, 0);
  EXPECT_EQ(bench.window(1, 0.5f).candidate, 1) << "the threshold itself counts";
}

TEST(Decision, WithoutRejectClassALowScoreIsNoClass) {
  Bench bench;
  bench.rules.reject_to = kNoClass;
  bench.begin();
  EXPECT_EQ(bench.window(0, 0.1f).current, kNoClass);
  EXPECT_TRUE(bench.window(0).emitted);
}

TEST(Decision, NeedsKOfTheLastM) {
  Bench bench;
  bench.rules.votes_needed = 2;
  bench.rules.votes_of = 3;
  EXPECT_EQ(bench.events({1, 0, 1, 0, 0, 1, 1}), (At{2, 6}));
}

TEST(Decision, VotesThatAreForgottenCountNoMoreButTheClassStays) {
  Bench bench;
  bench.rules.emit = Emit::change;
  bench.rules.votes_needed = 2;
  bench.rules.votes_of = 3;
  EXPECT_EQ(bench.events({1, 1}), (At{1}));
  forget_votes(bench.state);
  EXPECT_EQ(bench.state.current, 1);
  const Outcome first = bench.window(1), second = bench.window(1);
  EXPECT_EQ(first.current, 0) << "one vote of two";
  EXPECT_EQ(second.current, 1);
}

TEST(Decision, CooldownOfAClassSilencesThatClassOnly) {
  Bench bench;
  bench.classes[1].cooldown_ms = 250;
  EXPECT_EQ(bench.events({1, 0, 1, 0, 2, 1}), (At{0, 4, 5})) << "window 2 is 200 ms after, window 5 is 500 ms after";
}

TEST(Decision, SharedCooldownSilencesEveryClass) {
  Bench bench;
  bench.rules.shared_cooldown = 1;
  bench.classes[1].cooldown_ms = 250;
  EXPECT_EQ(bench.events({1, 2, 0, 2}), (At{0, 3}));
}

TEST(Decision, ASuppressedEventIsLostNotDelayed) {
  Bench bench;
  bench.classes[1].cooldown_ms = 350;
  bench.begin();
  bench.window(1);
  bench.window(0);
  EXPECT_TRUE(bench.window(1).suppressed);
  EXPECT_FALSE(bench.window(1).emitted);
  EXPECT_FALSE(bench.window(1).emitted) << "the cooldown has ended, but nothing began";
}

TEST(Decision, TiesGoToTheLowerIndexAndHaveNoMargin) {
  Bench bench;
  bench.begin();
  const float scores[3] = {0.1f, 0.45f, 0.45f};
  const Outcome outcome = decide(bench.rules, span_of(scores), kHopUs, bench.state, span_of(bench.cooldown));
  EXPECT_EQ(outcome.best, 1);
  EXPECT_EQ(outcome.margin, 0);
}

TEST(Decision, RefusesRulesThatCannotWork) {
  const auto status = [](auto change) {
    Bench bench;
    change(bench);
    return check_rules(bench.rules, 3);
  };
  EXPECT_EQ(status([](Bench&) {}), Status::ok);
  EXPECT_EQ(status([](Bench& b) { b.rules.votes_needed = 2; }), Status::config_invalid);
  EXPECT_EQ(status([](Bench& b) { b.rules.votes_of = b.rules.votes_needed = 17; }), Status::config_invalid);
  EXPECT_EQ(status([](Bench& b) { b.classes[2].threshold = 1.1f; }), Status::config_invalid);
  EXPECT_EQ(status([](Bench& b) { b.rules.reject_to = 3; }), Status::config_invalid);
  EXPECT_EQ(status([](Bench& b) { b.rules.emit = static_cast<Emit>(0); }), Status::config_invalid);
  EXPECT_EQ(status([](Bench& b) { b.classes[0].cooldown_ms = 3600001; }), Status::config_invalid);
}

}  // namespace
}  // namespace decision
}  // namespace edgesmith
