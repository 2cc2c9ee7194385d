#include <algorithm>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/svg.h"

// Geometry, from the left: a column for what was cut and one after each step that left some out; the band between two
// columns is as wide as what goes on, and what is left out bends down to a row of its own. The first to leave gets the
// lowest row, so no band crosses another and every label has the rest of its row to itself. Right: the splits.

namespace edgesmith::report {
namespace {

constexpr double kBand = 132;      // pixels for all windows
constexpr double kTop = 40;        // above it two lines of text per column
constexpr double kSplitRow = 28;   // least distance of split labels
constexpr double kThinnest = 1.5;  // so that one window in ten thousand is still seen
constexpr double kRowGap = 18;

struct Drawing {
  const WindowFlow& flow;
  std::vector<WindowFlow::Step> steps;  // only those that left some out
  double column_percent = 0;

  double px(std::int64_t windows) const {
    return flow.cut == 0 ? 0 : kBand * static_cast<double>(windows) / static_cast<double>(flow.cut);
  }
  double column(std::size_t index) const {
    return column_percent * static_cast<double>(index);
  }
  std::int64_t at_column(std::size_t index) const {
    return index == 0 ? flow.cut : steps[index - 1].remain;
  }
};

Drawing prepare(const WindowFlow& flow) {
  Drawing d{flow, {}, 0};
  std::ranges::copy_if(flow.steps, std::back_inserter(d.steps), [](const auto& step) { return step.out > 0; });
  d.column_percent = 100.0 / static_cast<double>(d.steps.size() + 1);
  return d;
}

/// Where the bands of the splits end: as wide as their windows, and never nearer than their labels need.
std::vector<double> split_tops(const Drawing& d) {
  std::vector<double> tops;
  double y = kTop;
  for (const auto& split : d.flow.splits) {
    tops.push_back(y);
    y += std::max(d.px(split.windows) + 6, kSplitRow);
  }
  return tops;
}

double splits_bottom(const Drawing& d) {
  return d.flow.splits.empty() ? kTop : split_tops(d).back() + std::max(d.px(d.flow.splits.back().windows), 14.0);
}

/// Top of the row that step `index` drops into.
std::vector<double> drop_tops(const Drawing& d) {
  std::vector<double> tops(d.steps.size());
  double y = std::max(kTop + kBand, splits_bottom(d)) + kRowGap;
  for (std::size_t i = d.steps.size(); i-- > 0;) {
    tops[i] = y;
    y += std::max(d.px(d.steps[i].out), 10.0) + kRowGap;
  }
  return tops;
}

void draw_column(Svg& svg, const Drawing& d, std::size_t index) {
  const double x = d.column(index), windows_px = d.px(d.at_column(index));
  svg.line({x, kTop}, {x, kTop + std::max(windows_px, kThinnest)}, "node n0");
  svg.text({x, 12}, Anchor::start, "tick", index == 0 ? "cut" : d.steps[index - 1].rest, -3);
  svg.text({x, 29}, Anchor::start, "value", count(d.at_column(index)), -3);
}

void draw_step(Svg& svg, const Drawing& d, std::size_t index, double row_top) {
  const auto& step = d.steps[index];
  const double from = d.column(index), to = d.column(index + 1);
  const double split_y = kTop + d.px(step.remain), bottom = kTop + d.px(d.at_column(index));
  svg.ribbon({from, kTop, split_y}, {to, kTop, split_y}, "flow f0", counted(step.remain, "window") + " " + step.rest);
  const double thick = std::max(bottom - split_y, kThinnest);
  const double end = from + d.column_percent * 0.62;
  svg.ribbon({from, split_y, split_y + thick}, {end, row_top, row_top + thick}, "flow out",
             counted(step.out, "window") + " " + step.left_out);
  svg.line({end, row_top}, {end, row_top + thick}, "node nout");
  svg.labelled({end, row_top + thick / 2 + 4}, count(step.out), step.left_out, 9);
}

void draw_splits(Svg& svg, const Drawing& d) {
  const auto tops = split_tops(d);
  const double from = d.column(d.steps.size());
  double y = kTop;
  for (std::size_t i = 0; i < d.flow.splits.size(); ++i) {
    const auto& split = d.flow.splits[i];
    const double thick = std::max(d.px(split.windows), kThinnest);
    svg.ribbon({from, y, y + thick}, {100, tops[i], tops[i] + thick}, "flow f" + std::to_string(i + 1),
               split.name + ": " + counted(split.windows, "window"));
    svg.line({100, tops[i]}, {100, tops[i] + thick}, "node n" + std::to_string(i + 1));
    const double text_y = tops[i] + std::max(thick / 2 + 4, 9.0);
    svg.labelled({100, text_y}, count(split.windows), split.name, 9);
    y += d.px(split.windows);
  }
}

std::string description(const WindowFlow& flow) {
  std::string text = counted(flow.cut, "window") + " cut.";
  for (const auto& step : flow.steps)
    text += fmt::format(" {} {}.", count(step.out), step.left_out);
  for (const auto& split : flow.splits)
    text += fmt::format(" {} for {}.", count(split.windows), split.name);
  return text;
}

}  // namespace

std::string flow_chart(const WindowFlow& flow) {
  if (flow.cut == 0) return "";
  const Drawing d = prepare(flow);
  const auto drops = drop_tops(d);
  const double bottom = d.steps.empty() ? std::max(kTop + kBand, splits_bottom(d))
                                        : drops.front() + std::max(d.px(d.steps.front().out), 12.0);
  Svg svg(bottom + 6, "Where the windows went", description(flow));
  for (std::size_t i = 0; i < d.steps.size(); ++i)
    draw_step(svg, d, i, drops[i]);
  draw_splits(svg, d);
  for (std::size_t i = 0; i <= d.steps.size(); ++i)
    draw_column(svg, d, i);
  return fmt::format("<figure class=\"card\"><div class=\"plot flows\">{}</div></figure>\n", svg.finish());
}

}  // namespace edgesmith::report
