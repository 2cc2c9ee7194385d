#pragma once
// Which operators are taken, with which types and ranks: asked of the verifier and of lowering, not written down.

#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::ir {

struct OperatorSupport {
  OpKind kind;
  std::string desk_types;  // that the interpreter runs: "float32, int8", "int8 -> uint8"
  std::string chip_types;  // that device kernels take; empty: none
  std::string ranks;       // of the first input: "4", "1 to 6"; of float32 and int8 alike
  std::string limits;      // attributes and shapes that are not free
};

/// All kinds of operators, in the order of OpKind.
std::vector<OperatorSupport> supported_operators();

}  // namespace edgesmith::ir
