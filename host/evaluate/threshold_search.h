#pragma once
// Which score is enough? Per-class thresholds that serve the decided class best.
//
// To be run on validation windows only: thresholds chosen on the test windows would make the test figures a promise
// that was fitted to itself.

#include <vector>

namespace edgesmith::evaluate {

/// Windows with a known class. Leave out flagged and unlabelled ones, and those below purity.
struct ScoredWindows {
  int classes = 0;
  std::vector<float> scores = {};  // [windows][classes], 0..1
  std::vector<int> truth = {};     // [windows]
};

struct Thresholds {
  std::vector<float> values;    // [classes], multiples of 0.01 in 0..1
  double macro_f1_at_half = 0;  // with 0.5 for every class, where the search begins
  double macro_f1 = 0;          // with `values`; never lower
};

/// Maximises the macro F1 of the decided class: the best class where its score reaches the threshold, else `reject_to`
/// (decision::kNoClass = no answer). The device's own decide() answers, one window at a time, without vote or cooldown.
///
/// One class after another takes its best of 101 thresholds while the others stand still, until a whole round changes
/// nothing. That finds a local optimum, always the same one. Among thresholds of equal worth the nearest to 0.5 wins,
/// then the lower. Cost: 101 x classes x rounds passes over the windows. Throws Error (defect) where sizes do not fit,
/// (request) without any window.
Thresholds search_thresholds(const ScoredWindows& windows, int reject_to);

}  // namespace edgesmith::evaluate
