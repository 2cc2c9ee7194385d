#include "host/project/signal_text.h"

#include <algorithm>
#include <string_view>

#include "host/base/error.h"
#include "host/base/text.h"

namespace edgesmith {
namespace {

constexpr const char* kForms = "a channel, l1(...), l2(...) or diff(...) of one of these";

[[noreturn]] void refuse(const std::string& what, const std::string& expected, const std::string& try_this = "") {
  throw Error{{.code = "project.signal", .what = what, .expected = expected, .try_this = try_this}};
}

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return "";
  return std::string(text.substr(from, text.find_last_not_of(" \t") + 1 - from));
}

/// "name(inside)" -> inside; false when `text` is no such call.
bool is_call(const std::string& text, const std::string& name, std::string& inside) {
  if (!text.starts_with(name + "(") || text.back() != ')') return false;
  inside = text.substr(name.size() + 1, text.size() - name.size() - 2);
  return true;
}

std::uint32_t channel_bit(const std::string& name, const std::vector<std::string>& channels) {
  const auto found = std::find(channels.begin(), channels.end(), name);
  if (found == channels.end())
    refuse("unknown channel '" + name + "'", "one of " + join(channels), did_you_mean(name, channels));
  return std::uint32_t{1} << (found - channels.begin());
}

std::uint32_t channel_mask(std::string_view list, const std::vector<std::string>& channels) {
  std::uint32_t mask = 0;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string name = trimmed(list.substr(0, comma));
    const std::uint32_t bit = channel_bit(name, channels);
    if (mask & bit) refuse("channel '" + name + "' stands twice in a magnitude", "each channel once");
    mask |= bit;
    if (comma == std::string_view::npos) return mask;
    list.remove_prefix(comma + 1);
  }
}

ParsedSignal parse_plain(const std::string& text, const std::vector<std::string>& channels) {
  std::string inside;
  if (is_call(text, "l1", inside)) return {ParsedSignal::Kind::l1, false, channel_mask(inside, channels)};
  if (is_call(text, "l2", inside)) return {ParsedSignal::Kind::l2, false, channel_mask(inside, channels)};
  const std::size_t open = text.find('(');
  if (text.empty() || text.find_first_of("(),") != std::string::npos)
    refuse("'" + text + "' is not a signal", kForms, did_you_mean(text.substr(0, open), {"l1", "l2", "diff"}));
  return {ParsedSignal::Kind::channel, false, channel_bit(text, channels)};
}

}  // namespace

ParsedSignal parse_signal(const std::string& text, const std::vector<std::string>& channels) {
  std::string inside;
  if (!is_call(trimmed(text), "diff", inside)) return parse_plain(trimmed(text), channels);
  ParsedSignal signal = parse_plain(trimmed(inside), channels);
  signal.difference = true;
  return signal;
}

}  // namespace edgesmith
