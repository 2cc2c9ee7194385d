#include "host/passes/byte_tables.h"
#include "host/passes/passes.h"

namespace edgesmith::passes {
namespace {

bool is_identity(const ir::UnaryTable& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] != i) return false;
  }
  return true;
}

ir::UnaryTable chained(const ir::UnaryTable& first, const ir::UnaryTable& second) {
  ir::UnaryTable both;
  for (std::size_t i = 0; i < both.size(); ++i)
    both[i] = second[first[i]];
  return both;
}

/// One table instead of two.
bool merge(ir::Graph& graph, std::size_t op_index, const ir::UnaryTable& table) {
  ir::Op& op = graph.ops[op_index];
  ir::Op* producer = sole_producer(graph, op);
  if (!producer || producer->kind != ir::OpKind::lookup) return false;
  const ir::UnaryTable first = *byte_table(graph, *producer, Rounding::tflm_double);
  const std::size_t producer_index = *producer_of(graph, op.inputs[0]);
  make_lookup(graph, op, producer->inputs[0], chained(first, table));
  erase_op(graph, producer_index);
  return true;
}

}  // namespace

bool make_lookups(ir::Graph& graph, Rounding rounding) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    ir::Op& op = graph.ops[i];
    const std::optional<ir::UnaryTable> table = byte_table(graph, op, rounding);
    if (!table) {
      ++i;
    } else if ((is_identity(*table) && remove_identity(graph, i)) || merge(graph, i, *table)) {
      changed = true;  // what stood behind it stands at i now, or it itself at i - 1
    } else {
      if (op.kind != ir::OpKind::lookup) {
        make_lookup(graph, op, op.inputs[0], *table);
        changed = true;
      }
      ++i;
    }
  }
  return changed;
}

}  // namespace edgesmith::passes
