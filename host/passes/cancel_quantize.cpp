// Between DEQUANTIZE and QUANTIZE there are 256 values at most, so both together are a table, whatever the scales.
// Where nothing changes the table is the identity, which make_lookups() takes out.

#include "host/passes/byte_tables.h"
#include "host/passes/passes.h"

namespace edgesmith::passes {

bool cancel_quantize(ir::Graph& graph, Rounding rounding) {
  bool changed = false;
  for (ir::Op& op : graph.ops) {
    if (op.kind != ir::OpKind::quantize) continue;
    const std::optional<std::size_t> producer = producer_of(graph, op.inputs[0]);
    if (!producer || graph.ops[*producer].kind != ir::OpKind::dequantize) continue;
    const ir::Op dequantize = graph.ops[*producer];
    if (graph.tensor(dequantize.inputs[0]).dtype == ir::DType::f16) continue;
    make_lookup(graph, op, dequantize.inputs[0], byte_table_through(graph, dequantize, op, rounding));
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
