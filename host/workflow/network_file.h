#pragma once
// A network file, whatever its format, and its compiled form.

#include <filesystem>
#include <string>
#include <vector>

#include "host/ir/graph.h"
#include "host/plan/compiled_plan.h"
#include "host/workflow/compile_step.h"

namespace edgesmith {

struct NetworkFile {
  std::filesystem::path path;
  /// Sizes that the file leaves open: "NAME=4" of an .onnx dimension, "INPUT:0=4" of one axis there, "INPUT=1x49x10x1"
  /// or "1x49x10x1" (the only input) of a .tflite.
  std::vector<std::string> dims;
};

/// A .tflite or .onnx, told by its content. Errors: "network.dim" for sizes that do not read, and what the converters
/// refuse.
ir::Graph read_network_file(const NetworkFile& file);

/// Writes the network as .tflite; float32 stays float32, int8 stays int8. Errors: what write_tflite() refuses.
void convert_network_file(const NetworkFile& file, const std::filesystem::path& output);

struct NetworkCompileRequest {
  std::string board = "host";
  std::string name;                // of the generated folder and its namespace; empty: the file's
  std::string kernels = "native";  // reference | portable | native: the board's own
  std::string rounding = "tflm_double";
  std::string emit = "cpp";
  std::filesystem::path output;  // empty: nothing is written
};

/// The network after all passes, as a plan of its own. Errors: "target.does_not_fit", and what plan_network() refuses.
CompileResult compile_network_file(const NetworkFile& file, const NetworkCompileRequest& request);

/// Error ("network.rounding").
Rounding rounding_named(const std::string& name);

}  // namespace edgesmith
