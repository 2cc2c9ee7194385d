#include "host/target/profile.h"

#include <algorithm>
#include <cstdlib>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/base/toml.h"

namespace edgesmith {
namespace {

/// Where a profile is wrong.
[[noreturn]] void refuse(const fs::path& file, const toml::node& at, const std::string& what,
                         const std::string& expected) {
  throw Error{{.code = "target.profile",
               .what = what,
               .where = file.string() + ":" + std::to_string(at.source().begin.line),
               .expected = expected,
               .found = {},
               .try_this = "compare with targets/mps2-an386.toml"}};
}

/// Reads one table and remembers which keys were asked for, so that a misspelt one does not pass unseen.
class Fields {
 public:
  Fields(const toml::table& table, fs::path file) : table_(table), file_(std::move(file)) {}

  bool has(const std::string& key) const {
    return table_.contains(key);
  }

  std::string text(const std::string& key, bool required = true) {
    return get<std::string>(key, required, "text").value_or("");
  }
  std::uint64_t count(const std::string& key, bool required = true) {
    const auto value = get<std::int64_t>(key, required, "a number that is not negative");
    if (value && *value < 0)
      refuse(file_, *table_.get(key), "'" + key + "' is negative", "a number that is not negative");
    return static_cast<std::uint64_t>(value.value_or(0));
  }
  double real(const std::string& key) {
    return get<double>(key, true, "a number").value_or(0);
  }
  std::vector<std::string> texts(const std::string& key, bool required = true) {
    std::vector<std::string> out;
    const toml::node* node = find(key, required);
    if (node == nullptr) return out;
    if (!node->is_array()) refuse(file_, *node, "'" + key + "' is not a list", "a list of texts");
    for (const toml::node& item : *node->as_array()) {
      if (!item.is_string()) refuse(file_, item, "'" + key + "' holds something that is no text", "a list of texts");
      out.push_back(item.value<std::string>().value());
    }
    return out;
  }
  Fields table(const std::string& key) {
    const toml::node* node = find(key, true);
    if (!node->is_table()) refuse(file_, *node, "'" + key + "' is not a table", "a table");
    return Fields(*node->as_table(), file_);
  }

  void refuse_unknown() const {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      refuse(file_, node, "unknown key '" + name + "'", join(asked_));
    }
  }

 private:
  const toml::node* find(const std::string& key, bool required) {
    asked_.push_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr && required) refuse(file_, table_, "'" + key + "' is missing", key + " = ...");
    return node;
  }
  template <typename T>
  std::optional<T> get(const std::string& key, bool required, const std::string& expected) {
    const toml::node* node = find(key, required);
    if (node == nullptr) return std::nullopt;
    const std::optional<T> value = node->value<T>();
    if (!value) refuse(file_, *node, "'" + key + "' has the wrong type", expected);
    return value;
  }

  const toml::table& table_;
  fs::path file_;
  std::vector<std::string> asked_;
};

MemoryRegion read_region(Fields fields) {
  MemoryRegion region{fields.count("address"), fields.count("bytes"), fields.text("source")};
  fields.refuse_unknown();
  return region;
}

void read_memory(Fields fields, TargetProfile& profile) {
  profile.stack_bytes = fields.count("stack_bytes");
  profile.flash = read_region(fields.table("flash"));
  profile.ram = read_region(fields.table("ram"));
  fields.refuse_unknown();
}

BoardToolchain read_toolchain(Fields fields) {
  BoardToolchain toolchain;
  toolchain.compiler = fields.text("compiler");
  toolchain.linker = fields.text("linker");
  toolchain.cpu_flags = fields.texts("cpu_flags");
  toolchain.link_flags = fields.texts("link_flags");
  toolchain.libraries = fields.texts("libraries", false);
  fields.refuse_unknown();
  return toolchain;
}

BoardFirmware read_firmware(Fields fields) {
  BoardFirmware firmware{fields.text("machine_folder", false), fields.texts("sources")};
  fields.refuse_unknown();
  return firmware;
}

BoardEmulator read_emulator(Fields fields) {
  BoardEmulator emulator;
  emulator.command = fields.text("command");
  emulator.arguments = fields.texts("arguments");
  emulator.ticks_hz = fields.real("ticks_hz");
  emulator.ticks_source = fields.text("ticks_source");
  fields.refuse_unknown();
  return emulator;
}

BoardPower read_power(Fields fields) {
  BoardPower power{fields.real("supply_v"), fields.real("active_ma"), fields.text("source")};
  fields.refuse_unknown();
  return power;
}

