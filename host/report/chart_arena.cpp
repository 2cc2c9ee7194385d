#include <algorithm>

#include <fmt/format.h>

#include "host/report/charts.h"
#include "host/report/format.h"
#include "host/report/svg.h"

namespace edgesmith::report {
namespace {

constexpr double kHeight = 260;
constexpr double kNarrowest = 270;  // pixels of the plot on a phone: what a label must fit into
constexpr double kThinnest = 4;     // so that six bytes of scores are still seen
constexpr double kCharacter = 7;    // pixels, generously

/// Operators and bytes -> the drawing.
struct Scale {
  double ops, bytes;
  double x(int op) const {
    return 100.0 * op / ops;
  }
  double y(std::int64_t at) const {
    return kHeight * (1 - static_cast<double>(at) / bytes);
  }
};

void draw_bytes_axis(Svg& svg, const Scale& scale, const Arena& arena) {
  for (const double tick : round_ticks(0, scale.bytes, 5)) {
    const auto at = static_cast<std::int64_t>(tick);
    if (scale.y(at) < 16) continue;  // the arena's own size stands there
    svg.line({0, scale.y(at)}, {100, scale.y(at)}, "rule");
    svg.text({0, scale.y(at) + 4}, Anchor::end, "tick", count(at), -8);
  }
  svg.line({0, 0}, {100, 0}, "base");
  svg.line({0, kHeight}, {100, kHeight}, "base");
  svg.text({0, 4}, Anchor::end, "mark", count(arena.bytes), -8);
}

void draw_ops_axis(Svg& svg, const Scale& scale) {
  const int ops = static_cast<int>(scale.ops);
  const int every = ops <= 16 ? 1 : (ops + 15) / 16;
  for (int op = 0; op < ops; op += every)
    svg.text({(scale.x(op) + scale.x(op + 1)) / 2, kHeight + 20}, Anchor::middle, "tick", std::to_string(op));
}

std::string tooltip(const Arena::Tensor& t) {
  return fmt::format("{} {}: {} at {}, operators {} to {}", t.name, t.shape, bytes_text(t.bytes), count(t.offset_bytes),
                     t.first_op, t.last_op);
}

/// The tensor's number where it fits, its name beside it where that fits even on a phone.
void draw_tensor(Svg& svg, const Scale& scale, const Arena::Tensor& t, std::size_t index) {
  const double left = scale.x(t.first_op), right = scale.x(t.last_op + 1);
  const double bottom = scale.y(t.offset_bytes);
  const double height = std::max(bottom - scale.y(t.offset_bytes + t.bytes), kThinnest), top = bottom - height;
  svg.rect({left, top}, right - left, height, "tensor " + series_class(index), tooltip(t));
  if (height < 15) return;
  const std::string numbered = fmt::format("{} {}", index + 1, t.name);
  const bool name_fits = static_cast<double>(width(numbered)) * kCharacter < (right - left) / 100 * kNarrowest;
  svg.text({(left + right) / 2, top + height / 2 + 4}, Anchor::middle, "on",
           name_fits ? numbered : std::to_string(index + 1));
}

void draw_lower_bound(Svg& svg, const Scale& scale, const Arena& arena) {
  if (arena.lower_bound_bytes <= 0 || arena.lower_bound_bytes >= arena.bytes) return;
  const double y = scale.y(arena.lower_bound_bytes);
  svg.line({0, y}, {100, y}, "bound");
  svg.text({100, y + 14}, Anchor::end, "mark halo", "lower bound " + bytes_text(arena.lower_bound_bytes), -4);
}

std::string ops_list(const Arena& arena) {
  std::string items;
  for (std::size_t i = 0; i < arena.ops.size(); ++i)
    items += fmt::format("<li><span class=\"n\">{}</span> {}</li>", i, escape(arena.ops[i]));
  return fmt::format("<ul class=\"ops\" aria-label=\"Operators in order\">{}</ul>", items);
}

std::string tensor_table(const Arena& arena) {
  std::string rows;
  for (std::size_t i = 0; i < arena.tensors.size(); ++i) {
    const auto& t = arena.tensors[i];
    rows += fmt::format(
        "<tr><th scope=\"row\"><span class=\"swatch {}\">{}</span> <span class=\"name\">{}</span></th><td>{}</td>"
        "<td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{} – {}</td></tr>\n",
        series_class(i), i + 1, escape(t.name), escape(t.shape), count(t.offset_bytes), count(t.bytes), t.first_op,
        t.last_op);
  }
  return fmt::format(
      "<div class=\"scroll\"><table><caption class=\"hidden\">Tensors in the arena</caption><thead><tr><th "
      "scope=\"col\">tensor"
      "</th><th scope=\"col\">shape</th><th scope=\"col\" class=\"num\">offset, B</th><th scope=\"col\" class=\"num\">"
      "size, B</th><th scope=\"col\" class=\"num\">operators</th></tr></thead><tbody>\n{}</tbody></table></div>",
      rows);
}

}  // namespace

std::string arena_chart(const Arena& arena) {
  if (arena.tensors.empty() || arena.bytes <= 0) return "";
  int ops = static_cast<int>(arena.ops.size());
  for (const auto& t : arena.tensors)
    ops = std::max(ops, t.last_op + 1);
  const Scale scale{static_cast<double>(ops), static_cast<double>(arena.bytes)};
  Svg svg(kHeight, "Arena memory map",
          fmt::format("{} share {} over {}; lower bound {}.", counted(std::ssize(arena.tensors), "tensor"),
                      bytes_text(arena.bytes), counted(ops, "operator"), bytes_text(arena.lower_bound_bytes)));
  draw_bytes_axis(svg, scale, arena);
  draw_ops_axis(svg, scale);
  for (std::size_t i = 0; i < arena.tensors.size(); ++i)
    draw_tensor(svg, scale, arena.tensors[i], i);
  draw_lower_bound(svg, scale, arena);
  return fmt::format(
      "<div class=\"grid two loose\"><figure class=\"card\"><figcaption>Arena<span class=\"legend\">bytes over "
      "operators"
      "</span></figcaption><div class=\"plot arena\">{}</div>{}</figure><div class=\"card\">{}</div></div>\n",
      svg.finish(), ops_list(arena), tensor_table(arena));
}

}  // namespace edgesmith::report
