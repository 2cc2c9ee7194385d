#pragma once
// The input of a bare network's known answer.

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {

/// Fills a tensor with noise from a linear congruential generator, x = x * 1664525 + 1013904223: each int8 or uint8
/// value is x >> 24, each float32 one ((x >> 24) - 128) / 128. Answers x, from which the next tensor goes on.
inline uint32_t fill_noise(uint32_t seed, Span<uint8_t> bytes) {
  for (uint8_t& byte : bytes) {
    seed = seed * 1664525u + 1013904223u;
    byte = static_cast<uint8_t>(seed >> 24);
  }
  return seed;
}

inline uint32_t fill_noise(uint32_t seed, Span<float> values) {
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = (static_cast<float>(seed >> 24) - 128.0f) * (1.0f / 128.0f);
  }
  return seed;
}

}  // namespace edgesmith
