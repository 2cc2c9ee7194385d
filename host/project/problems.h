#pragma once
// All that is wrong with a project file, told at once and in the order of its lines.

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/error.h"

namespace edgesmith {

/// Where in the file, counted from 1; line 0 = the file as a whole.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class Problems {
 public:
  /// file: as it shall be named in messages.
  explicit Problems(std::string file) : file_(std::move(file)) {}

  /// text.where is filled in from `place`.
  void add(Place place, ErrorText text);

  /// Nothing when there are none; otherwise an Error that is the only problem, or that lists them all.
  void throw_if_any() const;

 private:
  struct Problem {
    Place place;
    ErrorText text;
  };
  std::string file_;
  std::vector<Problem> problems_;
};

}  // namespace edgesmith
