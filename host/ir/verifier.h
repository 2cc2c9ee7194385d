#pragma once
// Is this graph something that we can run? Run after reading a file and after every rewrite.

#include "host/ir/graph.h"

namespace edgesmith::ir {

/// Tensors larger than this are refused: no microcontroller has them, and a damaged file must not exhaust memory.
constexpr std::int64_t kMaxTensorElems = std::int64_t{1} << 26;

/// Throws Error (request) that names operator, tensor and reason unless
///   * every tensor id exists, inputs come from a graph input, a constant or an earlier operator, and each activation
///   has
///     one producer;
///   * constants have as many bytes as their shape and type say; weights and bias are constants;
///   * every output has the inferred shape;
///   * an operator works on float32 throughout, or on int8 with quantisation by TFLite's rules: activations per tensor,
///     weights symmetric (per tensor or per output channel); pools, reshape, pad, transpose and concatenation keep
///     scale and zero point; softmax and logistic answer in steps of 1/256 from -128, tanh in steps of 1/128. QUANTIZE
///     and DEQUANTIZE lead from one world to the other, with uint8 at the ends. BATCH_NORM is float32 only.
void verify(const Graph& graph);

/// The same for one operator, whatever stands around it: nothing is asked about the order of execution. For readers
/// that want to tell all problems of a file at once.
void verify_op(const Graph& graph, const Op& op);

}  // namespace edgesmith::ir
