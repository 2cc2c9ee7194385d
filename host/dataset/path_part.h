#pragma once
// What a path tells: subject, session or label, cut out by a regular expression.

#include <memory>
#include <optional>
#include <string>

namespace edgesmith::dataset {

/// The part of a path that a regular expression's one group takes.
class PathPart {
 public:
  /// `option` is for messages. An empty pattern takes nothing. Throws Error for what is no expression with one group.
  PathPart(const char* option, const std::string& pattern);
  ~PathPart();

  /// Nothing when there is no pattern. Throws Error when the path does not match.
  std::optional<std::string> of(const std::string& path) const;

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& found) const;

  struct Expression;  // keeps <regex> out of this header: it costs seconds in every file that includes it
  const char* option_;
  std::string pattern_;
  std::unique_ptr<Expression> expression_;
};

}  // namespace edgesmith::dataset
