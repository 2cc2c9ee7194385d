#include "host/report/svg.h"

#include <cmath>

#include <fmt/format.h>

#include "host/report/format.h"

namespace edgesmith::report {
namespace {

/// Two decimals are finer than a pixel on any screen, and keep the file small and reproducible.
std::string number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0')
    text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string tip(std::string_view tooltip) {
  return tooltip.empty() ? "" : fmt::format("<title>{}</title>", escape(tooltip));
}

const char* anchor_name(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
  }
  return "";
}

}  // namespace

Svg::Svg(double height_px, std::string_view title, std::string_view description)
    : height_px_(height_px),
      body_(fmt::format("<title>{}</title><desc>{}</desc>\n", escape(title), escape(description))) {}

void Svg::rect(Point p, double width_percent, double height_px, std::string_view css, std::string_view tooltip) {
  body_ += fmt::format("<rect class=\"{}\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{}\">{}</rect>\n", css,
                       number(p.x_percent), number(p.y_px), number(width_percent), number(height_px), tip(tooltip));
}

void Svg::line(Point from, Point to, std::string_view css) {
  body_ += fmt::format("<line class=\"{}\" x1=\"{}%\" y1=\"{}\" x2=\"{}%\" y2=\"{}\"/>\n", css, number(from.x_percent),
                       number(from.y_px), number(to.x_percent), number(to.y_px));
}

void Svg::dot(Point p, std::string_view css, std::string_view tooltip) {
  body_ += fmt::format("<circle class=\"{}\" cx=\"{}%\" cy=\"{}\" r=\"4\">{}</circle>\n", css, number(p.x_percent),
                       number(p.y_px), tip(tooltip));
}

void Svg::text(Point at, Anchor anchor, std::string_view css, std::string_view text, double dx_px) {
  body_ += fmt::format("<text class=\"{}\" x=\"{}%\" y=\"{}\" dx=\"{}\" text-anchor=\"{}\">{}</text>\n", css,
                       number(at.x_percent), number(at.y_px), number(dx_px), anchor_name(anchor), escape(text));
}

void Svg::labelled(Point at, std::string_view value, std::string_view name, double dx_px) {
  body_ += fmt::format(
      "<text x=\"{}%\" y=\"{}\" dx=\"{}\"><tspan class=\"value\">{}</tspan><tspan dx=\"5\">{}</tspan></text>\n",
      number(at.x_percent), number(at.y_px), number(dx_px), escape(value), escape(name));
}

void Svg::curve(const std::vector<Point>& points, std::string_view css) {
  std::string path;
  bool drawing = false;
  for (const Point& p : points) {
    const bool finite = std::isfinite(p.x_percent) && std::isfinite(p.y_px);
    if (finite) path += fmt::format("{}{} {}", drawing ? "L" : "M", number(p.x_percent), number(p.y_px));
    drawing = finite;
  }
  stretched(path, css, "");
}

void Svg::ribbon(Edge from, Edge to, std::string_view css, std::string_view tooltip) {
  const std::string middle = number((from.x_percent + to.x_percent) / 2);
  const std::string x0 = number(from.x_percent), x1 = number(to.x_percent);
  stretched(fmt::format("M{0} {3}C{2} {3} {2} {4} {1} {4}L{1} {5}C{2} {5} {2} {6} {0} {6}Z", x0, x1, middle,
                        number(from.top_px), number(to.top_px), number(to.bottom_px), number(from.bottom_px)),
            css, tooltip);
}

void Svg::stretched(const std::string& path, std::string_view css, std::string_view tooltip) {
  body_ += fmt::format(
      "<svg width=\"100%\" height=\"{0}\" viewBox=\"0 0 100 {0}\" preserveAspectRatio=\"none\">"
      "<path class=\"{1}\" d=\"{2}\" vector-effect=\"non-scaling-stroke\">{3}</path></svg>\n",
      number(height_px_), css, path, tip(tooltip));
}

std::string Svg::finish() const {
  return fmt::format("<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"{}\">\n{}</svg>\n", number(height_px_),
                     body_);
}

std::vector<double> round_ticks(double low, double high, int wanted) {
  const double raw = (high - low) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double lead = raw / power;
  const double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  std::vector<double> ticks;
  // Counting whole steps, not adding them up, keeps 0.3 from becoming 0.30000000000000004.
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k)
    ticks.push_back(k * step + 0.0);
  return ticks;
}

}  // namespace edgesmith::report
