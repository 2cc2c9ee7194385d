#include "host/project/read_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "host/base/text.h"
#include "host/project/toml_text.h"

namespace edgesmith {
namespace {

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "whole number";
    case toml::node_type::floating_point:
      return "number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "list";
    case toml::node_type::table:
      return "table";
    default:
      return "date or time";
  }
}

/// toml++ quotes with apostrophes and breaks long arrays over lines; here everything stays on one line.
std::string one_line(const toml::node& node) {
  std::ostringstream out;
  node.visit([&out](const auto& typed) { out << typed; });
  std::string text = out.str(), flat;
  for (char c : text)
    if (c != '\n' && !(c == ' ' && flat.ends_with(' '))) flat += c;
  return flat.size() > 60 ? flat.substr(0, 57) + "..." : flat;
}

ErrorText wrong_type(const toml::node& node, const Key& key) {
  const bool number_wanted = type_text(key).find("number") != std::string::npos;
  const bool unit_in_text = number_wanted && node.is_string() && *key.unit != '\0';
  return {.code = "project.wrong_type",
          .what = "wrong type",
          .expected = type_text(key) + (unit_in_text ? fmt::format(" without quotes, in {}", key.unit) : ""),
          .found = found_text(node)};
}

ErrorText out_of_range(const toml::node& node, const Key& key) {
  const std::string allowed = allowed_text(key.allowed);
  return {.code = "project.out_of_range",
          .what = "out of range",
          .expected = allowed.empty() ? "a number that is finite and fits"
                                      : allowed + (*key.unit ? fmt::format(" {}", key.unit) : ""),
          .found = one_line(node)};
}

bool within(double number, const Allowed& allowed) {
  if (!std::isfinite(number)) return false;
  if (allowed.low == allowed.high) return true;
  return (allowed.above_low ? number > allowed.low : number >= allowed.low) && number <= allowed.high;
}

ErrorText check_word(const std::string& word, const Key& key) {
  const Allowed& allowed = key.allowed;
  const auto listed = [&word](const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (allowed.choices.empty() || listed(allowed.choices)) return {};
  if (listed(allowed.later))
    return {.code = "project.not_available",
            .what = fmt::format("\"{}\" is not available yet", word),
            .expected = allowed_text(allowed)};
  return {.code = "project.unknown_value",
          .what = fmt::format("unknown value \"{}\"", word),
          .expected = allowed_text(allowed),
          .try_this = did_you_mean(word, allowed.choices)};
}

template <class Integer>
ErrorText store_integer(const toml::node& node, const Key& key, Integer& field) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number) return wrong_type(node, key);
  if (!within(static_cast<double>(*number), key.allowed) || !std::in_range<Integer>(*number))
    return out_of_range(node, key);
  field = static_cast<Integer>(*number);
  return {};
}

template <class Entry>
ErrorText store_list(const toml::node& node, const Key& key, std::vector<Entry>& field) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return wrong_type(node, key);
  std::vector<Entry> entries;
  for (const toml::node& element : *array) {
    ErrorText refusal = store_value(element, key, entries.emplace_back());
    if (!refusal.code.empty()) return refusal;
  }
  field = std::move(entries);
  return {};
}

}  // namespace

std::string found_text(const toml::node& node) {
  return fmt::format("{} ({})", one_line(node), type_name(node));
}

ErrorText store_value(const toml::node& node, const Key& key, std::string& field) {
  const auto text = node.value_exact<std::string>();
  if (!text) return wrong_type(node, key);
  ErrorText refusal = check_word(*text, key);
  if (refusal.code.empty()) field = *text;
  return refusal;
}

ErrorText store_value(const toml::node& node, const Key& key, double& field) {
  if (!node.is_number()) return wrong_type(node, key);
  const double number = *node.value<double>();
  if (!within(number, key.allowed)) return out_of_range(node, key);
  field = number;
  return {};
}

ErrorText store_value(const toml::node& node, const Key& key, std::optional<double>& field) {
  double number = 0;
  ErrorText refusal = store_value(node, key, number);
  if (refusal.code.empty()) field = number;
  return refusal;
}

ErrorText store_value(const toml::node& node, const Key& key, int& field) {
  return store_integer(node, key, field);
}

ErrorText store_value(const toml::node& node, const Key& key, std::int64_t& field) {
  return store_integer(node, key, field);
}

ErrorText store_value(const toml::node& node, const Key& key, std::uint64_t& field) {
  return store_integer(node, key, field);
}

ErrorText store_value(const toml::node& node, const Key& key, bool& field) {
  const auto yes = node.value_exact<bool>();
  if (!yes) return wrong_type(node, key);
  field = *yes;
  return {};
}

ErrorText store_value(const toml::node& node, const Key& key, NumberPair& field) {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->size() != 2) return wrong_type(node, key);
  NumberPair pair{};
  for (std::size_t i = 0; i < 2; ++i) {
    ErrorText refusal = store_value(*array->get(i), key, pair[i]);
    if (!refusal.code.empty()) return refusal;
  }
  field = pair;
  return {};
}

ErrorText store_value(const toml::node& node, const Key& key, std::vector<int>& field) {
  return store_list(node, key, field);
}

ErrorText store_value(const toml::node& node, const Key& key, std::vector<std::string>& field) {
  return store_list(node, key, field);
}

ErrorText store_value(const toml::node& node, const Key& key, PerClass& field) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return store_value(node, key, field.shared);
  for (const auto& [name, entry] : *table) {
    double number = 0;
    ErrorText refusal = store_value(entry, key, number);
    if (!refusal.code.empty()) return refusal;
    field.of_class.emplace_back(std::string(name.str()), number);
  }
  return {};
}

}  // namespace edgesmith
