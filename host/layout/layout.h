#pragma once
// Where each activation of a network lies in one shared piece of memory, the arena, and in which order its operators
// run, so that the arena is as small as can be.
//
// A tensor is alive from the operator that writes it (network inputs: from before the first operator) to the last
// operator that reads it (network outputs: until after the last one). A RESHAPE changes no byte: its output lies on
// its input, and the two are one block, alive from the first's birth to the last's death. An operator's scratch is a
// block alive during that operator. Blocks alive together lie apart, with one exception:
//
// An operator may write over an input that nobody reads afterwards, if it never writes a byte that it has yet to read.
// How far apart the two must then begin or end depends on the kernel alone; the caller says it as an Overlap. The
// search and its proofs are in docs/design/0005-overlapped-arena.md.

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::layout {

constexpr std::size_t kNoOffset = std::numeric_limits<std::size_t>::max();
constexpr int kNoOp = -1;

/// How an operator's first output may share bytes with one of its inputs, each way of walking for itself. 0 = the same
/// start (forwards) or the same end (backwards); a negative distance lets the output run ahead by that much.
struct Overlap {
  std::optional<std::ptrdiff_t> forwards;   // from the first byte on: input_start - output_start >= this many bytes
  std::optional<std::ptrdiff_t> backwards;  // from the last byte on:  output_end - input_end >= this many bytes
};

struct Options {
  std::size_t alignment = 16;  // of every offset and of the arena's size; a power of two
  /// Overlap of inputs[input_index] with outputs[0]. Asked for every activation, whether it dies there or not. Answers
  /// nothing where the kernel reads an input again or out of order (broadcast, fully connected). An input given twice
  /// must keep the distances of both. If several inputs have an Overlap, one walk must serve them all: only forwards
  /// counts, and at least 0.
  std::function<Overlap(const ir::Op&, std::size_t input_index)> overlap;
  std::function<std::size_t(const ir::Op&)> scratch;  // bytes
  bool reorder = true;                                // false: the operators run as they stand in the graph
};

/// A number of bytes that no order of the operators gets below, and where it comes from. Sizes are rounded up to the
/// alignment; scratch is left out.
struct Bound {
  std::size_t bytes = 0;
  int op = kNoOp;                     // index in graph.ops; kNoOp: before the first or after the last
  std::vector<ir::TensorId> tensors;  // alive there; of tensors on the same bytes the first
  bool exact = true;                  // some order reaches it; false: too many orders to tell
};

enum class Walk { any, forwards, backwards };

struct Layout {
  std::size_t arena_bytes = 0;
  std::vector<std::size_t> offsets;          // of each tensor, multiples of the alignment; kNoOffset for constants
  std::vector<std::size_t> scratch_offsets;  // of each operator of the graph as given; kNoOffset where it has none
  std::vector<Walk> walks;                   // of each operator of the graph as given: what its overlap demands
  std::vector<std::size_t> order;            // order[k] = index in graph.ops of the operator that must run k-th
  Bound lower_bound;                         // bytes alive at the worst moment of the best order, nothing shared
  Bound lower_bound_inplace;                 // the same where overlaps are used; chains of overlaps may need more
  bool optimal = false;                      // proven: no order and no offsets need a smaller arena
};

/// Optimal for small graphs (Layout::optimal tells), else the best of a search of fixed length. Depends on nothing but
/// the arguments. `graph` must be valid (ir::verify).
Layout plan_arena(const ir::Graph& graph, const Options& options = {});

/// The graph with its operators in the order of a Layout: result.ops[k] = graph.ops[order[k]].
ir::Graph reorder(ir::Graph graph, const std::vector<std::size_t>& order);

/// "16000 bytes at 'conv_2' (CONV_2D): pixels 8000, features 8000"
std::string bound_text(const ir::Graph& graph, const Bound& bound);

}  // namespace edgesmith::layout
