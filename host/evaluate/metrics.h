#pragma once
// How good were the answers? From one class per window to accuracy, F1, confusion and coverage. Plain arithmetic, no
// tensors: the same figures for the float network, the plan on the desk and the device.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace edgesmith::evaluate {

constexpr int kNoTruth = -1;   // as dataset::kUnlabelled
constexpr int kRejected = -1;  // as decision::kNoClass

/// One entry per window in every list. Flagged windows, on which the road decided nothing, are left out by the caller.
struct Scores {
  int classes = 0;
  std::vector<int> truth = {};      // class, or kNoTruth: left out of every figure
  std::vector<int> predicted = {};  // class with the highest score
  std::vector<int> decided = {};    // class after threshold and reject class, or kRejected; empty = as predicted
  std::vector<double> purity = {};  // share of the majority label; empty = 1 everywhere
  double purity_limit = 0;          // windows below it count in accuracy_all alone
};

struct ClassMetrics {
  double precision = 0;  // 0 where the class was never predicted
  double recall = 0;     // 0 where the class never occurred
  double f1 = 0;
  std::int64_t support = 0;  // windows that truly are of this class
};

struct Interval {
  double low = 0, high = 1;
};

struct Decided {
  double coverage = 0;     // share of windows with a decision
  double accuracy = 0;     // share of those that are right; 0 where there are none
  double reject_rate = 0;  // 1 - coverage
};

struct Metrics {
  std::int64_t windows = 0;  // labelled and pure: what all figures but *_all are about
  double accuracy = 0;
  Interval accuracy_95;          // Wilson score interval
  double macro_f1 = 0;           // mean F1 over the classes present in truth
  std::int64_t windows_all = 0;  // labelled, however pure
  double accuracy_all = 0;
  std::vector<ClassMetrics> per_class;
  std::vector<std::vector<std::int64_t>> confusion;  // [true][predicted]
  std::vector<std::vector<double>> row_share;        // confusion over its row's sum; 0 in an empty row
  Decided decided;
};

/// Throws Error (defect) where lists differ in length or hold what is no class.
Metrics measure(const Scores& scores);

/// Mean F1 over the classes present in `truth`; a class that is absent there cannot be found, only wrongly claimed, and
/// each false claim already costs another class its recall. `answers` may hold kRejected. 0 without any truth.
/// Only integers are multiplied, so the value does not depend on how a compiler contracts.
double macro_f1(const std::vector<int>& truth, const std::vector<int>& answers, int classes);

/// Where the true rate lies with 95 % confidence when `hits` of `trials` were seen (Wilson 1927).
Interval wilson_95(std::int64_t hits, std::int64_t trials);

/// The keys that `evaluate --json` promises; per_class is an object by label.
nlohmann::ordered_json to_json(const Metrics& metrics, const std::vector<std::string>& labels);

}  // namespace edgesmith::evaluate
