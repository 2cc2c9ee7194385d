#pragma once
// Text for the serial line, without printf: it would bring 10 KB of code and a buffer on the heap.

#include <stdint.h>

#include "device/base/span.h"

namespace app {

/// A line in the making. What does not fit is left out.
class Text {
 public:
  Text& text(const char* words);
  Text& number(uint32_t value);
  Text& number(int32_t value);
  /// `decimals` digits behind the point, rounded; |value| below 4e9 / 10^decimals. Not for exact work.
  Text& real(float value, uint32_t decimals);
  Text& hex(edgesmith::Span<const uint8_t> bytes);

  edgesmith::Span<const uint8_t> bytes() const {
    return {reinterpret_cast<const uint8_t*>(line_), filled_};
  }

 private:
  void put(char character);
  void digits(uint32_t value, uint32_t least);

  char line_[160];
  uint32_t filled_ = 0;
};

}  // namespace app
