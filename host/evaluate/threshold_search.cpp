#include "host/evaluate/threshold_search.h"

#include <array>
#include <cstdint>

#include "device/decision/decision.h"
#include "host/base/error.h"
#include "host/evaluate/metrics.h"

namespace edgesmith::evaluate {
namespace {

constexpr int kSteps = 100;     // thresholds 0/100 ... 100/100
constexpr int kMaxRounds = 50;  // macro F1 only rises, so this is a guard, not a tuning knob

void check(const ScoredWindows& windows, int reject_to) {
  if (windows.truth.empty()) {
    throw Error{{.code = "evaluate.no_windows",
                 .what = "no validation window to choose thresholds on",
                 .expected = "at least one labelled window of the required purity in the validation split",
                 .try_this = "record more for the validation split, or set fixed thresholds in [decision]"}};
  }
  const bool fits = windows.classes > 0 && windows.classes <= static_cast<int>(decision::kMaxClasses) &&
                    windows.scores.size() == windows.truth.size() * static_cast<std::size_t>(windows.classes) &&
                    reject_to >= decision::kNoClass && reject_to < windows.classes;
  if (!fits) {
    throw Error{ErrorKind::defect, {.code = "evaluate.thresholds", .what = "scores, classes and truth do not fit"}};
  }
}

/// The decided class of every window under changing thresholds.
class Decider {
 public:
  Decider(const ScoredWindows& windows, int reject_to)
      : windows_(windows), reject_to_(reject_to), rules_(static_cast<std::size_t>(windows.classes), {0.5f, 0}) {
    by_best_.resize(rules_.size());
    answers_.resize(windows.truth.size());
    for (std::size_t w = 0; w < answers_.size(); ++w) {
      const auto outcome = decide(w);
      answers_[w] = outcome.candidate;
      by_best_[static_cast<std::size_t>(outcome.best)].push_back(w);
    }
  }

  /// Only windows whose best class is `c` can change their answer.
  void set(std::size_t c, float threshold) {
    rules_[c].threshold = threshold;
    for (const auto w : by_best_[c])
      answers_[w] = decide(w).candidate;
  }

  float threshold(std::size_t c) const {
    return rules_[c].threshold;
  }
  std::size_t classes() const {
    return rules_.size();
  }
  double worth() const {
    return macro_f1(windows_.truth, answers_, windows_.classes);
  }

 private:
  decision::Outcome decide(std::size_t window) const {
    const decision::Rules rules{{rules_.data(), rules_.size()}, reject_to_, 1, 1, decision::Emit::every_hop, 0};
    std::array<std::uint32_t, decision::kMaxClasses> cooldown_left_us{};
    const Span<std::uint32_t> cooldowns{cooldown_left_us.data(), rules_.size()};
    decision::State state{};
    decision::reset(rules, state, cooldowns);
    return decision::decide(rules, {windows_.scores.data() + window * rules_.size(), rules_.size()}, 1, state,
                            cooldowns);
  }

  const ScoredWindows& windows_;
  int reject_to_;
  std::vector<decision::ClassRule> rules_;
  std::vector<std::vector<std::size_t>> by_best_;
  std::vector<int> answers_;
};

/// 50, 49, 51, 48, 52 ... 0, 100: in the order of preference, so that the first best one is the one to take.
int step_in_order_of_preference(int rank) {
  const int distance = (rank + 1) / 2;
  return kSteps / 2 + (rank % 2 == 1 ? -distance : distance);
}

/// The best threshold of class `c` while the others stand still; true when it differs from the one before.
bool improve(Decider& decider, std::size_t c) {
  const float before = decider.threshold(c);
  float best_threshold = before;
  double best_worth = -1;
  for (int rank = 0; rank <= kSteps; ++rank) {
    const float threshold = static_cast<float>(step_in_order_of_preference(rank)) / kSteps;
    decider.set(c, threshold);
    const double worth = decider.worth();
    if (worth > best_worth) {
      best_worth = worth;
      best_threshold = threshold;
    }
  }
  decider.set(c, best_threshold);
  return best_threshold != before;
}

bool improve_all(Decider& decider) {
  bool changed = false;
  for (std::size_t c = 0; c < decider.classes(); ++c)
    changed |= improve(decider, c);
  return changed;
}

}  // namespace

Thresholds search_thresholds(const ScoredWindows& windows, int reject_to) {
  check(windows, reject_to);
  Decider decider(windows, reject_to);
  Thresholds result;
  result.macro_f1_at_half = decider.worth();
  for (int round = 0; round < kMaxRounds && improve_all(decider); ++round) {
  }
  result.macro_f1 = decider.worth();
  for (std::size_t c = 0; c < decider.classes(); ++c)
    result.values.push_back(decider.threshold(c));
  return result;
}

}  // namespace edgesmith::evaluate
