#pragma once
// What network_app writes beside tensors. Little-endian; read by host/target/network_run.cpp.

#include <stdint.h>

namespace app {

constexpr uint32_t kTrailerMagic = 0x544e5345u;  // "ESNT"

/// The end of OUT.
struct Trailer {
  uint32_t magic;
  uint32_t begun;        // Status of begin(), which ran the self-test
  uint32_t inferences;   // in the file
  uint32_t stack_bytes;  // run()'s own, the deepest of all inferences
};

struct TraceRecord {
  uint32_t op;     // index in the plan
  uint32_t bytes;  // that follow
};

}  // namespace app
