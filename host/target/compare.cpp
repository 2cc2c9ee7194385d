#include "host/target/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "host/target/status_text.h"

namespace edgesmith {
namespace {

/// What differs in one window; where it lies is filled in by the caller.
using Found = std::optional<Difference>;

Difference differ(Contract contract, std::string field, std::int64_t element, std::string desktop, std::string device) {
  return {contract, 0, 0, 0, std::move(field), element, std::move(desktop), std::move(device)};
}

Found compare_tensor(Contract contract, const char* field, const std::vector<std::int8_t>& desktop,
                     const std::vector<std::int8_t>& device) {
  if (desktop.size() != device.size()) {
    return differ(contract, fmt::format("{} size", field), -1, fmt::to_string(desktop.size()),
                  fmt::to_string(device.size()));
  }
  const auto at = std::mismatch(desktop.begin(), desktop.end(), device.begin());
  if (at.first == desktop.end()) return {};
  return differ(contract, field, at.first - desktop.begin(), fmt::to_string(int{*at.first}),
                fmt::to_string(int{*at.second}));
}

Found compare_number(Contract contract, const char* field, std::int64_t desktop, std::int64_t device) {
  if (desktop == device) return {};
  return differ(contract, field, -1, fmt::to_string(desktop), fmt::to_string(device));
}

Found compare_bits(Contract contract, const char* field, float desktop, float device) {
  if (std::bit_cast<std::uint32_t>(desktop) == std::bit_cast<std::uint32_t>(device)) return {};
  return differ(contract, field, -1, fmt::format("{:.9g}", desktop), fmt::format("{:.9g}", device));
}

Found compare_decision(const WindowTrace& a, const WindowTrace& b) {
  constexpr Contract kDecision = Contract::decision;
  const decision::Outcome &x = a.outcome, &y = b.outcome;
  const Found found[] = {
      compare_number(kDecision, "best", x.best, y.best),
      compare_bits(kDecision, "score", x.score, y.score),
      compare_bits(kDecision, "margin", x.margin, y.margin),
      compare_number(kDecision, "candidate", x.candidate, y.candidate),
      compare_number(kDecision, "current", x.current, y.current),
      compare_number(kDecision, "emitted", x.emitted, y.emitted),
      compare_number(kDecision, "suppressed", x.suppressed, y.suppressed),
      compare_number(kDecision, "event kind", a.event_kind, b.event_kind),
      compare_number(kDecision, "event reason", a.event_reason, b.event_reason),
  };
  for (const Found& one : found) {
    if (one) return one;
  }
  return {};
}

Found compare_window(const WindowTrace& a, const WindowTrace& b) {
  if (Found found = compare_number(Contract::input, "stretch", a.stretch, b.stretch)) return found;
  if (Found found = compare_number(Contract::input, "window", a.window, b.window)) return found;
  if (Found found = compare_number(Contract::input, "time_us", a.time_us, b.time_us)) return found;
  if (Found found = compare_number(Contract::input, "flags", a.flags, b.flags)) return found;
  if (Found found = compare_tensor(Contract::input, "input", a.input, b.input)) return found;
  if (Found found = compare_tensor(Contract::execution, "output", a.output, b.output)) return found;
  return compare_decision(a, b);
}

}  // namespace

std::string contract_name(Contract contract) {
  switch (contract) {
    case Contract::input:
      return "INPUT";
    case Contract::execution:
      return "EXECUTION";
    case Contract::decision:
      return "DECISION";
  }
  return {};
}

Comparison compare_windows(const std::vector<WindowTrace>& desktop, const std::vector<WindowTrace>& device) {
  Comparison comparison;
  comparison.windows = std::min(desktop.size(), device.size());
  for (std::size_t i = 0; i < comparison.windows; ++i) {
    Found found = compare_window(desktop[i], device[i]);
    if (!found) continue;
    ++comparison.mismatches;
    if (comparison.first) continue;
    found->index = i;
    found->stretch = desktop[i].stretch;
    found->window = desktop[i].window;
    comparison.first = std::move(found);
  }
  comparison.mismatches += std::max(desktop.size(), device.size()) - comparison.windows;
  if (!comparison.first && desktop.size() != device.size()) {
    comparison.first = compare_number(Contract::input, "number of windows", static_cast<std::int64_t>(desktop.size()),
                                      static_cast<std::int64_t>(device.size()));
    comparison.first->index = comparison.windows;
  }
  return comparison;
}

std::optional<Difference> compare_begin(Status begun) {
  if (begun == Status::ok) return {};
  const Contract contract = begun == Status::self_test_features ? Contract::input
                            : begun == Status::config_invalid   ? Contract::decision
                                                                : Contract::execution;
  return differ(contract, "begin()", -1, "ok", status_name(begun));
}

std::string to_text(const Difference& difference) {
  const std::string element = difference.element < 0 ? "" : fmt::format("[{}]", difference.element);
  const std::string place =
      difference.window == 0 ? "" : fmt::format("stretch {}, window {}: ", difference.stretch, difference.window);
  return fmt::format("{}: {}{}{} is {} on the desktop, {} on the device", contract_name(difference.contract), place,
                     difference.field, element, difference.desktop, difference.device);
}

}  // namespace edgesmith
