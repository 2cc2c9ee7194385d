// The reference page, printed from the table of keys.

#include <fmt/format.h>

#include "host/base/text.h"
#include "host/project/keys.h"

namespace edgesmith {
namespace {

/// A Markdown table ends a cell at every bar.
std::string cell(const std::string& text) {
  std::string escaped;
  for (char c : text)
    escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string default_cell(const Key& key) {
  if (key.need == Need::required) return "**required**";
  const std::string text = default_text(key);
  return text.empty() ? "" : "`" + text + "`";
}

std::string allowed_cell(const Key& key) {
  std::string text = cell(allowed_text(key.allowed));
  if (!key.allowed.later.empty()) text += "; not available yet: " + join(key.allowed.later);
  return text;
}

std::string meaning_cell(const Key& key) {
  std::string text = cell(key.meaning);
  if (*key.only_key != '\0') text += fmt::format(" Only with `{} = \"{}\"`.", key.only_key, key.only_value);
  return text;
}

std::string section_text(const Section& section) {
  const char* heading = section.repeat == Repeat::once    ? "\n## [{0}]\n\n{1}\n\n"
                        : section.repeat == Repeat::steps ? "\n## [[{0}]]\n\n{1}\n\n"
                                                          : "\n## [{0}] or several [[{0}]]\n\n{1}\n\n";
  std::string page = fmt::format(fmt::runtime(heading), section.name, section.meaning);
  page += "| key | type | unit | default | allowed | meaning |\n|---|---|---|---|---|---|\n";
  for (const Key& key : section.keys)
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.name, type_text(key), key.unit, default_cell(key),
                        allowed_cell(key), meaning_cell(key));
  return page;
}

}  // namespace

std::string project_reference() {
  std::string page =
      "# edgesmith.toml\n\n"
      "Everything that a project may say, printed from the table that its reader works with. The file is "
      "[TOML](https://toml.io). What is not known here is refused with its line; a key without a default that is not "
      "required is simply unset.\n";
  for (const Section& section : project_sections())
    page += section_text(section);
  page += "\n## Kept for later\n\nThese names are refused with a message that says so: ";
  std::vector<std::string> names;
  for (const std::string& name : reserved_names())
    names.push_back("`" + name + "`");
  return page + join(names) + ".\n";
}

}  // namespace edgesmith
