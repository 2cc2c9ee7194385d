#include "host/workflow/stamps.h"

#include <sys/stat.h>
#include <time.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/toml.h"

namespace edgesmith {

namespace {

/// A change within the clock's tick of the one before would not be seen in the time: a Linux tick is 10 ms at most.
constexpr std::int64_t kYoungNs = 100'000'000;

/// Contents cannot change without it, short of setting the clock; copying a project changes it, too.
std::int64_t changed_ns(const fs::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return 0;
  return status.st_ctim.tv_sec * std::int64_t{1'000'000'000} + status.st_ctim.tv_nsec;
}

std::int64_t now_ns() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

constexpr const char* kOutputs = "outputs";  // no step is called so

}  // namespace

Stamps::Stamps(const Project& project) : folder_(project.folder), file_(folder_ / "build" / "stamps.json") {
  if (!fs::exists(file_)) return;
  const nlohmann::json json = nlohmann::json::parse(read_text(file_), nullptr, false);
  if (!json.is_object()) return;
  for (const auto& [step, inputs] : json.items()) {
    if (inputs.is_string()) stamps_[step] = inputs;
  }
  try {
    const nlohmann::json outputs = json.value(kOutputs, nlohmann::json::object());
    for (const auto& [path, made] : outputs.items())
      outputs_[path] = {made.at("step"), made.at("sha256"), made.at("bytes"), made.at("changed_ns")};
  } catch (const nlohmann::json::exception&) {  // stamps that cannot be believed are none
    stamps_.clear();
    outputs_.clear();
  }
}

void Stamps::write() const {
  nlohmann::json json(stamps_);
  for (const auto& [path, made] : outputs_) {
    json[kOutputs][path] = {
        {"step", made.step}, {"sha256", made.sha256}, {"bytes", made.bytes}, {"changed_ns", made.changed_ns}};
  }
  write_text(file_, json.dump(1) + "\n");
}

bool Stamps::fresh(const std::string& step, const std::string& inputs) const {
  const auto at = stamps_.find(step);
  return at != stamps_.end() && at->second == inputs;
}

void Stamps::set(const std::string& step, const std::string& inputs) {
  stamps_[step] = inputs;
  write();
}

std::string Stamps::key(const fs::path& path) const {
  return path.lexically_relative(folder_).generic_string();
}

std::vector<std::string> Stamps::recorded(const std::string& step, const fs::path& place) const {
  const std::string lead = place == folder_ ? "" : key(place) + "/";
  std::vector<std::string> paths;
  for (const auto& [path, made] : outputs_) {
    if (made.step == step && path.starts_with(lead)) paths.push_back(path);
  }
  return paths;
}

Stamps::Output Stamps::look_at(const std::string& step, const fs::path& file) const {
  const std::int64_t changed = changed_ns(file);  // before reading: what changes meanwhile is noticed next time
  const bool young = now_ns() - changed < kYoungNs;
  return {step, sha256_file(file), fs::file_size(file), young ? 0 : changed};
}

void Stamps::record(const std::string& step, const fs::path& place, const std::vector<fs::path>& files) {
  for (const std::string& path : recorded(step, place))
    outputs_.erase(path);
  std::erase_if(outputs_, [this](const auto& output) { return !fs::exists(folder_ / output.first); });  // runs go
  for (const fs::path& file : files)
    outputs_[key(file)] = look_at(step, file);
}

/// By size and time when they are as then, else by content, whose new time is kept for the next look.
bool Stamps::as_made(const fs::path& file, Output& made) const {
  if (!fs::is_regular_file(file) || fs::file_size(file) != made.bytes) return false;
  if (made.changed_ns != 0 && changed_ns(file) == made.changed_ns) return true;
  const Output found = look_at(made.step, file);
  if (found.sha256 != made.sha256) return false;
  made = found;
  return true;
}

fs::path Stamps::damaged(const std::string& step, const fs::path& place) {
  bool looked_inside = false;
  fs::path found;
  for (const std::string& path : recorded(step, place)) {
    Output& made = outputs_[path];
    const std::int64_t time = made.changed_ns;
    if (!as_made(folder_ / path, made)) found = folder_ / path;
    looked_inside |= made.changed_ns != time;
  }
  if (looked_inside) write();
  return found;
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
