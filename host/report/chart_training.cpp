#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/svg.h"

namespace edgesmith::report {
namespace {

constexpr double kHeight = 190;

struct Series {
  const char* name;
  const char* css;
  std::function<double(const Epoch&)> value;
};

/// A chart's scales: epoch -> percent, value -> pixels.
struct Scale {
  double first, last, low, high;
  double x(double epoch) const {
    return last > first ? 100 * (epoch - first) / (last - first) : 50;
  }
  double y(double value) const {
    return kHeight * (1 - (value - low) / (high - low));
  }
};

/// Smallest and largest finite value of all series; 0..1 when there is none.
std::pair<double, double> extent(const Training& training, const std::vector<Series>& series) {
  double low = INFINITY, high = -INFINITY;
  for (const Epoch& epoch : training.epochs) {
    for (const Series& s : series) {
      const double value = s.value(epoch);
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return low <= high ? std::pair{low, high} : std::pair{0.0, 1.0};
}

void draw_axes(Svg& svg, const Scale& scale) {
  for (const double tick : round_ticks(scale.low, scale.high, 5)) {
    svg.line({0, scale.y(tick)}, {100, scale.y(tick)}, "rule");
    svg.text({0, scale.y(tick) + 4}, Anchor::end, "tick", compact(tick), -8);
  }
  const double span = std::max(1.0, scale.last - scale.first);
  for (const double tick : round_ticks(scale.first, scale.first + span, 6)) {
    if (tick > scale.last || tick != std::floor(tick)) continue;
    svg.text({scale.x(tick), kHeight + 20}, Anchor::middle, "tick", compact(tick));
  }
}

void draw_best(Svg& svg, const Scale& scale, int best_epoch) {
  const double x = scale.x(best_epoch);
  svg.line({x, -4}, {x, kHeight}, "best");
  const Anchor anchor = x < 15 ? Anchor::start : x > 85 ? Anchor::end : Anchor::middle;
  svg.text({x, -12}, anchor, "mark", fmt::format("best: epoch {}", best_epoch));
}

std::string epoch_text(const Epoch& e) {
  return fmt::format(
      "epoch {}: train loss {}, validation F1 {}, accuracy {}, precision {}, recall {}, learning rate {}", e.epoch,
      decimal(e.train_loss, 4), decimal(e.val_f1, 3), decimal(e.val_accuracy, 3), decimal(e.val_precision, 3),
      decimal(e.val_recall, 3), compact(e.learning_rate));
}

/// Invisible columns that answer a pointer with every figure of their epoch.
void draw_tooltips(Svg& svg, const Scale& scale, const Training& training) {
  const double step = 100.0 / std::max<double>(1, scale.last - scale.first);
  for (const Epoch& e : training.epochs) {
    const double from = std::max(0.0, scale.x(e.epoch) - step / 2);
    const double to = std::min(100.0, scale.x(e.epoch) + step / 2);
    svg.rect({from, 0}, to - from, kHeight, "hover", epoch_text(e));
  }
}

std::string legend(const std::vector<Series>& series) {
  std::string items;
  for (const Series& s : series)
    items += fmt::format("<span class=\"key {}\">{}</span>", s.css, s.name);
  return fmt::format("<span class=\"legend\">{}</span>", items);
}

std::string chart(const Training& training, const char* title, const std::vector<Series>& series, const Scale& scale) {
  const Epoch& last = training.epochs.back();
  std::string description =
      fmt::format("{}; best epoch {}.", counted(std::ssize(training.epochs), "epoch"), training.best_epoch);
  for (const Series& s : series)
    description += fmt::format(" {} ends at {}.", s.name, decimal(s.value(last), 3));
  Svg svg(kHeight, title, description);
  draw_axes(svg, scale);
  draw_best(svg, scale, training.best_epoch);
  for (const Series& s : series) {
    std::vector<Point> points;
    for (const Epoch& e : training.epochs)
      points.push_back({scale.x(e.epoch), scale.y(s.value(e))});
    svg.curve(points, std::string("curve ") + s.css);
    for (const Epoch& e : training.epochs) {
      if (e.epoch == training.best_epoch && std::isfinite(s.value(e)))
        svg.dot({scale.x(e.epoch), scale.y(s.value(e))}, std::string("dot ") + s.css);
    }
  }
  draw_tooltips(svg, scale, training);
  return fmt::format(
      "<figure class=\"card\"><figcaption>{}{}</figcaption><div class=\"plot curves\">{}</div>"
      "<p class=\"axis\">epoch</p></figure>\n",
      title, legend(series), svg.finish());
}

}  // namespace

std::string training_charts(const Training& training) {
  if (training.epochs.empty()) return "";
  const std::vector<Series> loss = {{"training loss", "s3", [](const Epoch& e) { return e.train_loss; }}};
  const std::vector<Series> scores = {{"macro F1", "s1", [](const Epoch& e) { return e.val_f1; }},
                                      {"accuracy", "s2", [](const Epoch& e) { return e.val_accuracy; }}};
  const double first = training.epochs.front().epoch, last = training.epochs.back().epoch;
  const double loss_high = extent(training, loss).second;
  // Scores use the upper part of 0..1 that they live in, in whole tenths, so that good runs can be told apart.
  const double score_low = std::clamp(std::floor(extent(training, scores).first * 10) / 10, 0.0, 0.9);
  return "<div class=\"grid two\">" +
         chart(training, "Loss", loss, {first, last, 0, loss_high > 0 ? loss_high * 1.04 : 1}) +
         chart(training, "Validation", scores, {first, last, score_low, 1}) + "</div>\n";
}

}  // namespace edgesmith::report
