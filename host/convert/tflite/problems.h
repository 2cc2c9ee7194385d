#pragma once
// What an importer found wrong with a file: collected, then told all at once.

#include <functional>
#include <string>
#include <vector>

namespace edgesmith::convert {

/// Why one part of a file cannot be taken. Thrown and caught inside this folder only, see Problems::collect().
struct Refusal {
  std::string what;
  std::string expected;
  std::string try_this;
};

/// Throws Refusal unless `holds`.
inline void require(bool holds, const std::string& what, const std::string& expected = {},
                    const std::string& try_this = {}) {
  if (!holds) throw Refusal{what, expected, try_this};
}

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  /// Runs `step`; a Refusal that it throws becomes a problem at node `node` of kind `op_name`. False if it did.
  bool collect(int node, const std::string& op_name, const std::function<void()>& step);
  /// The same for what concerns the whole file.
  bool collect(const std::function<void()>& step);

  /// Throws one Error that tells all problems; nothing if there are none. Nodes with the same problem share a line.
  void raise() const;

 private:
  struct Problem {
    Refusal refusal;
    std::string op_name;  // empty: concerns the file
    std::vector<int> nodes;
  };
  void add(const Refusal& refusal, int node, const std::string& op_name);
  [[noreturn]] void raise_single(const Problem& only) const;
  [[noreturn]] void raise_list() const;
  static std::string place(const Problem& problem);

  std::string file_;
  std::vector<Problem> problems_;
};

}  // namespace edgesmith::convert
