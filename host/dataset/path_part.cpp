// GCC 12 takes the standard library's own <regex> for uninitialised when sanitizers are on.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "host/dataset/path_part.h"

#include <regex>

#include "host/base/error.h"

namespace edgesmith::dataset {

struct PathPart::Expression {
  std::regex regex;
};

PathPart::PathPart(const char* option, const std::string& pattern) : option_(option), pattern_(pattern) {
  if (pattern.empty()) return;
  try {
    expression_ = std::make_unique<Expression>(Expression{std::regex(pattern)});
  } catch (const std::regex_error& error) {
    fail("this is not a regular expression", error.what());
  }
  const unsigned groups = expression_->regex.mark_count();
  if (groups != 1) fail("the expression must have exactly one group", std::to_string(groups) + " groups");
}

PathPart::~PathPart() = default;

std::optional<std::string> PathPart::of(const std::string& path) const {
  if (!expression_) return std::nullopt;
  std::smatch match;
  if (std::regex_search(path, match, expression_->regex) && match[1].length() > 0) return match[1].str();
  throw Error{{.code = "import.no_match",
               .what = std::string(option_) + " finds nothing in this path",
               .where = path,
               .expected = "a match for " + pattern_,
               .try_this = "change the expression, or leave the file out with --include GLOB"}};
}

void PathPart::fail(const std::string& what, const std::string& found) const {
  throw Error{{.code = "import.bad_pattern",
               .what = what,
               .where = option_,
               .expected = "one pair of parentheses around the wanted part, as in ^(s[0-9]+)/",
               .found = pattern_ + " (" + found + ")",
               .try_this = "write (?:...) for parentheses that only group"}};
}

}  // namespace edgesmith::dataset
