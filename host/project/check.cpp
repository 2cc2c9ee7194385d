#include "host/project/check.h"

#include <algorithm>

namespace edgesmith {

ErrorText impossible(std::string what, std::string expected, std::string found, std::string try_this) {
  return {.code = "project.impossible",
          .what = std::move(what),
          .where = "",
          .expected = std::move(expected),
          .found = std::move(found),
          .try_this = std::move(try_this)};
}

const std::string* first_duplicate(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) != name) return &*name;
  return nullptr;
}

void check_all(Draft& draft, Problems& problems) {
  if (draft.project.features.empty()) draft.project.features.emplace_back();
  check_input(draft, problems);
  check_data(draft, problems);
  check_conditioning(draft, problems);
  check_window(draft, problems);
  check_features(draft, problems);
  check_labels(draft, problems);
  check_split(draft, problems);
  check_model(draft, problems);
  check_decision(draft, problems);
}

}  // namespace edgesmith
