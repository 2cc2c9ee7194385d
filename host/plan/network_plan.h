#pragma once
// A network as a sequence of kernel calls on an arena: the part of a plan that knows nothing of samples or events.

#include <cstdint>
#include <string>
#include <vector>

#include "device/kernels/operators.h"
#include "device/plan/format.h"
#include "device/tensor/quantization.h"
#include "host/ir/graph.h"

namespace edgesmith {

/// Where one activation tensor lies in the arena, and from which to which operator it is alive.
struct ArenaTensor {
  std::string name, shape;  // shape: "1x1x80x3"
  std::uint32_t offset = 0, bytes = 0;
  int first_op = 0, last_op = 0;
};

/// One end of the network.
struct NetworkEnd {
  std::string name;
  plan::TensorRecord record = {};
  std::uint32_t offset = 0, bytes = 0;  // in the arena
};

/// Bytes that no order of the operators gets below, and the tensors that force them.
struct ArenaBound {
  std::uint32_t bytes = 0;
  std::string text;  // "16000 bytes at 'conv_2' (CONV_2D): pixels 8000, features 8000"
};

/// What an operator is called in reports and comments.
struct OpLabel {
  std::string name;    // the operator's own, or its kind
  std::string shapes;  // "1x1x80x3 -> 1x1x80x12"
  int source = -1;     // its index in the file that it comes from
};

struct NetworkPlan {
  Rounding rounding = Rounding::tflm_double;
  const kernels::KernelSet* kernels = nullptr;
  std::vector<NetworkEnd> inputs, outputs;
  std::vector<plan::ContractOp> ops;
  std::vector<OpLabel> labels;          // as ops
  std::vector<plan::TargetOp> places;   // as ops
  std::vector<std::uint8_t> constants;  // weights, bias, multiplier, shift of every operator, each aligned to 16
  std::vector<ArenaTensor> arena;
  std::uint32_t arena_bytes = 0;
  ArenaBound lower_bound, lower_bound_inplace;
  std::int64_t macs = 0;  // of one inference
};

struct NetworkOptions {
  Rounding rounding = Rounding::tflm_double;
  const kernels::KernelSet* kernels = nullptr;  // null: the set that firmware uses where nothing better exists
};

/// Errors: an operator without kernels, ends of more than four dimensions or of types that the plan does not carry,
/// sizes beyond the kernels' limits.
NetworkPlan plan_network(const ir::Graph& network, const NetworkOptions& options);

}  // namespace edgesmith
