#include "host/ir/interpreter.h"

#include <fmt/format.h>

#include <cstring>

#include "device/kernels/reference/set.h"
#include "host/base/error.h"
#include "host/ir/float_kernels.h"
#include "host/ir/half.h"
#include "host/ir/verifier.h"

namespace edgesmith::ir {
namespace {

std::span<const float> floats(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

}  // namespace

Interpreter::Interpreter(const Graph& graph, Rounding rounding) : graph_(graph), values_(graph.tensors.size()) {
  verify(graph_);
  for (const Op& op : graph_.ops)
    prepare(op, rounding);
  for (const TensorId id : graph_.inputs) {
    values_[static_cast<std::size_t>(id)].resize(tensor_bytes(graph_.tensor(id)));
  }
}

void Interpreter::prepare(const Op& op, Rounding rounding) {
  prepared_.push_back(has_kernel(graph_, op) ? std::optional(lower(graph_, op, rounding)) : std::nullopt);
  values_[static_cast<std::size_t>(op.outputs[0])].resize(tensor_bytes(graph_.tensor(op.outputs[0])));
}

std::vector<std::vector<std::uint8_t>> Interpreter::run(const std::vector<std::vector<std::uint8_t>>& inputs) {
  if (inputs.size() != graph_.inputs.size()) {
    throw Error({.code = "run.inputs",
                 .what = "the network takes another number of inputs",
                 .where = graph_.name,
                 .expected = fmt::format("{}", graph_.inputs.size()),
                 .found = fmt::format("{}", inputs.size())});
  }
  for (std::size_t i = 0; i < inputs.size(); ++i)
    set_input(graph_.inputs[i], inputs[i]);
  for (std::size_t i = 0; i < graph_.ops.size(); ++i) {
    if (prepared_[i]) {
      run_kernel(*prepared_[i]);
    } else {
      run_float_op(graph_.ops[i]);
    }
  }
  std::vector<std::vector<std::uint8_t>> outputs;
  for (const TensorId id : graph_.outputs)
    outputs.push_back(tensor(id));
  return outputs;
}

const std::vector<std::uint8_t>& Interpreter::tensor(TensorId id) const {
  return graph_.tensor(id).constant() ? graph_.tensor(id).data : values_[static_cast<std::size_t>(id)];
}

void Interpreter::set_input(TensorId id, const std::vector<std::uint8_t>& bytes) {
  const Tensor& tensor = graph_.tensor(id);
  if (bytes.size() != tensor_bytes(tensor)) {
    throw Error({.code = "run.input_bytes",
                 .what = fmt::format("input '{}' has a wrong number of bytes", tensor.name),
                 .where = graph_.name,
                 .expected = fmt::format("{} ({} {})", tensor_bytes(tensor), dtype_name(tensor.dtype),
                                         shape_text(tensor.shape)),
                 .found = fmt::format("{}", bytes.size())});
  }
  values_[static_cast<std::size_t>(id)] = bytes;
}

void Interpreter::run_float_op(const Op& op) {
  if (op.kind == OpKind::dequantize) {  // of float16; the others have a kernel
    const std::vector<float> values = widened_f16(tensor(op.inputs[0]));
    std::memcpy(values_[static_cast<std::size_t>(op.outputs[0])].data(), values.data(), values.size() * sizeof(float));
    return;
  }
  FloatTensors tensors;
  for (const TensorId id : op.inputs) {
    tensors.inputs.push_back(id == kNoTensor ? std::span<const float>{} : floats(tensor(id)));
  }
  std::vector<std::uint8_t>& output = values_[static_cast<std::size_t>(op.outputs[0])];
  tensors.output = {reinterpret_cast<float*>(output.data()), output.size() / sizeof(float)};
  run_float(graph_, op, tensors);
}

void Interpreter::run_kernel(const LoweredOp& lowered) {
  std::vector<std::span<const std::uint8_t>> inputs;
  for (const TensorId id : lowered.inputs)
    inputs.push_back(tensor(id));
  std::vector<std::uint8_t>& output = values_[static_cast<std::size_t>(lowered.output)];
  kernels::reference::kSet.run(lowered.op, operands_of(lowered, inputs, output));
}

}  // namespace edgesmith::ir
