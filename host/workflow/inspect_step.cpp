#include "host/workflow/inspect_step.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/convert/problems.h"
#include "host/ir/cost.h"
#include "host/ir/lowering.h"
#include "host/ir/text.h"

namespace edgesmith {
namespace {

using Json = nlohmann::ordered_json;

Json tensor_json(const ir::Tensor& tensor) {
  Json json = {{"name", tensor.name}, {"dtype", ir::dtype_name(tensor.dtype)}, {"shape", tensor.shape}};
  if (tensor.constant()) json["bytes"] = tensor.data.size();
  if (tensor.quantization.empty()) return json;
  json["scale"] = tensor.quantization.scale;
  json["zero_point"] = tensor.quantization.zero_point;
  if (tensor.quantization.scale.size() > 1) json["axis"] = tensor.quantization.axis;
  return json;
}

Json tensors_json(const ir::Graph& graph, const std::vector<ir::TensorId>& ids) {
  Json list = Json::array();
  for (const ir::TensorId id : ids) {
    if (id != ir::kNoTensor) list.push_back(tensor_json(graph.tensor(id)));
  }
  return list;
}

std::int64_t constant_bytes(const ir::Graph& graph) {
  std::int64_t bytes = 0;
  for (const ir::Tensor& tensor : graph.tensors)
    bytes += static_cast<std::int64_t>(tensor.data.size());
  return bytes;
}

/// Why no kernel takes the operator; nothing when one does.
Json refusal_json(const ir::Graph& graph, const ir::Op& op) {
  Json json = {{"node", op.source_index}, {"op", ir::op_name(op.kind)}};
  if (!ir::has_kernel(graph, op)) {
    json["why"] = "it computes in " + std::string(ir::dtype_name(graph.tensor(op.inputs[0]).dtype));
    json["try"] = "quantise the network to int8; on the desk it runs as it is";
    return json;
  }
  try {
    ir::lower(graph, op, Rounding::tflm_double);
    return nullptr;
  } catch (const Error& error) {
    json["why"] = error.text.what;
    json["try"] = error.text.try_this;
    return json;
  }
}

std::string network_text(const ir::Graph& graph) {
  return ir::to_text(graph) +
         fmt::format("{} multiply-accumulates, {} bytes of constants\n", ir::macs(graph), constant_bytes(graph));
}

Json network_json(const ir::Graph& graph) {
  Json ops = Json::array(), supported = Json::array(), unsupported = Json::array();
  for (const ir::Op& op : graph.ops) {
    ops.push_back({{"node", op.source_index},
                   {"op", ir::op_name(op.kind)},
                   {"name", op.name},
                   {"inputs", tensors_json(graph, op.inputs)},
                   {"outputs", tensors_json(graph, op.outputs)},
                   {"macs", ir::macs(graph, op)}});
    const Json refusal = refusal_json(graph, op);
    if (refusal.is_null()) {
      supported.push_back(op.source_index);
    } else {
      unsupported.push_back(refusal);
    }
  }
  return {{"network", graph.name},
          {"inputs", tensors_json(graph, graph.inputs)},
          {"outputs", tensors_json(graph, graph.outputs)},
          {"ops", ops},
          {"macs", ir::macs(graph)},
          {"constant_bytes", constant_bytes(graph)},
          {"supported", supported},
          {"unsupported", unsupported}};
}

Json refusals_json(const convert::RefusedFile& refused) {
  Json list = Json::array();
  for (const convert::RefusedNodes& reason : refused.reasons) {
    const Json why = {{"op", reason.op_name},
                      {"why", reason.refusal.what},
                      {"expected", reason.refusal.expected},
                      {"try", reason.refusal.try_this}};
    if (reason.nodes.empty()) list.push_back(why);
    for (const std::string& node : reason.nodes) {
      list.push_back({{"node", node}});
      list.back().update(why);
    }
  }
  return list;
}

}  // namespace

Inspection inspect_network_file(const NetworkFile& file) {
  try {
    const ir::Graph graph = read_network_file(file);
    return {network_json(graph), network_text(graph)};
  } catch (const convert::RefusedFile& refused) {
    return {{{"network", file.path.filename().string()},
             {"supported", Json::array()},
             {"unsupported", refusals_json(refused)}},
            refused.text.what + "\n" + (refused.text.found.empty() ? "" : refused.text.found + "\n")};
  }
}

}  // namespace edgesmith
