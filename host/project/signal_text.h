#pragma once
// Signals as they are written in [features]: a channel, a vector magnitude, or the first difference of either.
//
//   ax        l1(ax, ay, az)        l2(ax, ay, az)        diff(ax)        diff(l2(ax, ay, az))

#include <cstdint>
#include <string>
#include <vector>

namespace edgesmith {

struct ParsedSignal {
  enum class Kind { channel, l1, l2 };
  Kind kind = Kind::channel;
  bool difference = false;     // x[t] - x[t-1]
  std::uint32_t channels = 0;  // bit c set: channel c takes part
};

/// `channels`: the project's, in order, at most 32. Throws Error (project.signal) that says what is wrong, without a
/// place in the file.
ParsedSignal parse_signal(const std::string& text, const std::vector<std::string>& channels);

}  // namespace edgesmith
