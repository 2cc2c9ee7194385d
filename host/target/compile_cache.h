#pragma once
// Runs a compiler over sources, two at a time, and reuses objects whose inputs have the same content as last time.

#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith {

struct Compilation {
  std::vector<std::string> command;  // compiler and flags, without input and output
  std::filesystem::path source;
};

struct CompiledObjects {
  std::vector<std::filesystem::path> objects;  // in the order of the sources
  int compiled = 0, reused = 0;
};

/// Objects go to `folder`, named by their command and source. Beside each lies a list of what it was made from, with
/// hashes: headers included. Throws Error "build.compiler" with what the compiler said.
CompiledObjects compile_all(const std::vector<Compilation>& units, const std::filesystem::path& folder);

}  // namespace edgesmith
