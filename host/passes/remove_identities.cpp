#include <optional>

#include "host/ir/dimensions.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

using ir::OpKind;

/// Do the values stay in their order in memory? Dimensions of 1 may have moved.
bool keeps_order(const ir::Graph& graph, const ir::Op& op) {
  return op.kind == OpKind::transpose &&
         ir::merged_transpose(graph.tensor(op.inputs[0]).shape, op.attributes.permutation).dims.size() <= 1;
}

/// Does it copy every byte and change no shape?
bool copies(const ir::Graph& graph, const ir::Op& op) {
  if (graph.tensor(op.inputs[0]).shape != graph.tensor(op.outputs[0]).shape) return false;
  return op.kind == OpKind::reshape || keeps_order(graph, op) || op.kind == OpKind::pad;
}

/// A RESHAPE of a RESHAPE reads what the first one reads.
bool skip_reshape(ir::Graph& graph, ir::Op& op) {
  if (op.kind != OpKind::reshape) return false;
  const std::optional<std::size_t> producer = producer_of(graph, op.inputs[0]);
  if (!producer || graph.ops[*producer].kind != OpKind::reshape) return false;
  op.inputs[0] = graph.ops[*producer].inputs[0];
  return true;
}

bool become_reshape(const ir::Graph& graph, ir::Op& op) {
  if (!keeps_order(graph, op)) return false;
  op.kind = OpKind::reshape;
  op.source_kind = ir::op_name(OpKind::transpose);
  op.attributes = {};
  return true;
}

}  // namespace

bool remove_identities(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    if (copies(graph, graph.ops[i]) && remove_identity(graph, i)) {
      changed = true;
      continue;
    }
    changed = become_reshape(graph, graph.ops[i]) || changed;
    changed = skip_reshape(graph, graph.ops[i]) || changed;
    ++i;
  }
  return changed;
}

}  // namespace edgesmith::passes
