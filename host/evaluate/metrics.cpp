#include "host/evaluate/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/base/error.h"

namespace edgesmith::evaluate {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

void require(bool holds, const char* what, std::size_t window) {
  if (holds) return;
  throw Error{ErrorKind::defect,
              {.code = "evaluate.scores", .what = what, .where = "window " + std::to_string(window)}};
}

/// Fills in the lists that may be empty, and checks all of them.
Scores complete(Scores scores) {
  const std::size_t n = scores.truth.size();
  if (scores.decided.empty()) scores.decided = scores.predicted;
  if (scores.purity.empty()) scores.purity.assign(n, 1.0);
  require(scores.predicted.size() == n && scores.decided.size() == n && scores.purity.size() == n,
          "scores have lists of different lengths", n);
  for (std::size_t i = 0; i < n; ++i) {
    require(scores.truth[i] >= kNoTruth && scores.truth[i] < scores.classes, "truth is no class", i);
    require(scores.predicted[i] >= 0 && scores.predicted[i] < scores.classes, "prediction is no class", i);
    require(scores.decided[i] >= kRejected && scores.decided[i] < scores.classes, "decision is no class", i);
  }
  return scores;
}

Counts square(int classes) {
  const auto n = static_cast<std::size_t>(classes);
  return Counts(n, std::vector<std::int64_t>(n, 0));
}

std::int64_t& cell(Counts& counts, int truth, int answer) {
  return counts[static_cast<std::size_t>(truth)][static_cast<std::size_t>(answer)];
}

ClassMetrics class_metrics(std::int64_t hits, std::int64_t claimed, std::int64_t support) {
  return {.precision = ratio(hits, claimed),
          .recall = ratio(hits, support),
          .f1 = ratio(2 * hits, claimed + support),
          .support = support};
}

std::vector<ClassMetrics> per_class(const Counts& confusion) {
  std::vector<ClassMetrics> result;
  for (std::size_t c = 0; c < confusion.size(); ++c) {
    const auto support = std::accumulate(confusion[c].begin(), confusion[c].end(), std::int64_t{0});
    std::int64_t claimed = 0;
    for (const auto& row : confusion)
      claimed += row[c];
    result.push_back(class_metrics(confusion[c][c], claimed, support));
  }
  return result;
}

std::vector<std::vector<double>> row_share(const Counts& confusion, const std::vector<ClassMetrics>& classes) {
  std::vector<std::vector<double>> result;
  for (std::size_t row = 0; row < confusion.size(); ++row) {
    auto& shares = result.emplace_back();
    for (const auto count : confusion[row])
      shares.push_back(ratio(count, classes[row].support));
  }
  return result;
}

std::int64_t diagonal(const Counts& confusion) {
  std::int64_t hits = 0;
  for (std::size_t c = 0; c < confusion.size(); ++c)
    hits += confusion[c][c];
  return hits;
}

double mean_f1_of_present(const std::vector<ClassMetrics>& classes) {
  double sum = 0;
  int present = 0;
  for (const auto& c : classes) {
    if (c.support == 0) continue;
    sum += c.f1;
    ++present;
  }
  return present == 0 ? 0.0 : sum / present;
}

}  // namespace

Metrics measure(const Scores& given) {
  const Scores scores = complete(given);
  Metrics m;
  m.confusion = square(scores.classes);
  std::int64_t hits_all = 0, covered = 0, covered_hits = 0;
  for (std::size_t i = 0; i < scores.truth.size(); ++i) {
    if (scores.truth[i] == kNoTruth) continue;
    ++m.windows_all;
    hits_all += scores.predicted[i] == scores.truth[i];
    if (scores.purity[i] < scores.purity_limit) continue;
    ++m.windows;
    ++cell(m.confusion, scores.truth[i], scores.predicted[i]);
    covered += scores.decided[i] != kRejected;
    covered_hits += scores.decided[i] == scores.truth[i];
  }
  const auto hits = diagonal(m.confusion);
  m.accuracy = ratio(hits, m.windows);
  m.accuracy_95 = wilson_95(hits, m.windows);
  m.accuracy_all = ratio(hits_all, m.windows_all);
  m.per_class = per_class(m.confusion);
  m.row_share = row_share(m.confusion, m.per_class);
  m.macro_f1 = mean_f1_of_present(m.per_class);
  m.decided = {.coverage = ratio(covered, m.windows),
               .accuracy = ratio(covered_hits, covered),
               .reject_rate = ratio(m.windows - covered, m.windows)};
  return m;
}

double macro_f1(const std::vector<int>& truth, const std::vector<int>& answers, int classes) {
  const auto n = static_cast<std::size_t>(classes);
  std::vector<std::int64_t> hits(n, 0), claimed(n, 0), support(n, 0);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == kNoTruth) continue;
    ++support[static_cast<std::size_t>(truth[i])];
    if (answers[i] == kRejected) continue;
    ++claimed[static_cast<std::size_t>(answers[i])];
    hits[static_cast<std::size_t>(truth[i])] += answers[i] == truth[i];
  }
  std::vector<ClassMetrics> result;
  for (std::size_t c = 0; c < n; ++c)
    result.push_back(class_metrics(hits[c], claimed[c], support[c]));
  return mean_f1_of_present(result);
}

Interval wilson_95(std::int64_t hits, std::int64_t trials) {
  if (trials == 0) return {};
  const double z = 1.959963984540054;  // 97.5 % point of the normal distribution
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n;
  const double center = p + z * z / (2 * n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // The bounds are exact at the ends: rounding must not move them off 0 and 1.
  return {.low = hits == 0 ? 0.0 : std::max(0.0, (center - spread) / scale),
          .high = hits == trials ? 1.0 : std::min(1.0, (center + spread) / scale)};
}

nlohmann::ordered_json to_json(const Metrics& m, const std::vector<std::string>& labels) {
  nlohmann::ordered_json per_class = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < m.per_class.size(); ++c) {
    const auto& one = m.per_class[c];
    per_class[labels.at(c)] = {
        {"precision", one.precision}, {"recall", one.recall}, {"f1", one.f1}, {"support", one.support}};
  }
  return {
      {"accuracy", m.accuracy},
      {"accuracy_95", {m.accuracy_95.low, m.accuracy_95.high}},
      {"accuracy_all", m.accuracy_all},
      {"macro_f1", m.macro_f1},
      {"per_class", per_class},
      {"confusion", m.confusion},
      {"labels", labels},
      {"windows", m.windows},
      {"windows_all", m.windows_all},
      {"decided",
       {{"coverage", m.decided.coverage}, {"accuracy", m.decided.accuracy}, {"reject_rate", m.decided.reject_rate}}}};
}

}  // namespace edgesmith::evaluate
