#include <fmt/format.h>

#include "host/report/format.h"
#include "host/report/report.h"
#include "host/report/sections.h"
#include "host/report/table.h"

namespace edgesmith::report {
namespace {

constexpr std::size_t kIndent = 2;

std::string section(const char* title, const std::string& body) {
  return body.empty() ? "" : fmt::format("\n{}\n{}", title, body);
}

std::string indented(const std::string& text) {
  return text.empty() ? "" : std::string(kIndent, ' ') + text + "\n";
}

std::string figures(const std::vector<Figure>& figures) {
  Table table("", {{""}, {""}, {""}});
  for (const auto& f : figures)
    table.add_row({f.title, f.value + (f.unit.empty() ? "" : " " + f.unit), f.note});
  const std::string text = table.text(kIndent);
  return figures.empty() ? "" : text.substr(text.find('\n') + 1);  // without the line of empty titles
}

std::string title(const Report& r) {
  std::string line = r.project;
  if (!r.version.empty()) line += " " + r.version;
  if (!r.target.empty()) line += " on " + r.target;
  line += "\n";
  if (!r.plan_id.empty()) line += "plan " + r.plan_id + "\n";
  return line;
}

std::string road(const Report& r) {
  std::vector<Figure> rows;
  for (const auto& step : r.road)
    rows.push_back({.title = step.name, .value = step.output, .note = step.detail});
  return figures(rows);
}

std::string flow(const WindowFlow& f) {
  std::string line = count(f.cut) + " cut";
  for (const auto& step : f.steps)
    line += fmt::format("; {} {}", count(step.out), step.left_out);
  for (std::size_t i = 0; i < f.splits.size(); ++i)
    line += fmt::format("{} {} {}", i == 0 ? " ->" : ",", f.splits[i].name, count(f.splits[i].windows));
  return indented(line) + indented(f.note);
}

std::string training(const Training& t) {
  for (const Epoch& e : t.epochs) {
    if (e.epoch != t.best_epoch) continue;
    return indented(fmt::format("best of {}: epoch {}, validation macro F1 {}, accuracy {}, loss {}",
                                counted(std::ssize(t.epochs), "epoch"), e.epoch, decimal(e.val_f1, 3),
                                percent(e.val_accuracy), decimal(e.train_loss, 4)));
  }
  return "";
}

std::string results(const Report& r) {
  if (r.results.empty()) return "";
  Table table("", {{"stage"},
                   {"split"},
                   {"accuracy", true},
                   {"95 %", true},
                   {"macro F1", true},
                   {"windows", true},
                   {"all windows", true},
                   {"decided", true}});
  for (const auto& s : r.results) {
    table.add_row({s.stage, s.split, percent(s.accuracy), percent(s.accuracy_low) + " - " + percent(s.accuracy_high),
                   decimal(s.macro_f1, 3), count(s.windows),
                   fmt::format("{} of {}", percent(s.accuracy_all), count(s.windows_all)), percent(s.coverage)});
  }
  return table.text(kIndent);
}

/// The last stage's matrix: the one nearest to the device.
std::string confusion(const Report& r) {
  if (r.results.empty() || r.results.back().confusion.size() != r.labels.size() || r.labels.empty()) return "";
  const StageResult& last = r.results.back();
  Table table("", {{"true \\ predicted"}});
  for (const auto& label : r.labels)
    table.add_column({shortened(label, 10), true});
  for (std::size_t c = 0; c < r.labels.size(); ++c) {
    std::vector<std::string> cells = {shortened(r.labels[c], 24)};
    for (const auto windows : last.confusion[c])
      cells.push_back(count(windows));
    table.add_row(cells);
  }
  return "\n" + indented(last.stage) + table.text(kIndent);
}

std::string decision(const DecisionRules& d) {
  Table table("", {{"class"}, {"threshold", true}, {"cooldown", true}});
  for (const auto& c : d.per_class)
    table.add_row({c.label, decimal(c.threshold, 2), c.cooldown});
  return figures(d.rules) + (d.per_class.empty() ? "" : table.text(kIndent)) + indented(d.note);
}

std::string verification(const Verification& v) {
  Table table("", {{"back end"}, {"windows", true}, {"mismatches", true}, {"first difference"}});
  for (const auto& b : v.back_ends)
    table.add_row({b.name, count(b.windows), count(b.mismatches), b.first_difference});
  return indented(verdict_text(v)) + (v.back_ends.empty() ? "" : table.text(kIndent));
}

std::string instructions(const Instructions& i) {
  if (i.stages.empty()) return "";
  Table table("", {{"instructions a window"}, {"median", true}, {"most", true}});
  for (const auto& s : i.stages)
    table.add_row({s.name, count(s.median), count(s.max)});
  return table.text(kIndent) +
         indented(fmt::format("over {}, counted in steps of {}", counted(i.windows, "window"), count(i.resolution))) +
         figures(i.estimates);
}

std::string memory(const Report& r) {
  Table table("", {{"memory"}, {"bytes", true}, {""}});
  for (const auto& m : r.memory) {
    for (const auto& part : m.parts)
      table.add_row({m.name + " " + part.name, count(part.bytes), part.note});
    const auto of =
        m.budget_bytes > 0 ? fmt::format("{} of {}", percent(m.used_share), bytes_text(m.budget_bytes)) : "";
    table.add_row({m.name + " total", count(m.total_bytes), of});
  }
  std::string out = r.memory.empty() ? "" : table.text(kIndent);
  if (r.arena)
    out += indented(
        fmt::format("arena {}, lower bound {}", bytes_text(r.arena->bytes), bytes_text(r.arena->lower_bound_bytes)));
  return out;
}

std::string contract(const Report& r) {
  if (r.contract.empty()) return "";
  Table table("", {{"tensor"}, {"name"}, {"shape"}, {"type"}, {"scale", true}, {"zero point", true}, {"meaning"}});
  for (const auto& t : r.contract)
    table.add_row({t.role, t.name, t.shape, t.dtype, compact(t.scale), std::to_string(t.zero_point), t.meaning});
  return table.text(kIndent);
}

std::string notes(const Report& r) {
  std::string out;
  for (const auto& note : r.notes)
    out += indented(note);
  return out;
}

}  // namespace

std::string to_text(const Report& r) {
  return title(r) + section("Headline", figures(r.headline)) + section("Road", road(r)) +
         section("Windows", r.flow ? flow(*r.flow) : "") + section("Training", training(r.training)) +
         section("Results", results(r) + confusion(r)) + section("Decision", r.decision ? decision(*r.decision) : "") +
         section("Desktop and device", r.verification ? verification(*r.verification) : "") +
         section("Instructions", r.instructions ? instructions(*r.instructions) : "") + section("Memory", memory(r)) +
         section("Contract", contract(r)) + section("Notes", notes(r));
}

}  // namespace edgesmith::report
