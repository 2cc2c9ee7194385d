#pragma once
// Tensors in files: .npy by its ending, any other name is raw little-endian.

#include <filesystem>

#include "host/base/files.h"
#include "host/ir/graph.h"

namespace edgesmith {

/// Bytes of one or more such tensors, back to back; in an .npy file more than one are a further leading dimension, or
/// a larger first one. Error ("run.input") when the file holds another dtype or no whole number of tensors.
Bytes read_tensors(const std::filesystem::path& file, const ir::Tensor& tensor);

/// `bytes` holds one or more of `tensor`.
void write_tensors(const std::filesystem::path& file, const ir::Tensor& tensor, const Bytes& bytes);

}  // namespace edgesmith
