#pragma once
// Dimensions merged where an operator does not tell them apart, so that kernels for four of them do for more.

#include <cstdint>
#include <optional>
#include <vector>

#include "host/ir/shapes.h"

namespace edgesmith::ir {

/// How two operands move through the output of an elementwise operator. As many entries in each.
struct Broadcast {
  Shape dims;            // of the output
  Shape step_a, step_b;  // elements from one value to the next; 0 = the same value again
};

/// The output's shape of two operands, aligned at their last dimensions; nothing when they do not fit each other.
std::optional<Shape> broadcast_shape(const Shape& a, const Shape& b);

/// Of shapes that fit. Neighbouring dimensions along which both operands move alike have become one.
Broadcast merged_broadcast(const Shape& a, const Shape& b);

/// A TRANSPOSE as its output's dimensions and the input's elements from one value to the next along each.
struct Movement {
  Shape dims, step;
};

/// Dimensions that stay neighbours have become one, those of 1 are gone.
Movement merged_transpose(const Shape& input, const std::vector<int>& permutation);

/// A PAD: input + before + after is the output, dimension by dimension.
struct Padding {
  Shape input, before, after;
};

/// Dimensions without padding have become part of the one before them.
Padding merged_padding(const Shape& input, const std::vector<int>& before, const std::vector<int>& after);

}  // namespace edgesmith::ir
