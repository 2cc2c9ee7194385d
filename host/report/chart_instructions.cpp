#include <algorithm>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/svg.h"

namespace edgesmith::report {
namespace {

constexpr double kHeight = 96;

std::int64_t most_windows(const Instructions::Stage& stage) {
  std::int64_t most = 1;
  for (const auto& bin : stage.histogram)
    most = std::max(most, bin.windows);
  return most;
}

std::string description(const Instructions::Stage& stage) {
  return fmt::format("Median {}, most {} instructions a window, in {}.", count(stage.median), count(stage.max),
                     counted(std::ssize(stage.histogram), "bin"));
}

void draw_bars(Svg& svg, const Instructions::Stage& stage) {
  const auto most = static_cast<double>(most_windows(stage));
  const double step = 100.0 / static_cast<double>(stage.histogram.size());
  const double gap = std::min(step * 0.12, 0.6);
  for (std::size_t i = 0; i < stage.histogram.size(); ++i) {
    const auto& bin = stage.histogram[i];
    if (bin.windows == 0) continue;
    const double height = std::max(1.5, kHeight * static_cast<double>(bin.windows) / most);
    svg.rect({step * static_cast<double>(i) + gap / 2, kHeight - height}, step - gap, height, "bar",
             fmt::format("{} to {} instructions: {}", count(bin.from), count(bin.to), counted(bin.windows, "window")));
  }
}

void draw_axes(Svg& svg, const Instructions::Stage& stage) {
  svg.text({0, 4}, Anchor::end, "tick", count(most_windows(stage)), -8);
  svg.text({0, kHeight + 4}, Anchor::end, "tick", "0", -8);
  svg.line({0, 0}, {100, 0}, "rule");
  svg.line({0, kHeight}, {100, kHeight}, "base");
  svg.text({0, kHeight + 20}, Anchor::start, "tick", count(stage.histogram.front().from));
  svg.text({100, kHeight + 20}, Anchor::end, "tick", count(stage.histogram.back().to));
}

std::string chart(const Instructions::Stage& stage) {
  Svg svg(kHeight, "Instructions: " + stage.name, description(stage));
  draw_axes(svg, stage);
  draw_bars(svg, stage);
  return fmt::format(
      "<figure class=\"card\"><figcaption>{}<span class=\"legend\">windows by instructions</span></figcaption>"
      "<div class=\"plot bars\">{}</div></figure>\n",
      escape(stage.name), svg.finish());
}

}  // namespace

std::string instruction_charts(const Instructions& instructions) {
  std::string charts;
  for (const auto& stage : instructions.stages) {
    if (!stage.histogram.empty()) charts += chart(stage);
  }
  return charts.empty() ? "" : "<div class=\"grid three\">" + charts + "</div>\n";
}

}  // namespace edgesmith::report
