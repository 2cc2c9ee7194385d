#include "host/ir/diagnostics.h"

#include <fmt/format.h>

namespace edgesmith::ir {

std::string place_text(const Graph& graph, const Op& op) {
  const bool known = &op >= graph.ops.data() && &op < graph.ops.data() + graph.ops.size();
  const std::string number = known ? fmt::format(" {}", &op - graph.ops.data()) : "";
  const std::string name = op.name.empty() ? "" : fmt::format(" '{}'", op.name);
  const std::string graph_name = graph.name.empty() ? "" : graph.name + ": ";
  return fmt::format("{}op{}{} ({})", graph_name, number, name, op_name(op.kind));
}

std::string tensor_text(const Graph& graph, TensorId id) {
  const Tensor& tensor = graph.tensor(id);
  return fmt::format("tensor '{}' ({} {})", tensor.name, dtype_name(tensor.dtype), shape_text(tensor.shape));
}

void refuse(const Graph& graph, const Op& op, const std::string& reason, ErrorText text) {
  text.code = "graph." + reason;
  text.where = place_text(graph, op);
  throw Error(std::move(text));
}

}  // namespace edgesmith::ir
