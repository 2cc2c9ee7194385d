#pragma once
// Where each activation of a network lies in one shared piece of memory, the arena.
//
// A tensor is alive from the operator that writes it (network inputs: from the start) to the last operator that reads
// it (network outputs: to the end). Tensors alive at the same time must not overlap; others may share bytes, so an
// input is gone once its last reader has run. A RESHAPE changes no byte: its output always lies on its input, and the
// two count as one tensor alive from the first's birth to the last's death.

#include <cstddef>
#include <limits>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::layout {

constexpr std::size_t kNoOffset = std::numeric_limits<std::size_t>::max();

struct Layout {
  std::size_t arena_bytes = 0;
  std::size_t lower_bound_bytes = 0;  // bytes alive at the worst moment: no layout can need less
  std::vector<std::size_t> offsets;   // of each tensor, multiples of the alignment; kNoOffset for constants
};

/// A block of memory and the operators during which it is needed: first..last, both included.
struct Block {
  std::size_t bytes;
  int first, last;
};

struct Placement {
  std::size_t arena_bytes = 0;
  std::vector<std::size_t> offsets;
};

/// Layout of all activations of `graph`. Optimal for up to 12 blocks unless the search outgrows its budget of steps,
/// otherwise the best of a few greedy orders. Depends on nothing but the arguments.
Layout plan_arena(const ir::Graph& graph, std::size_t alignment = 16);

/// The two parts of it, for blocks of any kind whose sizes are multiples of the alignment.
Placement place(const std::vector<Block>& blocks);
std::size_t peak_bytes(const std::vector<Block>& blocks);

}  // namespace edgesmith::layout
