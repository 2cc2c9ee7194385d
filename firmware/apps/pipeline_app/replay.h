#pragma once
// Recorded samples that stand in for a sensor on a board that has none.

#include <stdint.h>

namespace app {

struct Replay {
  const uint8_t* samples;  // in the sensor's format, one after another
  uint32_t count;
};

}  // namespace app

/// Defined by the build when it embeds a recording; absent otherwise.
extern "C" __attribute__((weak)) const app::Replay edgesmith_replay;
