#pragma once
// Desktop against device, window by window: which contract broke first?

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "device/base/status.h"
#include "device/decision/decision.h"

namespace edgesmith {

/// Everything that one window left behind, wherever the plan ran. Events are part of it.
struct WindowTrace {
  std::uint32_t stretch = 0;        // index of the unbroken stretch of samples that was sent
  std::uint32_t window = 0;         // counts from 1 in each stretch
  std::uint32_t time_us = 0;        // of its last sample
  std::uint8_t flags = 0;           // guard::Reason bits; when set, what follows is empty or zero
  std::vector<std::int8_t> input;   // tensor as the network found it
  std::vector<std::int8_t> output;  // tensor as the network left it
  decision::Outcome outcome = {};
  std::uint8_t event_kind = 0;                          // decision::Emit; 0 = no event
  std::uint8_t event_reason = 0;                        // EventReason
  std::uint32_t features_ticks = 0, network_ticks = 0;  // not compared
};

/// What the device promises: the same model input, the same model output, the same decision. The first that does not
/// hold says where to look: at samples, guard and features; at weights and kernels; at the rules.
enum class Contract { input, execution, decision };

/// "INPUT", "EXECUTION" or "DECISION".
std::string contract_name(Contract contract);

struct Difference {
  Contract contract;
  std::size_t index;  // position in the two lists
  std::uint32_t stretch, window;
  std::string field;            // "input", "output", "flags", "score" ...
  std::int64_t element;         // of a tensor; -1 for anything else
  std::string desktop, device;  // both values
};

struct Comparison {
  std::size_t windows = 0;     // compared
  std::size_t mismatches = 0;  // of these, differ somewhere; a window that only one side has counts as one
  std::optional<Difference> first;
};

/// Compares in order, exactly: floats by their bits.
Comparison compare_windows(const std::vector<WindowTrace>& desktop, const std::vector<WindowTrace>& device);

/// What the device's begin() complained of, as a broken contract; nothing when it was ok.
std::optional<Difference> compare_begin(Status begun);

/// "INPUT: stretch 0, window 3: input[17] is 5 on the desktop, 6 on the device"
std::string to_text(const Difference& difference);

}  // namespace edgesmith
