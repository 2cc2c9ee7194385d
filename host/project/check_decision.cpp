#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "host/base/text.h"
#include "host/project/check.h"
#include "host/project/toml_text.h"

namespace edgesmith {
namespace {

constexpr int kMaxVotes = 16;

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; });
}

/// `name` is a class, or empty, or that is not for us to say.
void check_class(const Draft& draft, Problems& problems, const std::string& path, const std::string& name) {
  const std::vector<std::string>& classes = draft.project.labels.classes;
  const bool known = std::find(classes.begin(), classes.end(), name) != classes.end();
  if (name.empty() || known || !draft.sound({"labels.classes", path})) return;
  const std::string section = path.substr(0, path.find('.')), key = path.substr(path.find('.') + 1);
  problems.add(draft.place(path), impossible(fmt::format("[{}] {}: unknown class '{}'", section, key, name),
                                             "one of " + join(classes), "", did_you_mean(name, classes)));
}

void check_shares(const Draft& draft, Problems& problems) {
  const SplitSection& split = draft.project.split;
  const double sum = split.train + split.validate + split.test;
  if (!draft.sound({"split.train", "split.validate", "split.test"}) || std::fabs(sum - 1) <= 1e-6) return;
  problems.add(draft.place("split"), impossible("[split] train, validate and test are not the whole", "a sum of 1",
                                                fmt::format("{:.6g}", sum)));
}

void check_groups(const Draft& draft, Problems& problems) {
  const SplitSection& split = draft.project.split;
  std::vector<std::string> all;
  for (const auto* groups : {&split.train_groups, &split.validate_groups, &split.test_groups}) {
    if (groups->empty())
      problems.add(draft.place("split"), impossible("[split] one of the three lists of groups is missing or empty",
                                                    "train_groups, validate_groups and test_groups, or none of them"));
    all.insert(all.end(), groups->begin(), groups->end());
  }
  for (const char* share : {"train", "validate", "test"})
    if (draft.given(std::string("split.") + share))
      problems.add(draft.place(std::string("split.") + share),
                   impossible(fmt::format("[split] {} has no effect beside lists of groups", share), "one of the two"));
  if (const std::string* twice = first_duplicate(all))
    problems.add(draft.place("split"),
                 impossible("[split] '" + *twice + "' stands in the lists twice", "every group in one list, once"));
}

void resolve_votes(Draft& draft, Problems& problems) {
  static const std::regex form("([0-9]{1,2}) of ([0-9]{1,2})");
  std::smatch match;
  DecisionSection& decision = draft.project.decision;
  const bool shaped = std::regex_match(draft.votes, match, form);
  if (shaped) {
    decision.votes_needed = std::stoi(match[1]);
    decision.votes_of = std::stoi(match[2]);
  }
  const bool possible = shaped && 1 <= decision.votes_needed && decision.votes_needed <= decision.votes_of &&
                        decision.votes_of <= kMaxVotes;
  if (possible || !draft.sound({"decision.votes"})) return;
  problems.add(draft.place("decision.votes"),
               impossible("[decision] votes cannot be counted", "\"k of m\" with 1 <= k <= m <= 16",
                          toml_text(draft.votes), "votes = \"2 of 3\""));
}

void check_per_class(const Draft& draft, Problems& problems, const std::string& path, const PerClass& value) {
  for (const auto& [name, number] : value.of_class)
    check_class(draft, problems, path, name);
}

}  // namespace

void check_labels(const Draft& draft, Problems& problems) {
  const LabelsSection& labels = draft.project.labels;
  if (draft.sound({"labels.classes"})) {
    const auto refuse = [&](const std::string& what, const std::string& expected, const std::string& found) {
      problems.add(draft.place("labels.classes"), impossible("[labels] classes: " + what, expected, found));
    };
    if (labels.classes.size() < 2 || labels.classes.size() > 64)
      refuse("wrong number of classes", "2 to 64", std::to_string(labels.classes.size()));
    if (const std::string* twice = first_duplicate(labels.classes))
      refuse("'" + *twice + "' stands twice", "each name once", "");
    if (std::count(labels.classes.begin(), labels.classes.end(), "") > 0) refuse("a name is empty", "a text", "\"\"");
    if (std::any_of(labels.classes.begin(), labels.classes.end(), has_control_characters))
      refuse("a name holds a line break, tab or other control character", "characters that can be seen", "");
  }
  check_class(draft, problems, "labels.idle", labels.idle);
}

void check_split(const Draft& draft, Problems& problems) {
  const SplitSection& split = draft.project.split;
  const bool listed = !split.train_groups.empty() || !split.validate_groups.empty() || !split.test_groups.empty();
  if (!draft.sound({"split.train_groups", "split.validate_groups", "split.test_groups"})) return;
  listed ? check_groups(draft, problems) : check_shares(draft, problems);
}

void check_decision(Draft& draft, Problems& problems) {
  DecisionSection& decision = draft.project.decision;
  decision.threshold = draft.threshold.shared;
  decision.thresholds = draft.threshold.of_class;
  decision.cooldown_ms = draft.cooldown_ms.shared;
  decision.cooldowns_ms = draft.cooldown_ms.of_class;
  resolve_votes(draft, problems);
  check_class(draft, problems, "decision.reject_to", decision.reject_to);
  check_per_class(draft, problems, "decision.threshold", draft.threshold);
  check_per_class(draft, problems, "decision.cooldown_ms", draft.cooldown_ms);
  if (draft.given("decision.threshold") && draft.given("decision.objective"))
    problems.add(draft.place("decision.threshold"), impossible("[decision] thresholds are either given or searched for",
                                                               "threshold or objective", "both"));
}

}  // namespace edgesmith
