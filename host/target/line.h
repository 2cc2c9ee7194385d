#pragma once
// A serial line to a device, whatever carries it.

#include <cstddef>
#include <cstdint>
#include <span>

namespace edgesmith {

class Line {
 public:
  virtual ~Line() = default;
  /// All of it; waits while the other end does not take it.
  virtual void write(std::span<const std::uint8_t> bytes) = 0;
  /// What has arrived, at least one byte, at most to.size(); 0 when nothing came within the time. Throws Error
  /// (unavailable, "target.line_closed") when the other end is gone.
  virtual std::size_t read(std::span<std::uint8_t> to, double timeout_s) = 0;
};

}  // namespace edgesmith
