#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/sections.h"
#include "host/report/table.h"

namespace edgesmith::report {
namespace {

std::string summary_table(const std::vector<StageResult>& results) {
  Table table("Results per stage", {{"stage"},
                                    {"accuracy", true},
                                    {"95 % interval", true},
                                    {"macro F1", true},
                                    {"windows", true},
                                    {"accuracy, all windows", true},
                                    {"all windows", true},
                                    {"decided", true},
                                    {"right when decided", true}});
  for (const auto& r : results) {
    table.add_row({r.stage, percent(r.accuracy), percent(r.accuracy_low) + " – " + percent(r.accuracy_high),
                   decimal(r.macro_f1, 3), count(r.windows), percent(r.accuracy_all), count(r.windows_all),
                   percent(r.coverage), percent(r.decided_accuracy)});
  }
  return "<div class=\"card\">" + table.html() + "</div>\n";
}

std::string matrix_card(const StageResult& result, const std::vector<std::string>& labels) {
  const auto matrix = confusion_matrix(result, labels);
  if (matrix.empty()) return "";
  return fmt::format("<figure class=\"card\"><figcaption>{}<span class=\"legend\">{}</span></figcaption>{}</figure>\n",
                     escape(result.stage), escape(result.note), matrix);
}

/// Few classes stand side by side, many need the whole width.
const char* matrix_grid(std::size_t classes) {
  return classes <= 4 ? "grid three" : classes <= 8 ? "grid two" : "grid";
}

std::string matrices(const Report& report) {
  std::string cards;
  for (const auto& result : report.results)
    cards += matrix_card(result, report.labels);
  return cards.empty() ? "" : fmt::format("<div class=\"{}\">{}</div>\n", matrix_grid(report.labels.size()), cards);
}

std::string group_header(const std::vector<const StageResult*>& results) {
  std::string groups, columns;
  for (const auto* r : results) {
    groups += fmt::format("<th scope=\"colgroup\" colspan=\"3\" class=\"group\">{}</th>", escape(r->stage));
    columns +=
        "<th scope=\"col\" class=\"num first\">precision</th><th scope=\"col\" class=\"num\">recall</th>"
        "<th scope=\"col\" class=\"num\">F1</th>";
  }
  return fmt::format(
      "<thead><tr><th scope=\"col\" rowspan=\"2\">class</th><th scope=\"col\" rowspan=\"2\" class=\"num\">"
      "windows</th>{}</tr><tr>{}</tr></thead>",
      groups, columns);
}

std::string class_row(const std::vector<const StageResult*>& results, const std::string& label, std::size_t c) {
  std::string cells = fmt::format("<th scope=\"row\">{}</th><td class=\"num\">{}</td>", escape(label),
                                  count(results.front()->per_class[c].support));
  for (const auto* r : results) {
    const auto& score = r->per_class[c];
    cells += fmt::format("<td class=\"num first\">{}</td><td class=\"num\">{}</td><td class=\"num\"><b>{}</b></td>",
                         decimal(score.precision, 3), decimal(score.recall, 3), decimal(score.f1, 3));
  }
  return "<tr>" + cells + "</tr>\n";
}

std::string class_table(const Report& report) {
  std::vector<const StageResult*> results;
  for (const auto& r : report.results) {
    if (!report.labels.empty() && r.per_class.size() == report.labels.size()) results.push_back(&r);
  }
  if (results.empty()) return "";
  std::string rows;
  for (std::size_t c = 0; c < report.labels.size(); ++c)
    rows += class_row(results, report.labels[c], c);
  return fmt::format(
      "<div class=\"card\"><div class=\"scroll\"><table><caption>Per class</caption>{}<tbody>\n{}</tbody>"
      "</table></div></div>\n",
      group_header(results), rows);
}

}  // namespace

std::string results_html(const Report& report) {
  if (report.results.empty()) return "";
  const auto& split = report.results.front().split;
  return fmt::format(
             "<p class=\"lead\">On the {} windows. Macro F1 is the mean over the classes that occur there; a "
             "matrix has a row for each true class and a column for each predicted one.</p>\n",
             escape(split)) +
         summary_table(report.results) + matrices(report) + class_table(report);
}

}  // namespace edgesmith::report
