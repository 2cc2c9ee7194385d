#pragma once
// A network file, whatever its format, and its compiled form.

#include <filesystem>
#include <string>

#include "host/ir/graph.h"
#include "host/plan/compiled_plan.h"
#include "host/workflow/compile_step.h"

namespace edgesmith {

/// A .tflite, told by its content. Errors: "network.format", and what the converters refuse.
ir::Graph read_network_file(const std::filesystem::path& model);

struct NetworkCompileRequest {
  std::string board = "host";
  std::string name;                // of the generated folder and its namespace; empty: the file's
  std::string kernels = "native";  // reference | portable | native: the board's own
  std::string rounding = "tflm_double";
  std::string emit = "cpp";
  std::filesystem::path output;  // empty: nothing is written
};

/// The network after all passes, as a plan of its own. Errors: "target.does_not_fit", and what plan_network() refuses.
CompileResult compile_network_file(const std::filesystem::path& model, const NetworkCompileRequest& request);

/// Error ("network.rounding").
Rounding rounding_named(const std::string& name);

}  // namespace edgesmith
