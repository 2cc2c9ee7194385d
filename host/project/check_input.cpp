#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "host/base/text.h"
#include "host/project/check.h"
#include "host/project/toml_text.h"

namespace edgesmith {
namespace {

constexpr std::size_t kMaxChannels = 32;

bool is_identifier(const std::string& text) {
  static const std::regex form("[A-Za-z][A-Za-z0-9_]{0,30}");
  return std::regex_match(text, form);
}

void check_name(const Draft& draft, Problems& problems) {
  if (!draft.sound({"project.name"}) || is_identifier(draft.project.name)) return;
  problems.add(draft.place("project.name"),
               impossible("[project] name cannot name C++ code", "a letter, then letters, digits and _, at most 31",
                          toml_text(draft.project.name)));
}

/// The plan file has room for 15 characters.
void check_version(const Draft& draft, Problems& problems) {
  static const std::regex form("[!-~]{1,15}");
  if (!draft.sound({"project.version"}) || std::regex_match(draft.project.version, form)) return;
  problems.add(draft.place("project.version"),
               impossible("[project] version does not fit", "1 to 15 letters, digits and signs, without spaces",
                          toml_text(draft.project.version)));
}

void check_channels(Draft& draft, Problems& problems) {
  if (!draft.sound({"input.channels"})) return;
  const std::vector<std::string>& channels = draft.project.input.channels;
  const auto refuse = [&](const std::string& what, const std::string& expected, const std::string& found) {
    draft.broken.insert("input.channels");
    problems.add(draft.place("input.channels"), impossible("[input] channels: " + what, expected, found));
  };
  if (channels.empty() || channels.size() > kMaxChannels)
    return refuse("wrong number of channels", "1 to 32", std::to_string(channels.size()));
  if (const std::string* twice = first_duplicate(channels))
    return refuse("'" + *twice + "' stands twice", "each name once", "");
  for (const std::string& name : channels)
    if (!is_identifier(name)) return refuse("not a name", "a letter, then letters, digits and _", "'" + name + "'");
}

void resolve_type(Draft& draft, Problems& problems) {
  if (!draft.sound({"input.type"})) return;
  InputSection& input = draft.project.input;
  input.type = draft.sample_type == "i16"  ? SampleType::i16
               : draft.sample_type == "u8" ? SampleType::u8
                                           : SampleType::f32;
  const bool counts = input.type != SampleType::f32;
  if (counts && !draft.given("input.scale"))
    problems.add(draft.place("input.type"),
                 impossible("[input] type = " + toml_text(draft.sample_type) + " needs a scale",
                            "the unit's worth of one count", "", "scale = 0.000122  for 4 g over 32768 counts"));
  if (!counts && draft.given("input.scale") && input.scale != 1)
    problems.add(
        draft.place("input.scale"),
        impossible("[input] scale is for counts; f32 values are in the unit already", "type = \"i16\" or \"u8\"",
                   "type = \"f32\"", "remove scale, or set the type of the sensor's counts"));
}

void resolve_range(Draft& draft, Problems& problems) {
  if (!draft.sound({"input.range"})) return;
  draft.project.input.range_low = draft.range[0];
  draft.project.input.range_high = draft.range[1];
  if (draft.range[0] < draft.range[1]) return;
  problems.add(draft.place("input.range"),
               impossible("[input] range is empty", "[low, high] with low below high", toml_text(draft.range)));
}

void check_pattern(const Draft& draft, Problems& problems, const std::string& key, const std::string& pattern) {
  if (pattern.empty()) return;
  const auto refuse = [&](const std::string& what, const std::string& found) {
    problems.add(draft.place("data." + key),
                 impossible("[data] " + key + ": " + what, "a regular expression with one group in parentheses", found,
                            "single quotes keep backslashes: " + key + " = '(s\\d+)_'"));
  };
  try {
    const std::size_t groups = std::regex(pattern).mark_count();
    if (groups != 1) refuse("wrong number of groups", std::to_string(groups));
  } catch (const std::regex_error&) {
    refuse("not a regular expression", "'" + pattern + "'");
  }
}

void check_either(const Draft& draft, Problems& problems, const std::string& one, const std::string& other) {
  if (!draft.given("data." + one) || !draft.given("data." + other)) return;
  problems.add(draft.place("data." + other),
               impossible(fmt::format("[data] {} and {} exclude each other", one, other), "one of them"));
}

/// Keys of a kind of step that it cannot do without.
std::string required_of(const std::string& kind) {
  if (kind == "despike") return "max_jump";
  return kind == "ema" ? "alpha" : "";
}

void check_step(const Draft& draft, Problems& problems, const std::string& path, const ConditioningStep& step) {
  const auto refuse = [&](const std::string& key, ErrorText text) {
    text.what = "[conditioning] " + text.what;
    problems.add(draft.place(draft.given(path + key) ? path + key : path.substr(0, path.size() - 1)), std::move(text));
  };
  const std::string required = required_of(step.kind);
  if (!required.empty() && !draft.given(path + required))
    refuse("kind", impossible(step.kind + " needs " + required, required + " = a number"));
  if (step.kind == "clamp" && !(draft.given(path + "low") && draft.given(path + "high")))
    refuse("kind", impossible("clamp needs low and high", "both"));
  else if (step.kind == "clamp" && step.low >= step.high)
    refuse("low", impossible("clamp lets nothing through", "low below high",
                             fmt::format("low = {}, high = {}", step.low, step.high)));
  if (step.kind == "median" && step.length == 4)
    refuse("length", impossible("a median has a middle", "length = 3 or 5", "4"));
  const std::vector<std::string>& channels = draft.project.input.channels;
  for (const std::string& name : step.channels)
    if (draft.sound({"input.channels"}) && std::find(channels.begin(), channels.end(), name) == channels.end())
      refuse("channels",
             impossible("unknown channel '" + name + "'", "of " + join(channels), "", did_you_mean(name, channels)));
}

}  // namespace

void check_input(Draft& draft, Problems& problems) {
  check_name(draft, problems);
  check_version(draft, problems);
  check_channels(draft, problems);
  resolve_type(draft, problems);
  resolve_range(draft, problems);
}

void check_data(const Draft& draft, Problems& problems) {
  const DataSection& data = draft.project.data;
  check_either(draft, problems, "source", "generator");
  check_either(draft, problems, "label_from", "label_column");
  check_pattern(draft, problems, "subject_from", data.subject_from);
  check_pattern(draft, problems, "session_from", data.session_from);
  check_pattern(draft, problems, "label_from", data.label_from);
  const std::size_t channels = draft.project.input.channels.size();
  if (!draft.sound({"input.channels", "data.channels"}) || data.channels.empty() || data.channels.size() == channels)
    return;
  problems.add(draft.place("data.channels"),
               impossible("[data] channels must name one column per [input] channel", std::to_string(channels),
                          std::to_string(data.channels.size())));
}

void check_conditioning(const Draft& draft, Problems& problems) {
  const std::vector<ConditioningStep>& steps = draft.project.conditioning;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string path = fmt::format("conditioning[{}].", i);
    const auto broken = draft.broken.lower_bound(path);
    if (broken == draft.broken.end() || !broken->starts_with(path)) check_step(draft, problems, path, steps[i]);
  }
}

}  // namespace edgesmith
