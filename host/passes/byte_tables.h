#pragma once
// Operators that are functions of one int8 or uint8 value, as tables.

#include <optional>
#include <vector>

#include "host/ir/unary_tables.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {

/// Of LOOKUPs and all that become one; nothing for other operators. Throws Error as unary_table() does.
std::optional<ir::UnaryTable> byte_table(const ir::Graph& graph, const ir::Op& op, Rounding rounding);

/// Of the two operators, one after the other: the first reads bytes, the second writes them.
ir::UnaryTable byte_table_through(const ir::Graph& graph, const ir::Op& first, const ir::Op& second, Rounding rounding);

/// Makes `op`, whatever it is, a LOOKUP in `table` of what `input` holds. Its output stays.
void make_lookup(ir::Graph& graph, ir::Op& op, ir::TensorId input, const ir::UnaryTable& table);

}  // namespace edgesmith::passes
