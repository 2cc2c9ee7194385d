#pragma once
// The one exception of the desktop: thrown where a command must end, caught once in cli.

#include <stdexcept>
#include <string>
#include <utility>

namespace edgesmith {

/// Exit status of the command that ends with this error.
enum class ErrorKind {
  request = 2,      // the request, project or input is wrong
  unavailable = 3,  // a target, tool or data set is not there
  defect = 4,       // our own mistake
};

/// What went wrong, told so that the reader can mend it. Empty fields are left out of the text.
struct ErrorText {
  std::string code = {};      // stable, for programs: "project.unknown_key"
  std::string what = {};      // one sentence, no full stop
  std::string where = {};     // file:line, node, recording ...
  std::string expected = {};  // what is allowed
  std::string found = {};     // what stood there
  std::string try_this = {};  // a next step that would work
};

/// "where: what", then an indented line with expected, found and try.
std::string to_text(const ErrorText& text);

/// what() is the whole text.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind error_kind, ErrorText error_text)
      : std::runtime_error(to_text(error_text)), kind(error_kind), text(std::move(error_text)) {}
  explicit Error(ErrorText error_text) : Error(ErrorKind::request, std::move(error_text)) {}

  ErrorKind kind;
  ErrorText text;
};

}  // namespace edgesmith
