#include "host/project/keys.h"

#include "host/base/text.h"
#include "host/project/toml_text.h"

namespace edgesmith {
namespace {

struct TypeText {
  std::string operator()(FieldOf<std::string>) const {
    return "text";
  }
  std::string operator()(FieldOf<double>) const {
    return "number";
  }
  std::string operator()(FieldOf<std::optional<double>>) const {
    return "number";
  }
  std::string operator()(FieldOf<int>) const {
    return "whole number";
  }
  std::string operator()(FieldOf<std::int64_t>) const {
    return "whole number";
  }
  std::string operator()(FieldOf<std::uint64_t>) const {
    return "whole number";
  }
  std::string operator()(FieldOf<bool>) const {
    return "true or false";
  }
  std::string operator()(FieldOf<NumberPair>) const {
    return "[low, high]";
  }
  std::string operator()(FieldOf<std::vector<int>>) const {
    return "list of whole numbers";
  }
  std::string operator()(FieldOf<std::vector<std::string>>) const {
    return "list of texts";
  }
  std::string operator()(FieldOf<PerClass>) const {
    return "number, or table of one per class";
  }
};

}  // namespace

bool Draft::sound(const std::vector<std::string>& paths) const {
  for (const std::string& path : paths)
    if (broken.count(path) != 0) return false;
  return true;
}

Place Draft::place(const std::string& path) const {
  if (given(path)) return places.at(path);
  const auto section = places.find(path.substr(0, path.find('.')));
  return section == places.end() ? Place{} : section->second;
}

Allowed any() {
  return {};
}

Allowed one_of(std::vector<std::string> choices, std::vector<std::string> later) {
  return {.choices = std::move(choices), .later = std::move(later)};
}

Allowed between(double low, double high) {
  return {.low = low, .high = high};
}

Allowed above(double low, double high) {
  return {.low = low, .high = high, .above_low = true};
}

std::string allowed_text(const Allowed& allowed) {
  if (!allowed.choices.empty()) return join(allowed.choices, " | ");
  if (allowed.low == allowed.high) return "";
  return (allowed.above_low ? "> " : "") + toml_text(allowed.low) + " .. " + toml_text(allowed.high);
}

const std::vector<Section>& project_sections() {
  static const std::vector<Section> sections = [] {
    std::vector<Section> all;
    for (auto part : {input_sections, window_sections, model_sections, decision_sections})
      for (Section& section : part())
        all.push_back(std::move(section));
    return all;
  }();
  return sections;
}

const std::vector<std::string>& reserved_names() {
  static const std::vector<std::string> names = {"guard",
                                                 "calibration",
                                                 "augment",
                                                 "stream",
                                                 "power",
                                                 "log",
                                                 "release",
                                                 "fusion",
                                                 "path",
                                                 "input.height",
                                                 "input.width",
                                                 "window.short",
                                                 "features.arithmetic",
                                                 "labels.unknown",
                                                 "labels.level",
                                                 "labels.assign",
                                                 "labels.uncertain",
                                                 "model.layout",
                                                 "train.loss",
                                                 "train.optimiser",
                                                 "quantize.method",
                                                 "quantize.pruning",
                                                 "decision.margin",
                                                 "decision.hysteresis",
                                                 "target.deadline_ms",
                                                 "target.event_latency_ms",
                                                 "target.inference_energy_mj",
                                                 "accept.recall",
                                                 "accept.false_alarms_per_hour",
                                                 "accept.top1_agreement"};
  return names;
}

std::string type_text(const Key& key) {
  return std::visit(TypeText{}, key.field);
}

std::string default_text(const Key& key) {
  if (key.need == Need::required) return "";
  Draft fresh;
  fresh.project.conditioning.emplace_back();
  fresh.project.features.emplace_back();
  return std::visit([&fresh](auto field) { return toml_text(field(fresh)); }, key.field);
}

}  // namespace edgesmith
