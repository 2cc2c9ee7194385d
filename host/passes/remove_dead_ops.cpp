#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {

bool remove_dead_ops(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = graph.ops.size(); i-- > 0;) {
    if (readers(graph, graph.ops[i].outputs[0]) > 0) continue;
    erase_op(graph, i);
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
