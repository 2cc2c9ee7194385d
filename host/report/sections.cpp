#include "host/report/sections.h"

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/table.h"

namespace edgesmith::report {
namespace {

const char* tone_class(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return " good";
    case Tone::bad:
      return " bad";
  }
  return "";
}

std::string note(const std::string& text) {
  return text.empty() ? "" : fmt::format("<p class=\"lead\">{}</p>\n", escape(text));
}

}  // namespace

std::string figures_html(const std::vector<Figure>& figures, std::string_view css) {
  std::string items;
  for (const auto& f : figures) {
    items += fmt::format("<div class=\"figure{}\"><dt>{}</dt><dd><span class=\"big\">{}</span>{}{}</dd></div>\n",
                         tone_class(f.tone), escape(f.title), escape(f.value),
                         f.unit.empty() ? "" : " <span class=\"unit\">" + escape(f.unit) + "</span>",
                         f.note.empty() ? "" : "<p>" + escape(f.note) + "</p>");
  }
  return items.empty() ? "" : fmt::format("<dl class=\"{}\">\n{}</dl>\n", css, items);
}

std::string verdict_text(const Verification& v) {
  if (v.windows == 0) return "No window has been compared with the desktop";
  if (v.mismatches == 0)
    return fmt::format("{} compared with the desktop: every one equal, bit for bit", counted(v.windows, "window"));
  return fmt::format("{} compared with the desktop: {}", counted(v.windows, "window"),
                     v.mismatches == 1 ? "1 mismatch" : count(v.mismatches) + " mismatches");
}

std::string verdict_html(const Verification& v) {
  const char* css = v.windows == 0 ? "plain" : v.mismatches == 0 ? "good" : "bad";
  const char* mark = v.windows == 0 ? "–" : v.mismatches == 0 ? "✓" : "✕";
  return fmt::format(
      "<p class=\"verdict {}\"><span class=\"sign\" aria-hidden=\"true\">{}</span><span>{}.{}</span></p>\n", css, mark,
      verdict_text(v), v.target.empty() ? "" : " <span class=\"where\">" + escape(v.target) + "</span>");
}

std::string road_html(const std::vector<RoadStep>& road) {
  std::string items;
  for (const auto& step : road) {
    items += fmt::format("<li><b>{}</b>{}{}</li>\n", escape(step.name),
                         step.detail.empty() ? "" : "<span>" + escape(step.detail) + "</span>",
                         step.output.empty() ? "" : "<code>" + escape(step.output) + "</code>");
  }
  return items.empty() ? "" : "<ol class=\"road\">\n" + items + "</ol>\n";
}

std::string flow_html(const WindowFlow& flow) {
  if (flow.cut == 0) return "";
  Table table("Windows per class and split", {{"class"}});
  for (const auto& split : flow.splits)
    table.add_column({split.name, true});
  for (const auto& c : flow.per_class) {
    std::vector<std::string> cells = {c.label};
    for (const auto windows : c.windows)
      cells.push_back(count(windows));
    table.add_row(cells);
  }
  const bool wide = !flow.per_class.empty();
  return note(flow.note) + fmt::format("<div class=\"grid loose {}\">{}{}</div>\n", wide ? "most" : "",
                                       flow_chart(flow), wide ? "<div class=\"card\">" + table.html() + "</div>" : "");
}

std::string training_html(const Training& training) {
  if (training.epochs.empty()) return "";
  return note(training.rule.empty() ? "" : "Best epoch by " + training.rule + ".") + training_charts(training);
}

std::string decision_html(const DecisionRules& decision) {
  Table table("Thresholds per class", {{"class"}, {"threshold", true}, {"cooldown", true}});
  for (const auto& c : decision.per_class)
    table.add_row({c.label, decimal(c.threshold, 2), c.cooldown});
  const auto thresholds = decision.per_class.empty() ? "" : "<div class=\"card\">" + table.html() + "</div>";
  const auto rules = figures_html(decision.rules, "facts card");
  if (rules.empty() && decision.per_class.empty()) return "";
  return note(decision.note) + "<div class=\"grid two loose\">" + rules + thresholds + "</div>\n";
}

std::string verification_html(const Verification& v) {
  Table table("Windows compared per back end",
              {{"back end"}, {"windows", true}, {"mismatches", true}, {"first difference"}});
  for (const auto& b : v.back_ends) {
    table.add_row(
        {b.name, count(b.windows), count(b.mismatches), b.first_difference.empty() ? "none" : b.first_difference});
  }
  return note(v.note) + (v.back_ends.empty() ? "" : "<div class=\"card\">" + table.html() + "</div>\n");
}

std::string instructions_html(const Instructions& i) {
  if (i.stages.empty()) return "";
  const auto lead = fmt::format(
      "Executed instructions per window{}, over {}, counted in steps of {}. Instructions are not time: cycles and "
      "milliseconds below are estimates.",
      i.target.empty() ? "" : " on " + i.target, counted(i.windows, "window"), count(i.resolution));
  Table table("Instructions per stage", {{"stage"}, {"median", true}, {"most", true}});
  for (const auto& s : i.stages)
    table.add_row({s.name, count(s.median), count(s.max)});
  const auto estimates = figures_html(i.estimates, "facts card");
  return note(lead) + instruction_charts(i) + "<div class=\"grid two\"><div class=\"card\">" + table.html() + "</div>" +
         estimates + "</div>\n";
}

std::string memory_html(const Report& report) {
  std::string bars;
  for (const auto& memory : report.memory)
    bars += memory_chart(memory);
  if (!bars.empty()) bars = "<div class=\"grid two\">" + bars + "</div>\n";
  return bars + (report.arena ? arena_chart(*report.arena) : "");
}

std::string contract_html(const std::vector<TensorContract>& contract) {
  if (contract.empty()) return "";
  Table table("Tensor contract",
              {{"tensor"}, {"name"}, {"shape"}, {"type"}, {"scale", true}, {"zero point", true}, {"meaning"}});
  for (const auto& t : contract) {
    table.add_row({t.role, t.name, t.shape, t.dtype, compact(t.scale), std::to_string(t.zero_point), t.meaning});
  }
  return "<div class=\"card\">" + table.html() + "</div>\n";
}

}  // namespace edgesmith::report
