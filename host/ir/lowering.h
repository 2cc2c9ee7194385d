#pragma once
// From an int8 operator of a graph to what the device's kernels take.

#include <cstdint>
#include <variant>
#include <vector>

#include "device/kernels/params.h"
#include "device/tensor/quantization.h"
#include "host/ir/graph.h"

namespace edgesmith::ir {

/// `params` is the struct that belongs to `kind`; multiplier and shift have one entry per output channel, and are empty
/// for operators without weights.
struct LoweredOp {
  OpKind kind;
  std::variant<kernels::Conv2dParams, kernels::FullyConnectedParams, kernels::Pool2dParams, kernels::MeanParams,
               kernels::SoftmaxParams, kernels::ReshapeParams>
      params;
  std::vector<std::int32_t> multiplier;
  std::vector<std::int8_t> shift;
  TensorId input = kNoTensor, output = kNoTensor, weights = kNoTensor, bias = kNoTensor;
};

/// `op` must belong to a graph that verify() accepted and work on int8. What comes back has passed the kernels' own
/// set-up check. Throws Error for what int8 kernels do not do: means over other axes than the ones before the channels,
/// sizes beyond kernels/check.h.
LoweredOp lower(const Graph& graph, const Op& op, Rounding rounding);

/// The layer's bias, one value per output channel: zeros where the graph has none.
std::vector<std::int32_t> bias_values(const Graph& graph, const LoweredOp& op);

/// The layer's constants as kernels see them. Points into `graph`, `op` and `bias`.
kernels::Weights weights_view(const Graph& graph, const LoweredOp& op, const std::vector<std::int32_t>& bias);

}  // namespace edgesmith::ir
