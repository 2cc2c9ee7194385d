#pragma once
// How far before an input an output must begin to lie over it: one answer for all kernel sets that write outputs in the
// order of memory and finish a position (all channels of one y, x) before they read what only later ones need.

#include <stdint.h>

#include "device/kernels/operators.h"

namespace edgesmith {
namespace kernels {

/// KernelSet::overlap_bytes for such a set. The operator's check (check.h) must have accepted its parameters.
///
/// Operators with a filter: block b is one output position, or two neighbours (from an even x on) in pointwise
/// convolutions, see in_one_row(). While it is computed, reads and writes may come in any
/// order, so the output must not reach what it or a later block reads:
///   distance = max over b of (end of b's writes - lowest byte that b or a later block reads), at least 0
/// Rows of a fully connected layer and the outer dimension of a mean are such blocks too. Elementwise operators read
/// what they overwrite first: 0.   Cost: output_h + output_w steps.
uint32_t overlap_bytes(const Operator& op, uint32_t index);

/// KernelSet::overlap_backwards_bytes for a set whose convolutions walk backwards when walks_backwards() says so: what
/// in_one_row() makes one row of, in pairs from the last even position on. kNoOverlap for everything else.
///   distance = max over pairs of (end of what it or an earlier pair reads - begin of its writes), both from the end
uint32_t overlap_backwards_bytes(const Operator& op, uint32_t index);

/// For sets that only walk forwards.
uint32_t never_overlaps(const Operator& op, uint32_t index);

}  // namespace kernels
}  // namespace edgesmith
