#pragma once
// Names that generated code cannot carry.

#include <string>

namespace edgesmith::cpp {

/// Whether files, a namespace and functions called so would stand in the way of something: a C++ keyword, a header or a
/// function of the C library, a predefined macro, a CMake target, or a name of the generated folder's own. Upper and
/// lower case count as one, as they do in the file systems of two of three desktops.
bool is_reserved(const std::string& name);

}  // namespace edgesmith::cpp
