#pragma once
// One tensor of a .tflite file -> ir::Tensor.

#include <string>

#include "host/convert/tflite/schema_generated.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

/// A name fit for messages, JSON and comments: printable ASCII only, at most 200 characters.
std::string printable(const flatbuffers::String* name);

/// Tensor `index` of `subgraph`, with its bytes if it is a constant. `model` has passed the FlatBuffers verifier.
/// Throws Refusal for what is wrong with the file or beyond us: types, shapes, buffers, scales.
ir::Tensor read_tensor(const wire::Model& model, const wire::SubGraph& subgraph, int index);

}  // namespace edgesmith::convert
