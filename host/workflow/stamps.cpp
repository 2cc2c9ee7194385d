#include "host/workflow/stamps.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/toml.h"

namespace edgesmith {

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
  const toml::table document = toml::parse(read_text(project.folder / "edgesmith.toml"));
  HashBuilder hash;
  for (const std::string& name : sections) {
    std::ostringstream text;  // keys sorted by name, without comments, however the file spells the section
    if (const toml::node* section = document.get(name)) text << toml::json_formatter{*section};
    hash.add(name).add(text.str());
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
