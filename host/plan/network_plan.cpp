#include "host/plan/network_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "device/kernels/reference/set.h"
#include "host/base/error.h"
#include "host/ir/diagnostics.h"
#include "host/ir/lowering.h"
#include "host/layout/layout.h"

namespace edgesmith {
namespace {

static_assert(plan::kMaxInputs == kernels::kMaxInputs && plan::kMaxParams == kernels::kMaxParamWords);

/// Appends a constant at the next multiple of 16; answers where.
template <typename T>
std::uint32_t pack(NetworkPlan& plan, const T* values, std::size_t count) {
  while (plan.constants.size() % plan::kSectionAlignment != 0)
    plan.constants.push_back(0);
  const auto offset = static_cast<std::uint32_t>(plan.constants.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
  plan.constants.insert(plan.constants.end(), bytes, bytes + count * sizeof(T));
  return offset;
}

void place_layer(const ir::LoweredOp& op, NetworkPlan& plan, plan::TargetOp& place) {
  place.output_channels = static_cast<std::uint32_t>(op.multiplier.size());
  place.weights_offset = pack(plan, op.weights.data(), op.weights.size());
  place.weights_bytes = static_cast<std::uint32_t>(op.weights.size());
  place.bias_offset = pack(plan, op.bias.data(), op.bias.size());
  place.multiplier_offset = pack(plan, op.multiplier.data(), op.multiplier.size());
  place.shift_offset = pack(plan, op.shift.data(), op.shift.size());
}

std::uint32_t bytes_of(const ir::Tensor& tensor) {
  return static_cast<std::uint32_t>(ir::tensor_bytes(tensor));
}

std::uint32_t offset_of(const layout::Layout& layout, ir::TensorId id) {
  return static_cast<std::uint32_t>(layout.offsets[static_cast<std::size_t>(id)]);
}

std::string shapes_text(const ir::Graph& graph, const ir::LoweredOp& op) {
  std::vector<std::string> inputs;
  for (const ir::TensorId id : op.inputs)
    inputs.push_back(ir::shape_text(graph.tensor(id).shape));
  return fmt::format("{} -> {}", fmt::join(inputs, ", "), ir::shape_text(graph.tensor(op.output).shape));
}

void add_op(const ir::Graph& graph, const layout::Layout& layout, const ir::Op& op, NetworkPlan& plan) {
  if (!ir::has_kernel(graph, op)) {
    ir::refuse(graph, op, "no_kernel",
               {.what = "no kernel computes this operator on these types",
                .expected = "int8 between the network's ends",
                .found = ir::dtype_name(graph.tensor(op.inputs[0]).dtype),
                .try_this = "quantise the network to int8; float32 networks run on the desk, with `edgesmith run`"});
  }
  const ir::LoweredOp lowered = ir::lower(graph, op, plan.rounding);
  plan::ContractOp contract = {};
  plan::TargetOp place = {};
  contract.code = lowered.op.code;
  std::memcpy(contract.params, lowered.op.params, sizeof contract.params);
  contract.input_count = static_cast<std::uint32_t>(lowered.inputs.size());
  for (std::size_t i = 0; i < lowered.inputs.size(); ++i) {
    const ir::Tensor& input = graph.tensor(lowered.inputs[i]);
    contract.input_bytes[i] = bytes_of(input);
    place.input_offsets[i] = input.constant() ? pack(plan, input.data.data(), input.data.size()) | plan::kInConstants
                                              : offset_of(layout, lowered.inputs[i]);
  }
  contract.output_bytes = bytes_of(graph.tensor(lowered.output));
  place.output_offset = offset_of(layout, lowered.output);
  if (!lowered.weights.empty()) place_layer(lowered, plan, place);
  plan.ops.push_back(contract);
  plan.places.push_back(place);
  plan.labels.push_back(
      {op.name.empty() ? ir::op_name(op.kind) : op.name, shapes_text(graph, lowered), op.source_index});
}

plan::DType plan_dtype(const ir::Graph& graph, const ir::Tensor& tensor) {
  switch (tensor.dtype) {
    case ir::DType::s8:
      return plan::DType::s8;
    case ir::DType::u8:
      return plan::DType::u8;
    case ir::DType::f32:
      return plan::DType::f32;
    case ir::DType::f16:
    case ir::DType::s16:
    case ir::DType::s32:
      break;
  }
  throw Error({.code = "plan.tensor",
               .what = fmt::format("'{}', at the network's end, has a type that plans do not carry", tensor.name),
               .where = graph.name,
               .expected = "int8, uint8 or float32",
               .found = ir::dtype_name(tensor.dtype)});
}

plan::TensorRecord tensor_record(const ir::Graph& graph, const ir::Tensor& tensor, plan::Meaning meaning) {
  plan::TensorRecord record = {};
  if (tensor.shape.size() > std::size(record.dims)) {
    throw Error({.code = "plan.tensor",
                 .what = fmt::format("'{}', at the network's end, has too many dimensions", tensor.name),
                 .where = graph.name,
                 .expected = "at most four",
                 .found = ir::shape_text(tensor.shape)});
  }
  std::fill(std::begin(record.dims), std::end(record.dims), 1u);
  std::transform(tensor.shape.rbegin(), tensor.shape.rend(), std::rbegin(record.dims),
                 [](std::int64_t dim) { return static_cast<std::uint32_t>(dim); });
  const ir::Quantization& quantization = tensor.quantization;
  record.scale = quantization.empty() ? 0.0f : quantization.scale[0];
  record.zero_point = quantization.empty() ? 0 : static_cast<std::int32_t>(quantization.zero_point[0]);
  record.meaning = static_cast<std::uint32_t>(meaning);
  record.dtype = static_cast<std::uint32_t>(plan_dtype(graph, tensor));
  return record;
}

std::vector<NetworkEnd> ends(const ir::Graph& graph, const layout::Layout& layout, const std::vector<ir::TensorId>& ids,
                             plan::Meaning meaning) {
  std::vector<NetworkEnd> ends;
  for (const ir::TensorId id : ids) {
    const ir::Tensor& tensor = graph.tensor(id);
    ends.push_back({tensor.name, tensor_record(graph, tensor, meaning), offset_of(layout, id), bytes_of(tensor)});
  }
  return ends;
}

/// The operators that write and last read a tensor; network inputs are there from the start.
void set_lifetime(const ir::Graph& graph, ir::TensorId id, ArenaTensor& place) {
  const auto uses = [id](const std::vector<ir::TensorId>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  for (std::size_t i = 0; i < graph.ops.size(); ++i) {
    if (uses(graph.ops[i].outputs)) place.first_op = place.last_op = static_cast<int>(i);
    if (uses(graph.ops[i].inputs)) place.last_op = static_cast<int>(i);
  }
}

std::vector<ArenaTensor> arena_map(const ir::Graph& graph, const layout::Layout& layout) {
  std::vector<ArenaTensor> map;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    if (layout.offsets[t] == layout::kNoOffset) continue;
    ArenaTensor place = {graph.tensors[t].name, ir::shape_text(graph.tensors[t].shape),
                         static_cast<std::uint32_t>(layout.offsets[t]),
                         static_cast<std::uint32_t>(ir::tensor_bytes(graph.tensors[t]))};
    set_lifetime(graph, static_cast<ir::TensorId>(t), place);
    map.push_back(place);
  }
  return map;
}

}  // namespace

NetworkPlan plan_network(const ir::Graph& network, const NetworkOptions& options) {
  NetworkPlan plan;
  plan.rounding = options.rounding;
  plan.kernels = options.kernels != nullptr ? options.kernels : &kernels::reference::kSet;
  const layout::Layout layout = layout::plan_arena(network, {.reorder = false});
  plan.inputs = ends(network, layout, network.inputs, plan::Meaning::input);
  plan.outputs = ends(network, layout, network.outputs, plan::Meaning::output);
  for (const ir::Op& op : network.ops)
    add_op(network, layout, op, plan);
  plan.arena_bytes = static_cast<std::uint32_t>(layout.arena_bytes);
  plan.arena = arena_map(network, layout);
  plan.lower_bound_bytes = static_cast<std::uint32_t>(layout.lower_bound.bytes);
  return plan;
}

}  // namespace edgesmith
