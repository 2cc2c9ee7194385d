#include "host/base/text.h"

#include <algorithm>
#include <cstddef>

namespace edgesmith {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Edits between a and b; a swap of neighbours counts once (restricted Damerau-Levenshtein, three rows).
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

/// One of "[...]" and what lies behind it.
struct CharacterClass {
  std::string_view members, rest;
  bool negated = false;

  bool holds(char c) const {
    bool found = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const bool range = i + 2 < members.size() && members[i + 1] == '-';
      found = found || (range ? members[i] <= c && c <= members[i + 2] : members[i] == c);
      if (range) i += 2;
    }
    return found != negated && c != '/';
  }
};

/// False when `pattern` does not begin with a class that is closed.
bool read_class(std::string_view pattern, CharacterClass& out) {
  if (!pattern.starts_with('[')) return false;
  out.negated = pattern.substr(1).starts_with('!');
  const std::size_t first = out.negated ? 2 : 1;
  const std::size_t end = pattern.find(']', first + 1);
  if (end == std::string_view::npos) return false;
  out.members = pattern.substr(first, end - first);
  out.rest = pattern.substr(end + 1);
  return true;
}

bool match_here(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      std::string_view rest = pattern.substr(2);
      if (rest.starts_with('/') && match_here(rest.substr(1), path)) return true;
      for (std::size_t skip = 0; skip <= path.size(); ++skip)
        if (match_here(rest, path.substr(skip))) return true;
      return false;
    }
    if (pattern.front() == '*') {
      for (std::size_t skip = 0;; ++skip) {
        if (match_here(pattern.substr(1), path.substr(skip))) return true;
        if (skip == path.size() || path[skip] == '/') return false;
      }
    }
    if (path.empty()) return false;
    CharacterClass set;
    if (read_class(pattern, set)) {
      if (!set.holds(path.front())) return false;
      pattern = set.rest;
      path.remove_prefix(1);
      continue;
    }
    const bool fits = pattern.front() == '?' ? path.front() != '/' : pattern.front() == path.front();
    if (!fits) return false;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
  return path.empty();
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::size_t allowed = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edits(word, candidate);
    if (distance >= allowed || distance >= std::max(word.size(), candidate.size())) continue;
    allowed = distance;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? otherwise : "did you mean '" + near + "'?";
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) joined += separator;
    joined += part;
  }
  return joined;
}

bool glob_match(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) path = path.substr(path.find_last_of('/') + 1);
  return match_here(pattern, path);
}

}  // namespace edgesmith
