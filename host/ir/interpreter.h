#pragma once
// Runs a graph operator by operator, exactly as it stands: float32 with plain loops, int8 and uint8 with the device's
// reference kernels. No pass, no plan, no arena: this is the oracle that everything else is compared with.

#include <cstdint>
#include <optional>
#include <vector>

#include "device/tensor/quantization.h"
#include "host/ir/graph.h"
#include "host/ir/lowering.h"

namespace edgesmith::ir {

class Interpreter {
 public:
  /// Takes a copy; verifies it and lowers its int8 operators. Throws Error for a graph that cannot run.
  explicit Interpreter(const Graph& graph, Rounding rounding = Rounding::tflm_double);
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// One buffer for each graph input and output, little-endian in the tensor's own type. Throws Error when the inputs
  /// are not as many, or not as large, as the graph's.
  std::vector<std::vector<std::uint8_t>> run(const std::vector<std::vector<std::uint8_t>>& inputs);

  /// What a tensor held after the last run; constants at any time.
  const std::vector<std::uint8_t>& tensor(TensorId id) const;

 private:
  void prepare(const Op& op, Rounding rounding);
  void set_input(TensorId id, const std::vector<std::uint8_t>& bytes);
  void run_float_op(const Op& op);
  void run_kernel(const LoweredOp& lowered);

  Graph graph_;
  std::vector<std::optional<LoweredOp>> prepared_;  // as graph_.ops; nothing for float32
  std::vector<std::vector<std::uint8_t>> values_;   // by tensor id; empty for constants
};

}  // namespace edgesmith::ir
