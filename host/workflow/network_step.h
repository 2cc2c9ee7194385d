#pragma once
// run: a network file by itself.

#include <filesystem>
#include <string>
#include <vector>

#include "host/workflow/network_file.h"

namespace edgesmith {

struct NetworkRunRequest {
  NetworkFile model;
  std::vector<std::filesystem::path> inputs;   // one for each of the network's inputs
  std::vector<std::filesystem::path> outputs;  // one for each of its outputs
  std::filesystem::path tensors;               // folder for every operator's output; empty: none
  std::string via = "interpreter";             // interpreter | plan | cpp
  std::string kernels = "native";              // reference | portable | native
  std::string board = "host";
  std::string rounding = "tflm_double";
};

struct TensorText {
  std::string name, shape, dtype, file;
};

struct NetworkRun {
  std::vector<TensorText> inputs, outputs;
  std::string via, kernels, board;
  std::uint32_t inferences = 0;
  std::uint32_t stack_bytes = 0;  // run()'s own; 0 where it was not measured
  std::uint32_t tensors = 0;      // operators' outputs that were written
};

/// Runs a network on files. One ending in .npy is NumPy's; any other name is raw little-endian in the tensor's own
/// dtype. A file may hold several inputs back to back: then there are as many outputs in the output file. Operator
/// outputs become <tensors>/opN.bin, N being the operator's index in the model file.
/// Errors name the shape or number of bytes that is expected; "run.pair" for via, kernels and board that do not go
/// together: the interpreter runs on the host with reference kernels, generated C++ takes portable or native ones.
NetworkRun run_network_file(const NetworkRunRequest& request);

}  // namespace edgesmith
