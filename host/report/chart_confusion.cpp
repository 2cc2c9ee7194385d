#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"

// A table, not a drawing: the figures can be read aloud, copied and searched, and the colours are its background.

namespace edgesmith::report {
namespace {

constexpr std::size_t kFewClasses = 4;      // up to here column names lie flat
constexpr std::size_t kCompactClasses = 7;  // from here on narrow screens show counts only

/// Five steps of green for what is right, of red for what is wrong; the steps skip the middle tones on which neither
/// dark nor light figures could be read well.
std::string heat_class(bool right, std::int64_t windows, double share) {
  if (windows == 0) return "zero";
  const int step = std::clamp(static_cast<int>(std::ceil(share * 5)), 1, 5);
  return fmt::format("{}{}", right ? 'g' : 'b', step);
}

/// Whole percent, but never 0 for something nor 100 for less than all.
std::string row_percent(double share) {
  if (share > 0 && share < 0.005) return "<1 %";
  if (share < 1 && share >= 0.995) return ">99 %";
  return percent(share, 0);
}

std::string header(const std::vector<std::string>& labels) {
  std::string cells = "<td class=\"corner\"><span>true ↓</span> <span>predicted →</span></td>";
  for (const auto& label : labels)
    cells += fmt::format("<th scope=\"col\" title=\"{0}\"><span>{0}</span></th>", escape(label));
  return fmt::format("<thead><tr>{}</tr></thead>", cells);
}

std::string cell(const StageResult& result, const std::vector<std::string>& labels, std::size_t truth,
                 std::size_t answer) {
  const auto windows = result.confusion[truth][answer];
  const double share = result.row_share[truth][answer];
  const auto tooltip = fmt::format("true {}, predicted {}: {}, {} of the row", labels[truth], labels[answer],
                                   counted(windows, "window"), percent(share));
  const auto figures = windows == 0
                           ? std::string("<b>0</b>")
                           : fmt::format("<b>{}</b><small>{}</small>", count(windows), escape(row_percent(share)));
  return fmt::format("<td class=\"{}\" title=\"{}\">{}</td>", heat_class(truth == answer, windows, share),
                     escape(tooltip), figures);
}

std::string row(const StageResult& result, const std::vector<std::string>& labels, std::size_t truth) {
  std::string cells = fmt::format("<th scope=\"row\" title=\"{0}\"><span>{0}</span></th>", escape(labels[truth]));
  for (std::size_t answer = 0; answer < labels.size(); ++answer)
    cells += cell(result, labels, truth, answer);
  return fmt::format("<tr>{}</tr>\n", cells);
}

bool reaches_thousands(const StageResult& result) {
  return std::ranges::any_of(
      result.confusion, [](const auto& row) { return std::ranges::any_of(row, [](auto n) { return n >= 1000; }); });
}

std::string table_classes(const StageResult& result, std::size_t classes) {
  std::string css = "confusion";
  if (classes > kFewClasses) css += " upright";
  if (classes >= kCompactClasses) css += " compact";
  if (reaches_thousands(result)) css += " thousands";
  return css;
}

bool fits(const StageResult& result, std::size_t classes) {
  const auto square = [classes](const auto& rows) {
    return rows.size() == classes && std::ranges::all_of(rows, [&](const auto& r) { return r.size() == classes; });
  };
  return classes > 0 && square(result.confusion) && square(result.row_share);
}

}  // namespace

std::string confusion_matrix(const StageResult& result, const std::vector<std::string>& labels) {
  if (!fits(result, labels.size())) return "";
  std::string rows;
  for (std::size_t truth = 0; truth < labels.size(); ++truth)
    rows += row(result, labels, truth);
  return fmt::format(
      "<div class=\"scroll\"><table class=\"{}\" style=\"--classes: {}\"><caption class=\"hidden\">Confusion matrix, "
      "{}: rows true, columns "
      "predicted</caption>{}<tbody>\n{}</tbody></table></div>\n",
      table_classes(result, labels.size()), labels.size(), escape(result.stage), header(labels), rows);
}

}  // namespace edgesmith::report
