#pragma once
// Runs a plan file in place, from flash.

#include "device/runtime/network_file.h"
#include "device/runtime/plan.h"

namespace edgesmith {

struct LoadedPlan {
  Plan plan;
  Program program;
};

/// Checks `bytes` (aligned to 16) from end to end and fills `loaded`, which then points into them. Input is untrusted:
/// after ok nothing that the runtime does with the plan reaches outside of its bytes or of the memory it asks for. The
/// operators are run by `set`; a plan for another one is foreign.
Status open_plan(Span<const uint8_t> bytes, const kernels::KernelSet& set, LoadedPlan& loaded);

/// Bytes for every buffer of a pipeline that runs `plan`, and the division of a block that is aligned to 16.
uint32_t memory_bytes(const Plan& plan);
struct Memory;
Status divide_memory(const Plan& plan, Span<uint8_t> block, Memory& memory);

}  // namespace edgesmith
