#pragma once
// What several passes need to know of a graph, and do to it.
//
// An operator's source_index tells which of the file's tensors it writes. So it goes with the tensor: whoever writes an
// operator's output from now on takes its source_index over.

#include <cstddef>
#include <cstring>
#include <optional>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::passes {

/// How many operators read `tensor`; being an output of the network counts as one more.
int readers(const ir::Graph& graph, ir::TensorId tensor);

bool is_output(const ir::Graph& graph, ir::TensorId tensor);

/// Place of the operator that writes `tensor` in graph.ops; nothing for inputs and constants.
std::optional<std::size_t> producer_of(const ir::Graph& graph, ir::TensorId tensor);

/// The operator that writes what `op` reads, if nobody else reads it: `op` may then be merged into it unnoticed. Else
/// null.
ir::Op* sole_producer(ir::Graph& graph, const ir::Op& op);

/// Takes operator `op_index` out; `producer`, which fed it, writes its output from now on.
void bypass(ir::Graph& graph, ir::Op& producer, std::size_t op_index);

void erase_op(ir::Graph& graph, std::size_t op_index);

/// Operators that read `from` read `to` instead.
void redirect_readers(ir::Graph& graph, ir::TensorId from, ir::TensorId to);

/// Takes out operator `op_index`, whose output holds the bytes of its first input. False: the two tensors mean
/// different things, or both have to stay since both are ends of the network.
bool remove_identity(ir::Graph& graph, std::size_t op_index);

/// Removes tensors that no operator and no end of the network names, and renumbers the others.
void drop_unused_tensors(ir::Graph& graph);

/// Of a layer with weights; kNoTensor: it has none.
ir::TensorId bias_of(const ir::Op& op);

/// The values of a constant whose type is T.
template <typename T>
std::vector<T> values_of(const ir::Tensor& constant) {
  std::vector<T> values(constant.data.size() / sizeof(T));
  std::memcpy(values.data(), constant.data.data(), constant.data.size());
  return values;
}

template <typename T>
void set_values(ir::Tensor& constant, const std::vector<T>& values) {
  constant.data.resize(values.size() * sizeof(T));
  std::memcpy(constant.data.data(), values.data(), constant.data.size());
}

}  // namespace edgesmith::passes
