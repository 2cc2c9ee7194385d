#pragma once
// Values as they would be written in edgesmith.toml. What says nothing (an empty text or list, an unset number) is "".

#include <fmt/format.h>

#include <string>

#include "host/base/text.h"
#include "host/project/keys.h"

namespace edgesmith {

/// The shortest decimal that reads back as the same number.
inline std::string toml_text(double number) {
  return number == static_cast<double>(static_cast<std::int64_t>(number))
             ? fmt::format("{}", static_cast<std::int64_t>(number))
             : fmt::format("{}", number);
}
inline std::string toml_text(int number) {
  return std::to_string(number);
}
inline std::string toml_text(std::int64_t number) {
  return std::to_string(number);
}
inline std::string toml_text(std::uint64_t number) {
  return std::to_string(number);
}
inline std::string toml_text(bool yes) {
  return yes ? "true" : "false";
}
inline std::string toml_text(const std::string& text) {
  return text.empty() ? "" : '"' + text + '"';
}
inline std::string toml_text(const std::optional<double>& number) {
  return number ? toml_text(*number) : "";
}
inline std::string toml_text(const NumberPair& pair) {
  return "[" + toml_text(pair[0]) + ", " + toml_text(pair[1]) + "]";
}
inline std::string toml_text(const PerClass& value) {
  return toml_text(value.shared);
}
template <class T>
std::string toml_text(const std::vector<T>& list) {
  std::vector<std::string> parts;
  for (const T& entry : list)
    parts.push_back(toml_text(entry));
  return parts.empty() ? "" : "[" + join(parts) + "]";
}

}  // namespace edgesmith
