#pragma once
// Which version of an operator a node needs: runtimes refuse a version newer than theirs.

#include <string>
#include <utility>
#include <vector>

#include "host/convert/tflite/builtin.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

struct OpVersion {
  Builtin code;
  int number;
  const char* min_runtime;  // TensorFlow Lite release that brought it
  bool operator==(const OpVersion& other) const {
    return code == other.code && number == other.number;
  }
};

/// The lowest version that says what `op` does. Throws Error for an operator without a counterpart.
OpVersion version_of(const ir::Graph& graph, const ir::Op& op);

/// The oldest release that runs all of them.
std::string min_runtime(const std::vector<OpVersion>& versions);

/// Throws the Error of an operator that cannot be written.
[[noreturn]] void refuse_to_write(const ir::Op& op, const std::string& what, const std::string& expected,
                                  const std::string& try_this);

}  // namespace edgesmith::convert
