// Input is untrusted: the only access to the bytes is Cursor, which checks every offset.
// Source: System V Application Binary Interface, chapter 4, Object Files.
#include "host/target/elf.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/error.h"

namespace edgesmith {
namespace {

constexpr std::uint32_t kSymbolTable = 2;

[[noreturn]] void malformed(const fs::path& file, const std::string& what) {
  throw Error{{.code = "elf.malformed",
               .what = what,
               .where = file.string(),
               .expected = "a little-endian ELF file",
               .found = {},
               .try_this = "build the firmware again"}};
}

/// Little-endian numbers of an ELF file of either width.
class Cursor {
 public:
  Cursor(const Bytes& bytes, const fs::path& file) : bytes_(bytes), file_(file) {
    const bool elf = bytes.size() > 20 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
    if (!elf) malformed(file, "this is no ELF file");
    if (bytes[5] != 1) malformed(file, "a big-endian ELF file");
    wide_ = bytes[4] == 2;
  }

  bool wide() const {
    return wide_;
  }
  std::uint64_t number(std::uint64_t at, std::uint32_t count) const {
    check(at, count);
    std::uint64_t value = 0;
    for (std::uint32_t i = 0; i < count; ++i)
      value |= std::uint64_t{bytes_[at + i]} << (8 * i);
    return value;
  }
  /// An address-sized number.
  std::uint64_t word(std::uint64_t at) const {
    return number(at, wide_ ? 8 : 4);
  }
  std::string text(std::uint64_t at, std::uint64_t end) const {
    std::string out;
    for (; at < end && number(at, 1) != 0; ++at)
      out.push_back(static_cast<char>(bytes_[at]));
    return out;
  }
  void check(std::uint64_t at, std::uint64_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) malformed(file_, "an offset points behind the end");
  }

 private:
  const Bytes& bytes_;
  const fs::path& file_;
  bool wide_ = false;
};

ElfSection section_at(const Cursor& in, std::uint64_t at) {
  const std::uint64_t word = in.wide() ? 8 : 4;
  ElfSection section;
  section.type = static_cast<std::uint32_t>(in.number(at + 4, 4));
  section.flags = in.word(at + 8);
  section.address = in.word(at + 8 + word);
  section.offset = in.word(at + 8 + 2 * word);
  section.bytes = in.word(at + 8 + 3 * word);
  if (section.in_file()) in.check(section.offset, section.bytes);
  return section;
}

std::vector<ElfSection> read_sections(const Cursor& in) {
  const std::uint64_t table = in.word(in.wide() ? 0x28 : 0x20);
  const std::uint64_t entry = in.number(in.wide() ? 0x3a : 0x2e, 2);
  const std::uint64_t count = in.number(in.wide() ? 0x3c : 0x30, 2);
  const std::uint64_t names_index = in.number(in.wide() ? 0x3e : 0x32, 2);
  std::vector<ElfSection> sections;
  for (std::uint64_t i = 0; i < count; ++i)
    sections.push_back(section_at(in, table + i * entry));
  if (names_index >= sections.size()) return sections;
  const ElfSection names = sections[names_index];
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t name = in.number(table + i * entry, 4);
    sections[i].name = in.text(names.offset + name, names.offset + names.bytes);
  }
  return sections;
}

ElfSymbol symbol_at(const Cursor& in, std::uint64_t at, const ElfSection& names) {
  const bool wide = in.wide();
  ElfSymbol symbol;
  symbol.name = in.text(names.offset + in.number(at, 4), names.offset + names.bytes);
  symbol.type = static_cast<std::uint8_t>(in.number(at + (wide ? 4 : 12), 1) & 15);
  symbol.section = static_cast<std::uint16_t>(in.number(at + (wide ? 6 : 14), 2));
  symbol.address = in.word(at + (wide ? 8 : 4));
  symbol.bytes = in.word(at + (wide ? 16 : 8));
  return symbol;
}

std::vector<ElfSymbol> read_symbols(const Cursor& in, const std::vector<ElfSection>& sections) {
  std::vector<ElfSymbol> symbols;
  const std::uint64_t entry = in.wide() ? 24 : 16;
  const auto names = std::find_if(sections.begin(), sections.end(), [](const auto& s) { return s.name == ".strtab"; });
  if (names == sections.end()) return symbols;
  for (const ElfSection& section : sections) {
    if (section.type != kSymbolTable) continue;
    for (std::uint64_t at = 0; at + entry <= section.bytes; at += entry) {
      symbols.push_back(symbol_at(in, section.offset + at, *names));
    }
  }
  return symbols;
}

Elf parse(const Bytes& bytes, const fs::path& file) {
  const Cursor in(bytes, file);
  Elf elf;
  elf.sections = read_sections(in);
  elf.symbols = read_symbols(in, elf.sections);
  return elf;
}

bool starts_with_any(const std::string& name, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* p) { return name.rfind(p, 0) == 0; });
}

