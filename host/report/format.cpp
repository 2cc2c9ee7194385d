#include "host/report/format.h"

#include <cmath>

#include <fmt/format.h>

namespace edgesmith::report {
namespace {

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
}

/// Bytes that the first `points` code points take.
std::size_t prefix_bytes(std::string_view text, std::size_t points) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (starts_code_point(text[at]) && points-- == 0) return at;
    ++at;
  }
  return at;
}

}  // namespace

std::string count(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string bytes_text(std::int64_t value) {
  return count(value) + " B";
}

std::string decimal(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string percent(double share, int decimals) {
  return std::isfinite(share) ? decimal(100 * share, decimals) + " %" : "-";
}

std::string compact(double value) {
  return fmt::format("{}", static_cast<float>(value));
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string counted(std::int64_t value, std::string_view singular) {
  return count(value) + " " + std::string(singular) + (value == 1 ? "" : "s");
}

std::size_t width(std::string_view text) {
  std::size_t points = 0;
  for (const char c : text)
    points += starts_code_point(c);
  return points;
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (width(text) <= limit) return std::string(text);
  return std::string(text.substr(0, prefix_bytes(text, limit - 1))) + "…";
}

}  // namespace edgesmith::report
