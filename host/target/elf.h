#pragma once
// What linked firmware is made of, read from its ELF file (32 or 64 bits, little-endian).

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/files.h"

namespace edgesmith {

struct ElfSection {
  std::string name;
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0, offset = 0, bytes = 0;

  bool allocated() const {
    return (flags & 2) != 0;
  }
  bool writable() const {
    return (flags & 1) != 0;
  }
  bool in_file() const {
    return type != 8;  // SHT_NOBITS
  }
};

struct ElfSymbol {
  std::string name;
  std::uint64_t address = 0, bytes = 0;
  std::uint8_t type = 0;      // 1 = object, 2 = function
  std::uint16_t section = 0;  // index; 0 = undefined
};

struct Elf {
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;

  const ElfSection* section(const std::string& name) const;
};

/// Throws Error "elf.malformed". Input is untrusted; every offset is checked.
Elf read_elf(const std::filesystem::path& file);

struct FirmwareSizes {
  std::uint64_t flash_bytes = 0;  // code, constants and the initial values of .data
  std::uint64_t ram_bytes = 0;    // .data and .bss
  std::uint64_t data_bytes = 0;   // .data alone
  std::uint64_t stack_bytes = 0;  // reserved
};
FirmwareSizes firmware_sizes(const Elf& elf);

/// What linked firmware must not hold, one sentence each; empty when all is well:
/// a heap, start-up constructors, exceptions, printf, more than 256 bytes of .data.
std::vector<std::string> check_linked_firmware(const std::filesystem::path& elf);

/// Where a symbol lies in the file. `name` is the plain name of a variable: "weights" also finds the mangled
/// tap::weights or tap::(anonymous namespace)::weights; it must be one symbol. Throws Error "elf.no_symbol".
struct FileRange {
  std::uint64_t offset = 0, bytes = 0;
};
FileRange find_in_file(const std::filesystem::path& elf, const std::string& name);

/// Copies `elf` to `changed` with one bit of the symbol's bytes turned over: a planted fault.
void flip_bit_in_elf(const std::filesystem::path& elf, const std::string& symbol, std::uint64_t bit,
                     const std::filesystem::path& changed);

}  // namespace edgesmith
