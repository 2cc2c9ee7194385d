#include "host/base/error.h"

namespace edgesmith {

std::string to_text(const ErrorText& text) {
  std::string lines = text.where.empty() ? text.what : text.where + ": " + text.what;
  std::string hints;
  const auto hint = [&hints](const char* separator, const char* lead, const std::string& value) {
    if (value.empty()) return;
    if (!hints.empty()) hints += separator;
    hints += lead + value;
  };
  hint(", ", "expected ", text.expected);
  hint(", ", "found ", text.found);
  hint(";  ", "try: ", text.try_this);
  return hints.empty() ? lines : lines + "\n    " + hints;
}

}  // namespace edgesmith
