#pragma once
// One operator of a .tflite file -> ir::Op.

#include <optional>
#include <string>
#include <vector>

#include "host/convert/tflite/schema_generated.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

/// The file's tensors, read when a node first asks for them. Ids are indices in the file.
class FileTensors {
 public:
  FileTensors(const wire::Model& model, const wire::SubGraph& subgraph);
  /// Throws Refusal if the tensor cannot be taken.
  const ir::Tensor& read(int index);
  /// As read() has left it; nothing when nobody asked.
  const std::optional<ir::Tensor>& at(int index) const {
    return tensors_[static_cast<std::size_t>(index)];
  }
  int count() const {
    return static_cast<int>(tensors_.size());
  }

 private:
  const wire::Model& model_;
  const wire::SubGraph& subgraph_;
  std::vector<std::optional<ir::Tensor>> tensors_;
};

/// Code of the node's operator, or nothing when it names none.
std::optional<int> builtin_code(const wire::Model& model, const wire::Operator& node);
/// For messages: "CONV_2D", or a custom operator's own name.
std::string node_name(const wire::Model& model, const wire::Operator& node);

/// The operator; its tensors are file indices. Throws Refusal for what we do not take.
ir::Op read_node(const wire::Model& model, const wire::Operator& node, FileTensors& tensors);

}  // namespace edgesmith::convert
