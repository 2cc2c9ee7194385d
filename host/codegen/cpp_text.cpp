#include "host/codegen/cpp_text.h"

#include <fmt/format.h>

namespace edgesmith::cpp {

std::string number(float value) {
  std::string text = fmt::format("{:.9g}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

std::string table(const std::vector<std::string>& items) {
  constexpr std::size_t kLine = 116;
  std::string text = "{\n";
  std::string line;
  for (const std::string& item : items) {
    if (line.size() + item.size() + 2 > kLine) {
      text += "    " + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += item + ",";
  }
  if (!line.empty()) text += "    " + line + "\n";
  return text + "}";
}

std::string table(const std::vector<float>& values) {
  std::vector<std::string> items;
  items.reserve(values.size());
  for (float value : values)
    items.push_back(number(value));
  return table(items);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {
      out += '\\';
      out += c;
    } else if (byte < 32 || byte > 126) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string commented(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 32 || byte == 127 || c == '\\' || c == '?') c = '_';
  }
  return text;
}

}  // namespace edgesmith::cpp
