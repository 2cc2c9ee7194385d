#include <fmt/format.h>

#include "host/report/format.h"
#include "host/report/report.h"
#include "host/report/sections.h"
#include "host/report/style.h"

namespace edgesmith::report {
namespace {

struct Section {
  const char* id;
  const char* title;
  std::string html;
};

/// In the reader's order: what it does, what it learnt from, how good it is, what it is on the chip.
std::vector<Section> sections(const Report& r) {
  return {{"road", "The road", road_html(r.road)},
          {"windows", "Where the windows went", r.flow ? flow_html(*r.flow) : ""},
          {"training", "Training", training_html(r.training)},
          {"results", "Results", results_html(r)},
          {"decision", "Decision", r.decision ? decision_html(*r.decision) : ""},
          {"verification", "Desktop and device", r.verification ? verification_html(*r.verification) : ""},
          {"instructions", "Instructions", r.instructions ? instructions_html(*r.instructions) : ""},
          {"memory", "Memory", memory_html(r)},
          {"contract", "Contract", contract_html(r.contract)}};
}

std::string navigation(const std::vector<Section>& all) {
  std::string links;
  for (const auto& s : all) {
    if (!s.html.empty()) links += fmt::format("<a href=\"#{}\">{}</a>", s.id, s.title);
  }
  return links.empty() ? "" : fmt::format("<nav aria-label=\"Sections\">{}</nav>\n", links);
}

std::string body(const std::vector<Section>& all) {
  std::string out;
  for (const auto& s : all) {
    if (s.html.empty()) continue;
    out += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n", s.id,
        s.title, s.html);
  }
  return out;
}

std::string fact(const char* name, const std::string& value, bool code = false) {
  if (value.empty()) return "";
  const char* tag = code ? "code" : "span";
  return fmt::format("<span class=\"fact\">{} <{}>{}</{}></span>", name, tag, escape(value), tag);
}

std::string header(const Report& r) {
  return fmt::format(
      "<header>\n<p class=\"brand\">Edgesmith report</p>\n<h1>{}{}</h1>\n<p "
      "class=\"facts-line\">{}{}{}</p>\n{}{}</header>\n",
      escape(r.project), r.version.empty() ? "" : " <small>" + escape(r.version) + "</small>", fact("target", r.target),
      fact("run", r.run), fact("plan", r.plan_id, true), r.verification ? verdict_html(*r.verification) : "",
      figures_html(r.headline, "cards"));
}

std::string footer(const Report& r) {
  std::string notes;
  for (const auto& n : r.notes)
    notes += fmt::format("<li>{}</li>", escape(n));
  if (!notes.empty()) notes = "<ul>" + notes + "</ul>\n";
  return fmt::format("<footer>\n{}<p>{}</p>\n</footer>\n", notes, escape(r.tool.empty() ? "edgesmith" : r.tool));
}

}  // namespace

std::string to_html(const Report& report) {
  const auto all = sections(report);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{} – Edgesmith report</title>\n"
      "<style>\n{}</style>\n</head>\n<body>\n<main>\n{}{}{}{}</main>\n</body>\n</html>\n",
      escape(report.project), style_sheet(), header(report), navigation(all), body(all), footer(report));
}

}  // namespace edgesmith::report
