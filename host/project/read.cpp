#include "host/project/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "host/base/text.h"
#include "host/project/read_value.h"

namespace edgesmith {
namespace {

bool reserved(const std::string& path) {
  const auto& names = reserved_names();
  return std::find(names.begin(), names.end(), path) != names.end();
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Section& section : project_sections())
    names.push_back(section.name);
  return names;
}

const Section* find_section(std::string_view name) {
  for (const Section& section : project_sections())
    if (name == section.name) return &section;
  return nullptr;
}

const Key* find_key(const Section& section, std::string_view name) {
  for (const Key& key : section.keys)
    if (name == key.name) return &key;
  return nullptr;
}

std::vector<std::string> key_names(const Section& section) {
  std::vector<std::string> names;
  for (const Key& key : section.keys)
    names.push_back(key.name);
  return names;
}

/// The key of this section that differs from `name` in the unit alone: length_s -> length_ms; else empty.
std::string same_in_another_unit(const Section& section, const std::string& name) {
  const std::string stem = name.substr(0, name.rfind('_') + 1);
  for (const Key& key : section.keys) {
    const std::string known = key.name;
    const bool has_unit = *key.unit != '\0' && known.find('_') != std::string::npos;
    if (has_unit && (known.starts_with(name + "_") || (!stem.empty() && known.substr(0, known.rfind('_') + 1) == stem)))
      return known;
  }
  return "";
}

/// Reads a document, collecting problems; `draft` is what comes out.
class DraftReader {
 public:
  DraftReader(Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  void read(const toml::table& document) {
    for (const auto& [name, node] : document)
      read_top(std::string(name.str()), place_of(name.source()), node);
    for (const Section& section : project_sections())
      if (section.repeat == Repeat::once) report_missing(section, section.name);
  }

 private:
  void read_top(const std::string& name, Place place, const toml::node& node) {
    const Section* section = find_section(name);
    if (section == nullptr) return refuse_section(name, place, node);
    draft_.places[name] = place;
    if (section->repeat == Repeat::blocks && node.is_table()) return read_repeated(*section, place, *node.as_table());
    if (section->repeat != Repeat::once) return read_tables(*section, place, node);
    if (const toml::table* table = node.as_table()) return read_table(*section, name, *table);
    refuse_shape(name, place, "[" + name + "], then its keys on the lines below", node);
  }

  void read_tables(const Section& section, Place place, const toml::node& node) {
    const toml::array* steps = node.as_array();
    if (steps == nullptr || !steps->is_homogeneous(toml::node_type::table))
      return refuse_shape(section.name, place, fmt::format("[[{}]] with two brackets, once per step", section.name),
                          node);
    for (const toml::node& step : *steps)
      read_repeated(section, place_of(step.source()), *step.as_table());
  }

  void read_repeated(const Section& section, Place place, const toml::table& table) {
    const std::string path = fmt::format("{}[{}]", section.name, new_entry(section));
    draft_.places[path] = place;
    read_table(section, path, table);
    report_missing(section, path);
  }

  /// Makes room for one more step or block; answers its index.
  std::size_t new_entry(const Section& section) {
    if (section.repeat == Repeat::steps) {
      draft_.project.conditioning.emplace_back();
      return draft_.project.conditioning.size() - 1;
    }
    draft_.project.features.emplace_back();
    return draft_.project.features.size() - 1;
  }

  void read_table(const Section& section, const std::string& path, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const std::string key_name(name.str());
      const Place place = place_of(name.source());
      const Key* key = find_key(section, key_name);
      if (key == nullptr) {
        refuse_key(section, path, key_name, place);
        continue;
      }
      const std::string key_path = path + "." + key_name;
      draft_.places[key_path] = place;
      read_value(path, *key, node);
    }
    for (const Key& key : section.keys)
      check_only(section, path, key);
  }

  void read_value(const std::string& path, const Key& key, const toml::node& node) {
    const auto store = [&](auto field) { return store_value(node, key, field(draft_)); };
    ErrorText refusal = std::visit(store, key.field);
    if (refusal.code.empty()) return;
    const std::string key_path = path + "." + key.name;
    refusal.what = fmt::format("[{}] {}: {}", section_of(path), key.name, refusal.what);
    draft_.broken.insert(key_path);
    problems_.add(draft_.place(key_path), std::move(refusal));
  }

  static std::string section_of(const std::string& path) {
    return path.substr(0, path.find('['));
  }