/// What a symbol betrays; empty when it is harmless.
std::string forbidden(const std::string& name) {
  static const std::vector<std::string> heap = {"malloc",  "free",  "calloc",  "realloc",   "_malloc_r",
                                                "_free_r", "_sbrk", "_sbrk_r", "_calloc_r", "_realloc_r"};
  if (std::find(heap.begin(), heap.end(), name) != heap.end()) return "a heap";
  if (starts_with_any(name, {"_Znw", "_Zna", "_ZdlPv", "_ZdaPv"})) return "operator new or delete";
  if (starts_with_any(name, {"__cxa_throw", "__cxa_allocate_exception", "__gxx_personality", "_Unwind_"})) {
    return "exceptions";
  }
  if (starts_with_any(name, {"__cxa_guard_", "__cxa_atexit", "__aeabi_atexit"})) return "objects built at run time";
  if (starts_with_any(name, {"printf", "_printf", "vprintf", "_vfprintf", "snprintf", "_vfiprintf", "_svfprintf"})) {
    return "printf";
  }
  return {};
}

/// "weights" is in "_ZN3tapL7weightsE": in a mangled name every part is preceded by its length.
bool names_variable(const std::string& symbol, const std::string& name) {
  if (symbol == name) return true;
  if (symbol.rfind("_Z", 0) != 0) return false;
  const std::string part = fmt::format("{}{}", name.size(), name);
  const std::size_t at = symbol.find(part);
  if (at == std::string::npos || at < 2) return false;
  const bool whole_number = symbol[at - 1] < '0' || symbol[at - 1] > '9';
  const std::size_t end = at + part.size();
  return whole_number && (end == symbol.size() || symbol[end] == 'E');
}

[[noreturn]] void no_symbol(const fs::path& elf, const std::string& name, std::size_t found) {
  throw Error{{.code = "elf.no_symbol",
               .what = fmt::format("{} variables are called '{}'", found, name),
               .where = elf.string(),
               .expected = "one variable with bytes in the file",
               .found = {},
               .try_this = "nm -C lists the symbols"}};
}

}  // namespace

const ElfSection* Elf::section(const std::string& name) const {
  const auto at = std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.name == name; });
  return at == sections.end() ? nullptr : &*at;
}

Elf read_elf(const fs::path& file) {
  return parse(read_bytes(file), file);
}

FirmwareSizes firmware_sizes(const Elf& elf) {
  FirmwareSizes sizes;
  for (const ElfSection& section : elf.sections) {
    if (!section.allocated()) continue;
    if (section.name == ".stack") {
      sizes.stack_bytes += section.bytes;
      continue;
    }
    if (section.in_file()) sizes.flash_bytes += section.bytes;
    if (section.writable()) sizes.ram_bytes += section.bytes;
    if (section.writable() && section.in_file()) sizes.data_bytes += section.bytes;
  }
  return sizes;
}

std::vector<std::string> check_linked_firmware(const fs::path& file) {
  constexpr std::uint64_t kDataBytesMax = 256;
  const Elf elf = read_elf(file);
  std::vector<std::string> violations;
  for (const ElfSymbol& symbol : elf.symbols) {
    const std::string what = forbidden(symbol.name);
    if (!what.empty()) violations.push_back(fmt::format("{}: symbol '{}' is linked in", what, symbol.name));
  }
  for (const char* name : {".init_array", ".preinit_array", ".ctors"}) {
    const ElfSection* section = elf.section(name);
    if (section == nullptr || section->bytes == 0) continue;
    violations.push_back(fmt::format("start-up constructors: {} holds {} bytes", name, section->bytes));
  }
  for (const char* name : {".eh_frame", ".gcc_except_table", ".ARM.extab"}) {
    const ElfSection* section = elf.section(name);
    if (section == nullptr || section->bytes == 0 || !section->allocated()) continue;
    violations.push_back(fmt::format("exceptions: {} holds {} bytes", name, section->bytes));
  }
  const std::uint64_t data_bytes = firmware_sizes(elf).data_bytes;
  if (data_bytes > kDataBytesMax) {
    violations.push_back(fmt::format(".data holds {} bytes, more than {}", data_bytes, kDataBytesMax));
  }
  return violations;
}

FileRange find_in_file(const fs::path& file, const std::string& name) {
  const Elf elf = read_elf(file);
  std::vector<FileRange> found;
  for (const ElfSymbol& symbol : elf.symbols) {
    if (symbol.section == 0 || symbol.section >= elf.sections.size() || !names_variable(symbol.name, name)) continue;
    const ElfSection& section = elf.sections[symbol.section];
    const std::uint64_t within = symbol.address - section.address;
    if (!section.in_file() || symbol.bytes == 0 || within > section.bytes || symbol.bytes > section.bytes - within) {
      continue;
    }
    found.push_back({section.offset + within, symbol.bytes});
  }
  if (found.size() != 1) no_symbol(file, name, found.size());
  return found[0];
}

void flip_bit_in_elf(const fs::path& elf, const std::string& symbol, std::uint64_t bit, const fs::path& changed) {
  const FileRange range = find_in_file(elf, symbol);
  if (bit / 8 >= range.bytes) no_symbol(elf, fmt::format("{} with {} bits", symbol, bit), 0);
  Bytes bytes = read_bytes(elf);
  std::uint8_t& byte = bytes[range.offset + bit / 8];
  byte = static_cast<std::uint8_t>(byte ^ (1u << (bit % 8)));
  write_bytes(changed, bytes.data(), bytes.size());
}

}  // namespace edgesmith
