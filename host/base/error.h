#pragma once
// The one exception of the desktop: thrown where a command must end, caught once in cli.

#include <stdexcept>
#include <string>

namespace edgesmith {

/// Exit status of the command that ends with this error.
enum class ErrorKind {
  request = 2,      // the request, project or input is wrong
  unavailable = 3,  // a target, tool or data set is not there
  defect = 4,       // our own mistake
};

/// What went wrong, told so that the reader can mend it. Empty fields are left out of the text.
struct ErrorText {
  std::string code;      // stable, for programs: "project.unknown_key"
  std::string what;      // one sentence, no full stop
  std::string where;     // file:line, node, recording ...
  std::string expected;  // what is allowed
  std::string found;     // what stood there
  std::string try_this;  // a next step that would work
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, ErrorText text) : std::runtime_error(text.what), kind(kind), text(std::move(text)) {}
  explicit Error(ErrorText text) : Error(ErrorKind::request, std::move(text)) {}

  ErrorKind kind;
  ErrorText text;
};

/// "where: what", then an indented line with expected, found and try.
std::string to_text(const ErrorText& text);

}  // namespace edgesmith
