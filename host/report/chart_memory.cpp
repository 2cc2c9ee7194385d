#include <algorithm>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/svg.h"

namespace edgesmith::report {
namespace {

constexpr double kBar = 28;
constexpr double kThinBar = 8;

double percent_of(std::int64_t part, std::int64_t whole) {
  return whole <= 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string parts_bar(const Memory& memory) {
  Svg svg(kBar, memory.name + " by use", "The parts are listed below.");
  double x = 0;
  for (std::size_t i = 0; i < memory.parts.size(); ++i) {
    const auto& part = memory.parts[i];
    const double share = percent_of(part.bytes, memory.total_bytes);
    svg.rect({x, 0}, share, kBar, "part " + series_class(i), part.name + ": " + bytes_text(part.bytes));
    x += share;
  }
  return svg.finish();
}

/// Used against budget; beyond the budget the bar turns red and a line shows where it ends.
std::string budget_bar(const Memory& memory) {
  if (memory.budget_bytes <= 0) return "";
  const bool over = memory.total_bytes > memory.budget_bytes;
  const auto whole = std::max(memory.total_bytes, memory.budget_bytes);
  Svg svg(kThinBar, memory.name + " against the budget",
          fmt::format("{} of {}", bytes_text(memory.total_bytes), bytes_text(memory.budget_bytes)));
  svg.rect({0, 0}, 100, kThinBar, "track");
  svg.rect({0, 0}, std::max(0.4, percent_of(memory.total_bytes, whole)), kThinBar, over ? "used over" : "used");
  if (over) {
    const double x = percent_of(memory.budget_bytes, whole);
    svg.line({x, -4}, {x, kThinBar + 4}, "limit");
  }
  return svg.finish();
}

std::string budget_text(const Memory& memory) {
  if (memory.budget_bytes <= 0) return "";
  const bool over = memory.total_bytes > memory.budget_bytes;
  return fmt::format("<p class=\"budget{}\">{} of {}{}{}</p>", over ? " bad" : "", percent(memory.used_share),
                     bytes_text(memory.budget_bytes),
                     memory.budget_source.empty() ? "" : ", " + escape(memory.budget_source),
                     over ? ": does not fit" : "");
}

std::string legend_table(const Memory& memory) {
  std::string rows;
  for (std::size_t i = 0; i < memory.parts.size(); ++i) {
    const auto& part = memory.parts[i];
    rows += fmt::format(
        "<tr><th scope=\"row\"><span class=\"swatch {}\"></span> {}</th><td class=\"note\">{}</td>"
        "<td class=\"num\">{}</td></tr>\n",
        series_class(i), escape(part.name), escape(part.note), bytes_text(part.bytes));
  }
  return fmt::format(
      "<table class=\"parts\"><caption class=\"hidden\">{0} by use</caption><tbody>\n{1}</tbody><tfoot><tr>"
      "<th scope=\"row\">total</th><td></td><td class=\"num\">{2}</td></tr></tfoot></table>",
      escape(memory.name), rows, bytes_text(memory.total_bytes));
}

}  // namespace

std::string memory_chart(const Memory& memory) {
  return fmt::format(
      "<figure class=\"card\"><figcaption>{}<span class=\"legend\">{}</span></figcaption>{}{}{}{}</figure>\n",
      escape(memory.name), bytes_text(memory.total_bytes), budget_bar(memory), budget_text(memory), parts_bar(memory),
      legend_table(memory));
}

std::string series_class(std::size_t index) {
  return "c" + std::to_string(index % 7 + 1);
}

}  // namespace edgesmith::report
