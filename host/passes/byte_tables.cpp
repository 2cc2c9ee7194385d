#include "host/passes/byte_tables.h"

#include <algorithm>
#include <numeric>

#include "host/ir/interpreter.h"

namespace edgesmith::passes {

std::optional<ir::UnaryTable> byte_table(const ir::Graph& graph, const ir::Op& op, Rounding rounding) {
  if (ir::is_unary_on_bytes(graph, op)) return ir::unary_table(graph, op, rounding);
  if (op.kind != ir::OpKind::lookup) return std::nullopt;
  ir::UnaryTable table;
  std::copy_n(graph.tensor(op.inputs[1]).data.begin(), table.size(), table.begin());
  return table;
}

ir::UnaryTable byte_table_through(const ir::Graph& graph, const ir::Op& first, const ir::Op& second,
                                  Rounding rounding) {
  ir::UnaryTable table;
  ir::Graph pair;
  for (const ir::TensorId id : {first.inputs[0], first.outputs[0], second.outputs[0]}) {
    pair.add(graph.tensor(id));
    pair.tensors.back().shape = {static_cast<std::int64_t>(table.size())};
    pair.tensors.back().data.clear();
  }
  pair.ops = {first, second};
  pair.ops[0].inputs = pair.inputs = {0};
  pair.ops[0].outputs = pair.ops[1].inputs = {1};
  pair.ops[1].outputs = pair.outputs = {2};
  std::vector<std::uint8_t> every_byte(table.size());
  std::iota(every_byte.begin(), every_byte.end(), std::uint8_t{0});
  const std::vector<std::uint8_t> answers = ir::Interpreter(pair, rounding).run({every_byte})[0];
  std::copy(answers.begin(), answers.end(), table.begin());
  return table;
}

void make_lookup(ir::Graph& graph, ir::Op& op, ir::TensorId input, const ir::UnaryTable& table) {
  ir::Tensor constant = graph.tensor(op.outputs[0]);
  constant.name += "/table";
  constant.shape = {static_cast<std::int64_t>(table.size())};
  constant.data.assign(table.begin(), table.end());
  if (op.source_kind.empty() && op.kind != ir::OpKind::lookup) op.source_kind = ir::op_name(op.kind);
  op.kind = ir::OpKind::lookup;
  op.attributes = {};
  op.inputs = {input, graph.add(std::move(constant))};
}

}  // namespace edgesmith::passes
