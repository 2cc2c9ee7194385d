#include "host/target/link_map.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "host/target/elf.h"

namespace edgesmith {
namespace {

constexpr const char* kMembersTitle = "Archive member included";
constexpr const char* kPlacesTitle = "Linker script and memory map";

bool begins_with(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

std::string without_ends(const std::string& text) {
  const std::size_t from = text.find_first_not_of(' ');
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \r") - from + 1);
}

/// "0x1c4 0x20 objects/kws.o": address, bytes, file. False for every other text.
bool read_place(const std::string& text, MapSection& section) {
  std::istringstream in(text);
  if (!(in >> std::hex >> section.address >> section.bytes)) return false;
  std::getline(in, section.file);
  section.file = without_ends(section.file);
  return !section.file.empty();
}

/// A line " .text.f  0x1c4  0x20 file", or " .text.f" whose rest stands in the next line.
class SectionReader {
 public:
  void take(const std::string& line, std::vector<MapSection>& sections) {
    MapSection section;
    std::string rest = line;
    if (line.size() > 2 && line[0] == ' ' && line[1] == '.') {
      const std::size_t end = line.find(' ', 1);
      section.name = line.substr(1, end == std::string::npos ? end : end - 1);
      name_ = end == std::string::npos ? section.name : "";
      if (end == std::string::npos) return;
      rest = line.substr(end);
    } else {
      section.name = name_;
      name_.clear();
    }
    if (section.name.empty() || !read_place(rest, section) || section.bytes == 0) return;
    sections.push_back(section);
  }

 private:
  std::string name_;  // that waits for its line
};

/// "archive(member)", and indented in the same line or the next one "file (symbol)".
class MemberReader {
 public:
  void take(const std::string& line, std::vector<LinkMap::Member>& members) {
    if (line.empty()) return;
    std::string rest = line;
    if (line[0] != ' ') {
      const std::size_t end = line.find(") ");
      file_ = line.substr(0, end == std::string::npos ? end : end + 1);
      rest = end == std::string::npos ? "" : line.substr(end + 1);
    }
    const std::size_t symbol = rest.rfind(" (");
    if (file_.empty() || symbol == std::string::npos) return;
    members.push_back({without_ends(file_), without_ends(rest.substr(0, symbol))});
    file_.clear();
  }

 private:
  std::string file_;
};

std::set<std::string> wanted_symbols(const std::vector<std::filesystem::path>& objects) {
  std::set<std::string> names;
  for (const std::filesystem::path& object : objects) {
    for (const ElfSymbol& symbol : read_elf(object).symbols) {
      if (symbol.section == 0 && !symbol.name.empty()) names.insert(symbol.name);
    }
  }
  return names;
}

/// Files of the map that define one of the symbols.
std::set<std::string> definers(const Elf& elf, const LinkMap& map, const std::set<std::string>& symbols) {
  std::set<std::string> files;
  for (const ElfSymbol& symbol : elf.symbols) {
    if (symbol.section == 0 || symbols.count(symbol.name) == 0) continue;
    const std::uint64_t address = symbol.address & ~std::uint64_t{1};
    for (const MapSection& section : map.sections) {
      if (address >= section.address && address < section.address + section.bytes) files.insert(section.file);
    }
  }
  return files;
}

/// The model's objects and what they need from archives.
std::set<std::string> model_files(const Elf& elf, const LinkMap& map,
                                  const std::vector<std::filesystem::path>& objects) {
  std::set<std::string> archives;
  for (const LinkMap::Member& member : map.members)
    archives.insert(member.file);
  std::set<std::string> files;
  for (const std::string& file : definers(elf, map, wanted_symbols(objects))) {
    if (archives.count(file) > 0) files.insert(file);
  }
  for (std::size_t before = 0; before != files.size();) {
    before = files.size();
    for (const LinkMap::Member& member : map.members) {
      if (files.count(member.asked_by) > 0) files.insert(member.file);
    }
  }
  for (const std::filesystem::path& object : objects)
    files.insert(object.string());
  return files;
}

/// kOp12Weights and its like, within a mangled name.
bool holds_weights(const std::string& section) {
  const std::size_t at = section.find("kOp");
  if (at == std::string::npos) return false;
  const std::size_t kind = section.find_first_not_of("0123456789", at + 3);
  if (kind == std::string::npos || kind == at + 3) return false;
  static const std::vector<std::string> kinds = {"Weights", "Bias", "Multiplier", "Shift", "Table", "Input"};
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const std::string& name) { return section.compare(kind, name.size(), name) == 0; });
}

}  // namespace

LinkMap parse_link_map(const std::string& text) {
  enum class Part { other, members, places } part = Part::other;
  LinkMap map;
  SectionReader sections;
  MemberReader members;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (begins_with(line, kMembersTitle)) {
      part = Part::members;
    } else if (begins_with(line, kPlacesTitle)) {
      part = Part::places;
    } else if (part == Part::places) {
      sections.take(line, map.sections);
    } else if (!line.empty() && line[0] != ' ' && line.find('(') == std::string::npos) {
      part = Part::other;  // another title
    } else if (part == Part::members) {
      members.take(line, map.members);
    }
  }
  return map;
}

ModelSizes model_sizes(const std::filesystem::path& elf, const LinkMap& map,
                       const std::vector<std::filesystem::path>& objects) {
  const std::set<std::string> files = model_files(read_elf(elf), map, objects);
  ModelSizes sizes;
  for (const MapSection& section : map.sections) {
    if (files.count(section.file) == 0) continue;
    if (begins_with(section.name, ".text")) {
      sizes.code += section.bytes;
    } else if (begins_with(section.name, ".rodata") || begins_with(section.name, ".srodata")) {
      (holds_weights(section.name) ? sizes.weights : sizes.tables) += section.bytes;
    } else if (begins_with(section.name, ".data") || begins_with(section.name, ".sdata")) {
      sizes.data += section.bytes;
    } else if (begins_with(section.name, ".bss") || begins_with(section.name, ".sbss")) {
      sizes.bss += section.bytes;
    }
  }
  return sizes;
}

}  // namespace edgesmith
