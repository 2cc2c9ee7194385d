#include "host/plan/network_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "device/kernels/portable/set.h"
#include "host/base/error.h"
#include "host/ir/cost.h"
#include "host/ir/diagnostics.h"
#include "host/ir/lowering.h"
#include "host/ir/text.h"
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

ir::LoweredOp lowered_op(const ir::Graph& graph, const ir::Op& op, Rounding rounding) {
  if (ir::has_kernel(graph, op)) return ir::lower(graph, op, rounding);
  ir::refuse(
      graph, op, "no_kernel",
      {.what = "no kernel computes this operator on these types",
       .expected = "int8 between the network's ends",
       .found = ir::dtype_name(graph.tensor(op.inputs[0]).dtype),
       .try_this = op.kind == ir::OpKind::softmax
                       ? "quantise the SOFTMAX too, or export without it: the best class is the same"
                       : "quantise the network to int8; float32 networks run on the desk, with `edgesmith run`"});
}

/// The operators as kernel calls, and where the layout put what they work on.
struct Placed {
  const ir::Graph& graph;
  const std::vector<ir::LoweredOp>& lowered;  // as graph.ops
  layout::Layout layout;
};

std::optional<std::ptrdiff_t> distance(std::uint32_t overlap_bytes) {
  if (overlap_bytes == kernels::kNoOverlap) return {};
  return overlap_bytes;
}

/// Asks the kernel set how the output of an operator may lie over an input, and what scratch it needs.
layout::Layout place(const ir::Graph& graph, const std::vector<ir::LoweredOp>& lowered,
                     const kernels::KernelSet& kernels) {
  const auto call_of = [&](const ir::Op& op) -> const ir::LoweredOp& {
    return lowered[static_cast<std::size_t>(&op - graph.ops.data())];
  };
  layout::Options options;
  options.overlap = [&](const ir::Op& op, std::size_t input_index) -> layout::Overlap {
    const ir::LoweredOp& call = call_of(op);
    const auto at = std::find(call.inputs.begin(), call.inputs.end(), op.inputs[input_index]);
    if (at == call.inputs.end()) return {};
    const auto input = static_cast<std::uint32_t>(at - call.inputs.begin());
    return {.forwards = distance(kernels.overlap_bytes(call.op, input)),
            .backwards = distance(kernels.overlap_backwards_bytes(call.op, input))};
  };
  options.scratch = [&](const ir::Op& op) { return kernels.scratch_bytes(call_of(op).op); };
  return layout::plan_arena(graph, options);
}

void add_op(const Placed& placed, std::size_t index, NetworkPlan& plan) {
  const ir::Graph& graph = placed.graph;
  const ir::Op& op = graph.ops[index];
  const ir::LoweredOp& lowered = placed.lowered[index];
  plan::ContractOp contract = {};
  plan::TargetOp place = {};
  contract.code = lowered.op.code;
  std::memcpy(contract.params, lowered.op.params, sizeof contract.params);
  contract.input_count = static_cast<std::uint32_t>(lowered.inputs.size());
  for (std::size_t i = 0; i < lowered.inputs.size(); ++i) {
    const ir::Tensor& input = graph.tensor(lowered.inputs[i]);
    contract.input_bytes[i] = bytes_of(input);
    place.input_offsets[i] = input.constant() ? pack(plan, input.data.data(), input.data.size()) | plan::kInConstants
                                              : offset_of(placed.layout, lowered.inputs[i]);
  }
  contract.output_bytes = bytes_of(graph.tensor(lowered.output));
  place.output_offset = offset_of(placed.layout, lowered.output);
  place.scratch_bytes = plan.kernels->scratch_bytes(lowered.op);
  if (place.scratch_bytes > 0) place.scratch_offset = static_cast<std::uint32_t>(placed.layout.scratch_offsets[index]);
  if (!lowered.weights.empty()) place_layer(lowered, plan, place);
  plan.ops.push_back(contract);
  plan.places.push_back(place);
  plan.labels.push_back(
      {op.name.empty() ? ir::op_name(op.kind) : ir::short_name(op.name), shapes_text(graph, lowered), op.source_index});
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
  plan.macs = ir::macs(network);
  plan.kernels = options.kernels != nullptr ? options.kernels : &kernels::portable::kSet;
  std::vector<ir::LoweredOp> lowered;
  for (const ir::Op& op : network.ops)
    lowered.push_back(lowered_op(network, op, plan.rounding));
  const Placed placed{network, lowered, place(network, lowered, *plan.kernels)};
  const layout::Layout& layout = placed.layout;
  plan.inputs = ends(network, layout, network.inputs, plan::Meaning::input);
  plan.outputs = ends(network, layout, network.outputs, plan::Meaning::output);
  for (const std::size_t index : layout.order)
    add_op(placed, index, plan);
  plan.arena_bytes = static_cast<std::uint32_t>(layout.arena_bytes);
  plan.arena = arena_map(layout::reorder(network, layout.order), layout);
  plan.lower_bound = {static_cast<std::uint32_t>(layout.lower_bound.bytes),
                      layout::bound_text(network, layout.lower_bound)};
  plan.lower_bound_inplace = {static_cast<std::uint32_t>(layout.lower_bound_inplace.bytes),
                              layout::bound_text(network, layout.lower_bound_inplace)};
  return plan;
}

}  // namespace edgesmith
