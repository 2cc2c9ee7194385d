#pragma once
// The table of keys: everything that edgesmith.toml may say. The reader, the reference page and the template are all
// made from it, so they cannot differ.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host/project/problems.h"
#include "host/project/project.h"

namespace edgesmith {

/// One number for every class, or a table of some: 0.6 or {tap = 0.7}.
struct PerClass {
  double shared = 0;
  std::vector<std::pair<std::string, double>> of_class;
};

using NumberPair = std::array<double, 2>;

/// A project while it is read: the typed project, what needs a second look before it fits there, and where each key
/// stood.
struct Draft {
  Project project;
  std::string sample_type = "f32";
  NumberPair range{};
  std::optional<double> length_ms, hop_ms;
  std::string votes = "1 of 1";
  PerClass threshold{DecisionSection{}.threshold, {}};
  PerClass cooldown_ms{DecisionSection{}.cooldown_ms, {}};

  std::map<std::string, Place> places;  // of "section", "section.key" and "conditioning[2].kind"
  std::set<std::string> broken;         // keys that are missing or have been reported already

  bool given(const std::string& path) const {
    return places.count(path) != 0;
  }
  /// None of these has been reported already: a check that reads them makes sense.
  bool sound(const std::vector<std::string>& paths) const;
  /// Of the key, else of its section, else of the file.
  Place place(const std::string& path) const;
};

/// Where a key's value is stored. The alternative decides the key's type.
template <class T>
using FieldOf = T& (*)(Draft&);
using Field = std::variant<FieldOf<std::string>, FieldOf<double>, FieldOf<std::optional<double>>, FieldOf<int>,
                           FieldOf<std::int64_t>, FieldOf<std::uint64_t>, FieldOf<bool>, FieldOf<NumberPair>,
                           FieldOf<std::vector<int>>, FieldOf<std::vector<std::string>>, FieldOf<PerClass>>;

/// What values a key takes, beyond its type; for lists and tables: each entry.
struct Allowed {
  std::vector<std::string> choices = {};  // of a text; empty = any
  std::vector<std::string> later = {};    // known words that are not available yet
  double low = 0, high = 0;               // of a number, both inclusive; low == high: any
  bool above_low = false;                 // low itself is not allowed
};

Allowed any();
Allowed one_of(std::vector<std::string> choices, std::vector<std::string> later = {});
Allowed between(double low, double high);
Allowed above(double low, double high);
/// "mlp | cnn1d", "0 .. 1", "> 0 .. 100000"; empty for any().
std::string allowed_text(const Allowed& allowed);

enum class Need { required, shown, optional };  // shown: written out in the template, though there is a default

struct Key {
  const char* name;
  const char* unit;  // "" = none
  Field field;
  Allowed allowed;
  Need need;
  const char* example;          // TOML, for the template; "" = the default
  const char* meaning;          // one sentence
  const char* only_key = "";    // this key makes sense only when that one of the same section ...
  const char* only_value = "";  // ... has this value
};

enum class Repeat {
  once,    // [name]
  steps,   // [[name]], one table per step, or none
  blocks,  // [[name]], one table per block; [name] for a single one
};

struct Section {
  const char* name;
  Repeat repeat;
  const char* meaning;
  std::vector<Key> keys;
};

/// In the order of the road.
const std::vector<Section>& project_sections();

/// Names that the architecture keeps for later: "stream", "window.short".
const std::vector<std::string>& reserved_names();

std::string type_text(const Key& key);
/// The default as TOML; empty when there is none.
std::string default_text(const Key& key);

// The parts of the table; project_sections() joins them.
std::vector<Section> input_sections();
std::vector<Section> window_sections();
std::vector<Section> model_sections();
std::vector<Section> decision_sections();

// Fields by member pointers: at<&Project::input, &InputSection::unit>.
template <auto Part, auto Member>
auto& at(Draft& draft) {
  return draft.project.*Part.*Member;
}
template <auto Member>
auto& of_project(Draft& draft) {
  return draft.project.*Member;
}
template <auto Member>
auto& of_draft(Draft& draft) {
  return draft.*Member;
}
template <auto Member>
auto& of_step(Draft& draft) {
  return draft.project.conditioning.back().*Member;
}
template <auto Member>
auto& of_block(Draft& draft) {
  return draft.project.features.back().*Member;
}

}  // namespace edgesmith
