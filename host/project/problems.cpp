#include "host/project/problems.h"

#include <algorithm>
#include <tuple>

namespace edgesmith {

void Problems::add(Place place, ErrorText text) {
  text.where = file_;
  if (place.line > 0) text.where += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  problems_.push_back({place, std::move(text)});
}

void Problems::throw_if_any() const {
  if (problems_.empty()) return;
  if (problems_.size() == 1) throw Error{problems_.front().text};
  std::vector<Problem> ordered = problems_;
  std::stable_sort(ordered.begin(), ordered.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::string lines = std::to_string(ordered.size()) + " problems in " + file_;
  for (const Problem& problem : ordered)
    lines += "\n" + to_text(problem.text);
  throw Error{{.code = "project.invalid", .what = lines}};
}

}  // namespace edgesmith
