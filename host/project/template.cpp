// The edgesmith.toml of a new project, printed from the table of keys.

#include <fmt/format.h>

#include "host/project/check.h"
#include "host/project/keys.h"

namespace edgesmith {
namespace {

std::string value_text(const Key& key) {
  return *key.example != '\0' ? key.example : default_text(key);
}

std::string comment(const Key& key) {
  std::string text = key.meaning;
  const std::string allowed = allowed_text(key.allowed);
  if (!allowed.empty()) text += fmt::format(" ({}{}{})", allowed, *key.unit != '\0' ? " " : "", key.unit);
  return "# " + text + "\n";
}

/// Keys with a default stay commented out, each beside its meaning.
std::string key_text(const Section& section, const Key& key) {
  const bool live = section.repeat != Repeat::steps && key.need != Need::optional;
  return comment(key) + fmt::format("{}{} = {}\n", live ? "" : "#", key.name, value_text(key));
}

std::string section_text(const Section& section) {
  std::string text = fmt::format("\n# {}\n", section.meaning);
  text +=
      section.repeat == Repeat::steps ? fmt::format("#[[{}]]\n", section.name) : fmt::format("[{}]\n", section.name);
  for (const Key& key : section.keys)
    text += key_text(section, key);
  return text;
}

/// Puts `name` where the table has its example; refuses one that the reader would refuse.
std::string with_name(std::string text, const std::string& name) {
  const std::string example = "\nname = \"my_project\"\n";
  return text.replace(text.find(example), example.size(), "\nname = \"" + name + "\"\n");
}

}  // namespace

std::string project_template(const std::string& name) {
  std::string text = "# An Edgesmith project. Lines that begin with # show a default or an example.\n";
  for (const Section& section : project_sections())
    text += section_text(section);
  text = with_name(text, name);
  parse_project(text, "");
  return text;
}

}  // namespace edgesmith