BoardMissing read_missing(Fields fields) {
  BoardMissing missing{fields.text("build", false), fields.text("flash", false), fields.text("test", false)};
  fields.refuse_unknown();
  return missing;
}

toml::table parse(const fs::path& file) {
  try {
    return toml::parse(read_text(file), file.string());
  } catch (const toml::parse_error& error) {
    throw Error{{.code = "target.profile",
                 .what = std::string(error.description()),
                 .where = file.string() + ":" + std::to_string(error.source().begin.line),
                 .expected = "a TOML file",
                 .found = {},
                 .try_this = "compare with targets/mps2-an386.toml"}};
  }
}

bool is_home(const fs::path& folder) {
  return fs::is_directory(folder / "targets") && fs::is_directory(folder / "device");
}

}  // namespace

fs::path home_folder() {
  if (const char* given = std::getenv("EDGESMITH_HOME")) {
    if (is_home(given)) return fs::canonical(given);
    throw Error{ErrorKind::unavailable,
                {.code = "target.no_home",
                 .what = "EDGESMITH_HOME does not point at Edgesmith's source tree",
                 .where = given,
                 .expected = "a folder that holds device/ and targets/",
                 .found = {},
                 .try_this = "unset EDGESMITH_HOME, or set it to the folder of the checkout"}};
  }
  std::error_code ignored;
  for (fs::path at = fs::read_symlink("/proc/self/exe", ignored).parent_path(); at.has_relative_path();
       at = at.parent_path()) {
    if (is_home(at)) return at;
  }
  if (is_home(EDGESMITH_SOURCE_FOLDER)) return EDGESMITH_SOURCE_FOLDER;
  throw Error{ErrorKind::unavailable,
              {.code = "target.no_home",
               .what = "Edgesmith's source tree was not found",
               .where = {},
               .expected = "device/ and targets/ above the executable",
               .found = {},
               .try_this = "set EDGESMITH_HOME to the folder of the checkout"}};
}

fs::path targets_folder() {
  return home_folder() / "targets";
}

TargetProfile read_profile(const fs::path& file) {
  const toml::table document = parse(file);
  Fields fields(document, file);
  TargetProfile profile;
  profile.name = file.stem().string();
  profile.title = fields.text("title");
  profile.core = fields.text("core");
  profile.kernel_set = fields.text("kernel_set");
  profile.clock_hz = fields.count("clock_hz", false);
  profile.clock_source = fields.text("clock_source", profile.clock_hz != 0);
  if (fields.has("memory")) read_memory(fields.table("memory"), profile);
  profile.toolchain = read_toolchain(fields.table("toolchain"));
  if (fields.has("firmware")) profile.firmware = read_firmware(fields.table("firmware"));
  if (fields.has("emulator")) profile.emulator = read_emulator(fields.table("emulator"));
  if (fields.has("power")) profile.power = read_power(fields.table("power"));
  if (fields.has("missing")) profile.missing = read_missing(fields.table("missing"));
  fields.refuse_unknown();
  return profile;
}

TargetProfile load_profile(const std::string& name) {
  const fs::path file = targets_folder() / (name + ".toml");
  if (name.find('/') == std::string::npos && fs::is_regular_file(file)) return read_profile(file);
  std::vector<std::string> names;
  for (const TargetProfile& profile : list_targets())
    names.push_back(profile.name);
  throw Error{{.code = "target.unknown",
               .what = "no board is called '" + name + "'",
               .where = targets_folder().string(),
               .expected = join(names),
               .found = name,
               .try_this = did_you_mean(name, names, "edgesmith targets lists them")}};
}

std::vector<TargetProfile> list_targets() {
  std::vector<TargetProfile> profiles;
  for (const fs::path& file : files_below(targets_folder())) {
    if (file.extension() == ".toml") profiles.push_back(read_profile(file));
  }
  std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return profiles;
}

void require(const TargetProfile& profile, const std::string& verb) {
  const std::string& lack = verb == "build"   ? profile.missing.build
                            : verb == "flash" ? profile.missing.flash
                                              : profile.missing.test;
  if (lack.empty()) return;
  throw Error{ErrorKind::unavailable,
              {.code = "target.cannot_" + verb,
               .what = "'" + profile.name + "' cannot be used with " + verb + " yet",
               .where = profile.title,
               .expected = lack,
               .found = {},
               .try_this = "--target mps2-an386 runs the same plan in the emulator"}};
}

}  // namespace edgesmith
