#pragma once
// Progress on standard error, only when that is a terminal.

#include <cstdint>
#include <string>

namespace edgesmith {

/// One line that rewrites itself: "train  [#####.....]  12/40  val_f1 0.93  ETA 8 s".
class Progress {
 public:
  Progress(std::string what, std::uint64_t total);
  ~Progress();  // ends the line
  void at(std::uint64_t done, const std::string& note = "");

 private:
  std::string what_;
  std::uint64_t total_;
  double started_s_;
  double last_drawn_s_ = -1;
  bool terminal_;
};

/// A line on standard error, terminal or not: what was guessed, what a step did.
void say(const std::string& line);

}  // namespace edgesmith
