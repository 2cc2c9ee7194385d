#pragma once
// docs/reference/operators.md.

#include <string>

namespace edgesmith {

/// Which operators of which files are taken, with which types, ranks and limits, and which kernels run them (Markdown).
std::string operators_reference();

}  // namespace edgesmith
