#pragma once
// run and inspect: a network file by itself.

#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith {

struct NetworkRun {
  std::string input_shape, input_dtype, output_shape, output_dtype;
};

/// Runs a .tflite once through the interpreter. Files ending in .npy are NumPy's; any other name is raw little-endian
/// in the tensor's own dtype. Errors name the shape or number of bytes that is expected.
NetworkRun run_network_file(const std::filesystem::path& model, const std::filesystem::path& input,
                            const std::filesystem::path& output);

/// Tensors and operators of a .tflite, one line each.
std::string network_text(const std::filesystem::path& model);

}  // namespace edgesmith
