#pragma once
// Runs the network of a plan file in place, from flash.

#include "device/base/alignment.h"
#include "device/kernels/operators.h"
#include "device/plan/format.h"
#include "device/plan/reader.h"

namespace edgesmith {

constexpr uint32_t kLargestArena = 1u << 28;  // keeps sums of sizes inside 32 bits

/// The operators of an opened plan file, and where they find their data.
struct Program {
  const kernels::KernelSet* kernels;
  Span<const plan::ContractOp> ops;
  Span<const plan::TargetOp> places;
  Span<const uint8_t> constants;
};

/// One end of the network: a tensor in the arena.
struct LoadedEnd {
  const plan::TensorRecord* tensor;
  uint32_t offset, bytes;
};

constexpr uint32_t kMaxEnds = 8;

struct LoadedNetwork {
  const char* name;
  const uint8_t* plan_id;  // 32 bytes
  Program program;
  uint32_t arena_bytes;
  uint32_t input_count, output_count;
  LoadedEnd inputs[kMaxEnds], outputs[kMaxEnds];
  uint32_t self_test_seed;               // of a bare network
  Span<const uint8_t> self_test_output;  // of all outputs, one after another; empty in a pipeline's plan
};

/// Checks header, operators and places of `bytes` (aligned to 16), a bare network's or a whole pipeline's plan, and
/// fills `loaded`, which then points into them. Input is untrusted: after ok, running it reaches nothing outside of
/// `bytes` and of an arena of arena_bytes. Answers plan_foreign_target for another kernel set than `set`.
Status open_network(Span<const uint8_t> bytes, const kernels::KernelSet& set, LoadedNetwork& loaded);

/// The same for a file whose frame `reader` has opened.
Status read_network(const plan::Reader& reader, const kernels::KernelSet& set, LoadedNetwork& loaded);

/// Runs a bare network's known answer: ok or self_test_network.
Status run_self_test(const LoadedNetwork& network, int8_t* arena);

/// Runs one operator, or all in order, on an arena aligned to kArenaAlignment.
void run_operator(const Program& program, uint32_t index, int8_t* arena);
void run_program(const Program& program, int8_t* arena);

}  // namespace edgesmith
