#include "host/workflow/stamps.h"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include "host/base/files.h"
#include "host/base/hash.h"

namespace edgesmith {
namespace {

std::string trimmed(const std::string& line) {
  const auto from = line.find_first_not_of(" \t\r");
  if (from == std::string::npos) return "";
  return line.substr(from, line.find_last_not_of(" \t\r") - from + 1);
}

/// "[train]" and "[[features]]" -> "train", "features"; "" for any other line.
std::string section_name(const std::string& line) {
  if (line.empty() || line[0] != '[') return "";
  const auto from = line.find_first_not_of('[');
  const auto to = line.find(']');
  return from == std::string::npos || to == std::string::npos || to < from ? "" : line.substr(from, to - from);
}

}  // namespace

Stamps::Stamps(const Project& project) : file_(project.folder / "build" / "stamps.json") {
  if (!fs::exists(file_)) return;
  const nlohmann::json json = nlohmann::json::parse(read_text(file_), nullptr, false);
  if (!json.is_object()) return;
  for (const auto& [step, inputs] : json.items()) {
    if (inputs.is_string()) stamps_[step] = inputs;
  }
}

bool Stamps::fresh(const std::string& step, const std::string& inputs) const {
  const auto at = stamps_.find(step);
  return at != stamps_.end() && at->second == inputs;
}

void Stamps::set(const std::string& step, const std::string& inputs) {
  stamps_[step] = inputs;
  write_text(file_, nlohmann::json(stamps_).dump(1) + "\n");
}

std::string section_hash(const Project& project, const std::vector<std::string>& sections) {
  std::istringstream lines(read_text(project.folder / "edgesmith.toml"));
  HashBuilder hash;
  std::string line, section;
  while (std::getline(lines, line)) {
    const std::string text = trimmed(line);
    if (text.empty() || text[0] == '#') continue;
    if (const std::string name = section_name(text); !name.empty()) section = name;
    if (std::find(sections.begin(), sections.end(), section) != sections.end()) hash.add(text);
  }
  return hash.hex();
}

std::string folder_hash(const fs::path& folder) {
  HashBuilder hash;
  if (!fs::exists(folder)) return hash.hex();
  for (const fs::path& file : files_below(folder)) {
    hash.add(file.lexically_relative(folder).string()).add(sha256_file(file));
  }
  return hash.hex();
}

std::string listing_hash(const fs::path& folder) {
  HashBuilder hash;
  if (!fs::exists(folder)) return hash.hex();
  for (const fs::path& file : fs::is_directory(folder) ? files_below(folder) : std::vector<fs::path>{folder}) {
    const auto time = fs::last_write_time(file).time_since_epoch().count();
    hash.add(file.string()).add(std::to_string(fs::file_size(file))).add(std::to_string(time));
  }
  return hash.hex();
}

}  // namespace edgesmith