  void report_missing(const Section& section, const std::string& path) {
    for (const Key& key : section.keys) {
      const std::string key_path = path + "." + key.name;
      if (key.need != Need::required || draft_.given(key_path) || !draft_.sound({key_path})) continue;
      draft_.broken.insert(key_path);
      problems_.add(draft_.place(path), {.code = "project.missing_key",
                                         .what = fmt::format("[{}] {} is missing", section.name, key.name),
                                         .expected = type_text(key),
                                         .try_this = fmt::format("{} = {}", key.name, key.example)});
    }
  }

  /// A key that has no say beside the others' values is a misunderstanding; better told than ignored.
  void check_only(const Section& section, const std::string& path, const Key& key) {
    const std::string key_path = path + "." + key.name;
    if (*key.only_key == '\0' || !draft_.given(key_path)) return;
    const std::string deciding = path + "." + key.only_key;
    if (!draft_.sound({deciding})) return;
    const Key* decider = find_key(section, key.only_key);
    const std::string value = std::get<FieldOf<std::string>>(decider->field)(draft_);
    if (value.empty() || value == key.only_value) return;
    draft_.broken.insert(key_path);
    problems_.add(
        draft_.place(key_path),
        {.code = "project.unused_key",
         .what = fmt::format("[{}] {} has no effect with {} = \"{}\"", section.name, key.name, key.only_key, value),
         .expected = fmt::format("{} = \"{}\" beside it", key.only_key, key.only_value),
         .try_this = fmt::format("remove {}, or set {} = \"{}\"", key.name, key.only_key, key.only_value)});
  }

  void refuse_section(const std::string& name, Place place, const toml::node& node) {
    if (reserved(name)) return refuse_reserved("[" + name + "]", place);
    const char* what = node.is_value() ? "key '{}' stands outside any section" : "unknown section [{}]";
    problems_.add(place, {.code = node.is_value() ? "project.unknown_key" : "project.unknown_section",
                          .what = fmt::format(fmt::runtime(what), name),
                          .expected = "one of " + join(section_names()),
                          .try_this = did_you_mean(name, section_names())});
  }

  /// `own_path`: of the section, step or block that the key stands in.
  void refuse_key(const Section& section, const std::string& own_path, const std::string& name, Place place) {
    const std::string path = std::string(section.name) + "." + name;
    if (reserved(path)) return refuse_reserved(fmt::format("[{}] {}", section.name, name), place);
    const std::string other_unit = same_in_another_unit(section, name);
    if (!other_unit.empty()) {
      const Key* right = find_key(section, other_unit);
      problems_.add(place, {.code = "project.wrong_unit",
                            .what = fmt::format("[{}] {}: this is not given in that unit", section.name, name),
                            .expected = fmt::format("{}, in {}", other_unit, right->unit),
                            .try_this = *right->example ? fmt::format("{} = {}", other_unit, right->example) : ""});
      draft_.broken.insert(own_path + "." + other_unit);  // it is not missing
      return;
    }
    problems_.add(place, {.code = "project.unknown_key",
                          .what = fmt::format("unknown key '{}' in [{}]", name, section.name),
                          .expected = "one of " + join(key_names(section)),
                          .try_this = did_you_mean(name, key_names(section), elsewhere(name))});
  }

  /// Where a key of that name does exist.
  static std::string elsewhere(const std::string& name) {
    for (const Section& section : project_sections())
      if (find_key(section, name) != nullptr) return fmt::format("'{}' belongs to [{}]", name, section.name);
    return "";
  }

  void refuse_reserved(const std::string& what, Place place) {
    problems_.add(place, {.code = "project.not_available",
                          .what = what + " is not available yet",
                          .try_this = "remove it; the name is kept for a later version"});
  }

  void refuse_shape(const std::string& name, Place place, const std::string& expected, const toml::node& node) {
    draft_.broken.insert(name);
    problems_.add(place, {.code = "project.wrong_type",
                          .what = fmt::format("'{}' is a section", name),
                          .expected = expected,
                          .found = found_text(node)});
  }

  Draft& draft_;
  Problems& problems_;
};

}  // namespace

Draft read_draft(std::string_view text, Problems& problems) {
  Draft draft;
  try {
    DraftReader(draft, problems).read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    problems.add(place_of(error.source()), {.code = "project.syntax",
                                            .what = "this is not TOML: " + std::string(error.description()),
                                            .try_this = "see https://toml.io; texts stand in quotes"});
    problems.throw_if_any();
  }
  return draft;
}

}  // namespace edgesmith
