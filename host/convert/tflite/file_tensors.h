#pragma once
// The tensors of a .tflite file on their way into a graph.

#include <map>
#include <optional>
#include <vector>

#include "host/convert/tflite/schema_generated.h"
#include "host/ir/graph.h"
#include "host/ir/shapes.h"

namespace edgesmith::convert {

/// Read when a node first asks for them. Ids are indices in the file; what import adds itself comes behind those.
class FileTensors {
 public:
  FileTensors(const wire::Model& model, const wire::SubGraph& subgraph);

  /// Throws Refusal if the tensor cannot be taken.
  const ir::Tensor& read(int index);
  /// Was it read, or added?
  bool known(int index) const {
    return known_[static_cast<std::size_t>(index)];
  }
  int count() const {
    return static_cast<int>(graph_.tensors.size());
  }
  /// A float32 constant with the values of constant `index`, which is float16 or quantised; always the same one.
  /// Throws Refusal for a constant without scale, or with infinite values.
  ir::TensorId widened(int index);
  /// Makes tensor `index`, which no node writes any more, a constant with the values of constant `from`.
  void become_constant(int index, ir::TensorId from);

  /// From now on shapes follow from those of the inputs: the file's are those of another size.
  void set_input_shape(int index, ir::Shape shape);
  bool shapes_follow_inputs() const {
    return shapes_follow_inputs_;
  }
  void set_shape(int index, ir::Shape shape);

  /// All tensors with the file's indices as ids; those that nobody has read are empty. Without operators.
  const ir::Graph& graph() const {
    return graph_;
  }

 private:
  const wire::Model& model_;
  const wire::SubGraph& subgraph_;
  ir::Graph graph_;
  std::vector<bool> known_;
  std::map<int, ir::TensorId> widened_;
  bool shapes_follow_inputs_ = false;
};

}  // namespace edgesmith::convert
