#pragma once
// One TOML value into one field of the draft. Only read.cpp and read_value.cpp see toml++.

#include "host/base/toml.h"
#include "host/project/keys.h"

namespace edgesmith {

inline Place place_of(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

/// The value as written, with its type: "80 ms" (text).
std::string found_text(const toml::node& node);

// Each stores the value and returns an ErrorText without code, or leaves the field alone and says why; `what` is
// still without the key's name, and there is no place.
ErrorText store_value(const toml::node& node, const Key& key, std::string& field);
ErrorText store_value(const toml::node& node, const Key& key, double& field);
ErrorText store_value(const toml::node& node, const Key& key, std::optional<double>& field);
ErrorText store_value(const toml::node& node, const Key& key, int& field);
ErrorText store_value(const toml::node& node, const Key& key, std::int64_t& field);
ErrorText store_value(const toml::node& node, const Key& key, std::uint64_t& field);
ErrorText store_value(const toml::node& node, const Key& key, bool& field);
ErrorText store_value(const toml::node& node, const Key& key, NumberPair& field);
ErrorText store_value(const toml::node& node, const Key& key, std::vector<int>& field);
ErrorText store_value(const toml::node& node, const Key& key, std::vector<std::string>& field);
ErrorText store_value(const toml::node& node, const Key& key, PerClass& field);

}  // namespace edgesmith
