#pragma once
// A plan as a self-contained folder of C++: prints constants, computes none.

#include <map>
#include <string>

#include "host/plan/compiled_plan.h"

namespace edgesmith {

/// Path in the folder -> content. The same plan and note give the same bytes.
///   <name>.h             what an application includes, from C++ or C
///   <name>.cpp           the plan's constants; of a bare network, its arena
///   <name>_network.cpp   weights, and the operators in order
///   <name>_c.cpp         the C face (of a bare network, in <name>.cpp)
///   main.cpp             checks the self-test vector
///   device/...           the part of the runtime that this plan needs
///   CMakeLists.txt, LICENSE
/// made_by: the command line, printed on top of every file.
std::map<std::string, std::string> emit_cpp(const CompiledPlan& plan, const std::string& made_by);

/// The project's name as a C++ identifier: "kws-2" -> "kws_2"; one that is taken gets an ending, "new" -> "new_model".
std::string identifier(const std::string& name);

}  // namespace edgesmith
