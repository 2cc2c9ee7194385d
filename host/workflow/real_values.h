#pragma once
// Tensors as the real numbers that they stand for.

#include <filesystem>
#include <vector>

#include "host/base/files.h"
#include "host/ir/graph.h"

namespace edgesmith {

/// real = scale * (q - zero_point) of an int8 or uint8 tensor; float32 as it is. Errors ("tensor.dtype") for others.
std::vector<double> real_values(const ir::Tensor& tensor, const Bytes& bytes);

/// The way back: the nearest that the tensor can hold.
Bytes stored(const ir::Tensor& tensor, const std::vector<double>& real);

/// Values put into the tensor as they are: q, or float32.
Bytes stored_values(const ir::Tensor& tensor, const std::vector<double>& values);

/// A file with the tensor's own dtype, or float32 whatever that is; see read_tensors().
std::vector<double> read_real_values(const std::filesystem::path& file, const ir::Tensor& tensor);

/// The network in float32 throughout: weights as their scales say, no rounding between operators.
ir::Graph in_real_numbers(const ir::Graph& graph);

}  // namespace edgesmith
