#pragma once
// A small SVG writer for charts that stretch: x runs in percent of the chart's width, y in pixels, text keeps its size.
// So one drawing serves a phone and a wide screen. Colours come from CSS classes, so one drawing serves light and dark.

#include <string>
#include <string_view>
#include <vector>

namespace edgesmith::report {

struct Point {
  double x_percent, y_px;
};

/// What text does at its x: begins there, is centred on it, ends there.
enum class Anchor { start, middle, end };

class Svg {
 public:
  /// title and description are read by screen readers in place of the drawing.
  Svg(double height_px, std::string_view title, std::string_view description);

  void rect(Point top_left, double width_percent, double height_px, std::string_view css,
            std::string_view tooltip = "");
  void line(Point from, Point to, std::string_view css);
  void dot(Point center, std::string_view css, std::string_view tooltip = "");
  void text(Point at, Anchor anchor, std::string_view css, std::string_view text, double dx_px = 0);

  /// A strong value and its name in plain type behind it.
  void labelled(Point at, std::string_view value, std::string_view name, double dx_px);

  /// Polyline; a point that is not finite interrupts it.
  void curve(const std::vector<Point>& points, std::string_view css);

  /// A band that flows from one vertical edge to another.
  struct Edge {
    double x_percent, top_px, bottom_px;
  };
  void ribbon(Edge from, Edge to, std::string_view css, std::string_view tooltip = "");

  /// The finished <svg> element; it fills its parent's width.
  std::string finish() const;

 private:
  void stretched(const std::string& path, std::string_view css, std::string_view tooltip);

  double height_px_;
  std::string body_;
};

/// At most about `wanted` round numbers (1, 2 or 5 times a power of ten apart) that cover low..high inside; low < high.
std::vector<double> round_ticks(double low, double high, int wanted);

}  // namespace edgesmith::report
