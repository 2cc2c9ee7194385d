#pragma once
// From an operator of a graph to what the device's kernels take.

#include <cstdint>
#include <span>
#include <vector>

#include "device/kernels/operators.h"
#include "device/tensor/quantization.h"
#include "host/ir/graph.h"

namespace edgesmith::ir {

/// One kernel call. A layer has one bias, multiplier and shift for each output channel; a lookup has its table in
/// `weights`.
struct LoweredOp {
  kernels::Operator op;
  std::vector<TensorId> inputs;  // in the kernel's order; may be constants of the graph
  TensorId output = kNoTensor;
  std::vector<std::int8_t> weights, shift;
  std::vector<std::int32_t> bias, multiplier;

  kernels::Weights constants() const {
    return {{weights.data(), weights.size()},
            {bias.data(), bias.size()},
            {multiplier.data(), multiplier.size()},
            {shift.data(), shift.size()}};
  }
};

/// `op` must belong to a graph that verify() accepted and must have kernels (see has_kernel). What comes back has
/// passed the kernels' own set-up check. Throws Error for what the kernels do not do: means over axes that do not lie
/// side by side, sizes beyond kernels/check.h.
LoweredOp lower(const Graph& graph, const Op& op, Rounding rounding);

/// Do the device's kernels take this operator with these types? Float32 throughout is the interpreter's alone.
bool has_kernel(const Graph& graph, const Op& op);

/// The operator's operands, in buffers of the tensors' sizes: one for each of `lowered.inputs`.
kernels::Operands operands_of(const LoweredOp& lowered, const std::vector<std::span<const std::uint8_t>>& inputs,
                              std::span<std::uint8_t> output);

}  // namespace edgesmith::ir
