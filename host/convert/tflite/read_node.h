#pragma once
// One operator of a .tflite file -> ir::Op.

#include <optional>
#include <string>
#include <vector>

#include "host/convert/tflite/file_tensors.h"
#include "host/convert/tflite/schema_generated.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

/// Code of the node's operator, or nothing when it names none.
std::optional<int> builtin_code(const wire::Model& model, const wire::Operator& node);
/// For messages: "CONV_2D", or a custom operator's own name.
std::string node_name(const wire::Model& model, const wire::Operator& node);

/// The operator; its tensors are file indices. Nothing for DEQUANTIZE of a constant, which has then become another
/// constant. Throws Refusal for what we do not take.
std::optional<ir::Op> read_node(const wire::Model& model, const wire::Operator& node, FileTensors& tensors);

}  // namespace edgesmith::convert
