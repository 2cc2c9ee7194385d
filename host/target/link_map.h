#pragma once
// What the GNU linker put where, read from the map that it writes beside an image.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith {

/// One section of one object file, as it lies in the image.
struct MapSection {
  std::string name;  // ".text._ZN3kws11run_networkEPKvPa"
  std::uint64_t address = 0, bytes = 0;
  std::string file;  // "objects/kws.o", or of an archive "/usr/lib/libgcc.a(_muldi3.o)"
};

struct LinkMap {
  std::vector<MapSection> sections;
  /// Members of archives, each with the file that asked for it first.
  struct Member {
    std::string file, asked_by;
  };
  std::vector<Member> members;
};

/// Sections that the linker dropped are left out, and empty ones. Lines of another form are passed over.
LinkMap parse_link_map(const std::string& text);

/// The bytes that a model takes in an image, and nothing else in it: what its own objects hold, and the members of
/// archives (the C library, the compiler's) that they call, or that those call.
struct ModelSizes {
  std::uint64_t code = 0;     // .text*
  std::uint64_t weights = 0;  // constants of operators in generated C++: kOp0Weights, kOp0Bias ...
  std::uint64_t tables = 0;   // all other constants
  std::uint64_t data = 0;     // .data*: in flash and in RAM
  std::uint64_t bss = 0;      // .bss*
};

/// objects: the model's own, as they were given to the linker. Throws what read_elf() throws.
ModelSizes model_sizes(const std::filesystem::path& elf, const LinkMap& map,
                       const std::vector<std::filesystem::path>& objects);

}  // namespace edgesmith
