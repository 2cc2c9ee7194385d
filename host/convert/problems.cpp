#include "host/convert/problems.h"

#include <algorithm>

namespace edgesmith::convert {
namespace {

constexpr std::size_t kMaxShown = 12;
constexpr std::size_t kMaxNodesShown = 8;

// Adds `item` to a list in words, unless it stands there already.
void append_once(std::string& list, const std::string& item) {
  if (item.empty() || list.find(item) != std::string::npos) return;
  list += (list.empty() ? "" : "; ") + item;
}

}  // namespace

bool Problems::collect(const std::string& node, const std::string& op_name, const std::function<void()>& step) {
  try {
    step();
    return true;
  } catch (const Refusal& refusal) {
    add(refusal, node, op_name);
    return false;
  }
}

bool Problems::collect(const std::function<void()>& step) {
  return collect("", "", step);
}

void Problems::add(const Refusal& refusal, const std::string& node, const std::string& op_name) {
  auto same = std::find_if(problems_.begin(), problems_.end(), [&](const RefusedNodes& known) {
    return (known.op_name == op_name || op_name.empty()) && known.refusal.what == refusal.what;
  });
  if (same == problems_.end()) same = problems_.insert(same, RefusedNodes{{}, op_name, refusal});
  if (!op_name.empty()) same->nodes.push_back(node);
}

// "node 3 (ADD)", "nodes 3, 7, 11 (ADD)", or nothing for the whole file.
std::string Problems::place(const RefusedNodes& problem) {
  if (problem.op_name.empty()) return {};
  std::string text = problem.nodes.size() == 1 ? "node " : "nodes ";
  for (std::size_t i = 0; i < std::min(problem.nodes.size(), kMaxNodesShown); ++i) {
    text += (i ? ", " : "") + problem.nodes[i];
  }
  if (problem.nodes.size() > kMaxNodesShown) text += ", ...";
  return text + " (" + problem.op_name + ")";
}

void Problems::raise() const {
  if (problems_.size() == 1) raise_single(problems_[0]);
  if (problems_.size() > 1) raise_list();
}

void Problems::raise_single(const RefusedNodes& only) const {
  const std::string where = place(only);
  throw RefusedFile({.code = code_,
                     .what = only.refusal.what,
                     .where = where.empty() ? file_ : file_ + ": " + where,
                     .expected = only.refusal.expected,
                     .found = "",
                     .try_this = only.refusal.try_this},
                    problems_);
}

void Problems::raise_list() const {
  std::string what = "this network cannot be taken as it is, for " + std::to_string(problems_.size()) + " reasons";
  std::string expected, try_this;
  for (std::size_t i = 0; i < std::min(problems_.size(), kMaxShown); ++i) {
    const std::string where = place(problems_[i]);
    what += "\n  " + (where.empty() ? "" : where + ": ") + problems_[i].refusal.what;
    append_once(expected, problems_[i].refusal.expected);
    append_once(try_this, problems_[i].refusal.try_this);
  }
  if (problems_.size() > kMaxShown) what += "\n  and " + std::to_string(problems_.size() - kMaxShown) + " more";
  throw RefusedFile(
      {.code = code_, .what = what, .where = file_, .expected = expected, .found = "", .try_this = try_this},
      problems_);
}

}  // namespace edgesmith::convert
