#include "host/ir/interpreter.h"

#include <fmt/format.h>

#include "device/kernels/reference/kernels.h"
#include "host/base/error.h"
#include "host/ir/float_kernels.h"
#include "host/ir/verifier.h"

namespace edgesmith::ir {
namespace {

namespace reference = kernels::reference;

bool is_int8(const Graph& graph, const Op& op) {
  return graph.tensor(op.inputs[0]).dtype == DType::s8;
}

std::span<const float> floats(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

/// Calls the reference kernel that belongs to the parameters.
struct Call {
  OpKind kind;
  kernels::Weights weights;
  Span<const std::int8_t> input;
  Span<std::int8_t> output;

  void operator()(const kernels::Conv2dParams& p) const {
    const auto kernel = kind == OpKind::conv2d ? reference::conv2d_s8 : reference::depthwise_conv2d_s8;
    kernel(p, weights, input, output);
  }
  void operator()(const kernels::FullyConnectedParams& p) const {
    reference::fully_connected_s8(p, weights, input, output);
  }
  void operator()(const kernels::Pool2dParams& p) const {
    const auto kernel = kind == OpKind::max_pool2d ? reference::max_pool2d_s8 : reference::average_pool2d_s8;
    kernel(p, input, output);
  }
  void operator()(const kernels::MeanParams& p) const {
    reference::mean_s8(p, input, output);
  }
  void operator()(const kernels::SoftmaxParams& p) const {
    reference::softmax_s8(p, input, output);
  }
  void operator()(const kernels::ReshapeParams& p) const {
    reference::reshape_s8(p, input, output);
  }
};

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
  Prepared& prepared = prepared_.emplace_back();
  if (is_int8(graph_, op)) {
    prepared.lowered = lower(graph_, op, rounding);
    prepared.bias = bias_values(graph_, prepared.lowered);
  }
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
    if (is_int8(graph_, graph_.ops[i])) {
      run_int8_op(prepared_[i]);
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
  FloatTensors tensors;
  for (const TensorId id : op.inputs) {
    tensors.inputs.push_back(id == kNoTensor ? std::span<const float>{} : floats(tensor(id)));
  }
  std::vector<std::uint8_t>& output = values_[static_cast<std::size_t>(op.outputs[0])];
  tensors.output = {reinterpret_cast<float*>(output.data()), output.size() / sizeof(float)};
  run_float(graph_, op, tensors);
}

void Interpreter::run_int8_op(const Prepared& prepared) {
  const std::vector<std::uint8_t>& input = tensor(prepared.lowered.input);
  std::vector<std::uint8_t>& output = values_[static_cast<std::size_t>(prepared.lowered.output)];
  const Call call{prepared.lowered.kind,
                  weights_view(graph_, prepared.lowered, prepared.bias),
                  {reinterpret_cast<const std::int8_t*>(input.data()), input.size()},
                  {reinterpret_cast<std::int8_t*>(output.data()), output.size()}};
  std::visit(call, prepared.lowered.params);
}

}  // namespace edgesmith::ir
