#pragma once
// Functions of one int8 or uint8 value as tables of 256 entries, by TFLite's fixed-point arithmetic. The tables equal
// what TensorFlow Lite Micro's reference kernels compute for each value.

#include <array>
#include <cstdint>

#include "device/tensor/quantization.h"
#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Entry i is the output's byte for the input whose byte is i.
using UnaryTable = std::array<std::uint8_t, 256>;

/// Is `op` a function of one value between int8 or uint8 tensors: LOGISTIC, TANH, RELU, RELU6, LEAKY_RELU, HARD_SWISH,
/// or QUANTIZE from one quantisation to another?
bool is_unary_on_bytes(const Graph& graph, const Op& op);

/// `op` must be one of them, in a graph that verify() accepted. `rounding` is that of every requantisation inside.
/// Throws Error where TFLite has no answer either: scales so small or so large that a shift does not fit.
UnaryTable unary_table(const Graph& graph, const Op& op, Rounding rounding);

}  // namespace edgesmith::ir
