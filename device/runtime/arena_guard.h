#pragma once
// Painted bytes on both sides of an arena: they show whether a kernel wrote beside it.

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {

constexpr uint32_t kGuardBytes = 16;  // on each side; keeps the arena's alignment

/// `block` is guard, arena, guard.
inline void paint_guards(Span<uint8_t> block) {
  for (uint32_t i = 0; i < kGuardBytes; ++i)
    block[i] = block[block.size() - 1 - i] = 0xa5;
}

/// False when a painted byte has changed.
inline bool guards_intact(Span<const uint8_t> block) {
  for (uint32_t i = 0; i < kGuardBytes; ++i) {
    if (block[i] != 0xa5 || block[block.size() - 1 - i] != 0xa5) return false;
  }
  return true;
}

}  // namespace edgesmith
