#pragma once
// The part of the float32 operators that looks at one value, or one of each operand, at a time. See float_kernels.h.

#include <algorithm>

#include "host/ir/float_kernels.h"

namespace edgesmith::ir {

inline float activated(Activation activation, float value) {
  switch (activation) {
    case Activation::none:
      return value;
    case Activation::relu:
      return std::max(value, 0.0f);
    case Activation::relu6:
      return std::min(std::max(value, 0.0f), 6.0f);
  }
  return value;
}

/// ADD, SUB, MUL, with broadcasting.
void float_elementwise(const Graph& graph, const Op& op, const FloatTensors& tensors);
/// LOGISTIC, TANH, RELU, RELU6, LEAKY_RELU, HARD_SWISH.
void float_unary(const Op& op, const FloatTensors& tensors);
void float_pad(const Graph& graph, const Op& op, const FloatTensors& tensors);
void float_transpose(const Graph& graph, const Op& op, const FloatTensors& tensors);
void float_concatenation(const Graph& graph, const Op& op, const FloatTensors& tensors);

}  // namespace edgesmith::ir
