#pragma once
// What an importer found wrong with a file: collected, then told all at once.

#include <functional>
#include <string>
#include <vector>

#include "host/base/error.h"

namespace edgesmith::convert {

/// Why one part of a file cannot be taken. Thrown and caught by importers only, see Problems::collect().
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

/// Nodes that cannot be taken, for one and the same reason.
struct RefusedNodes {
  std::vector<std::string> nodes;  // "3", or "3 'conv1'" where the file names its nodes; empty: the whole file
  std::string op_name;             // empty: concerns the file
  Refusal refusal;
};

/// The Error of a file that cannot be taken, with every reason as data.
class RefusedFile : public Error {
 public:
  RefusedFile(ErrorText error_text, std::vector<RefusedNodes> all_reasons)
      : Error(std::move(error_text)), reasons(std::move(all_reasons)) {}

  std::vector<RefusedNodes> reasons;
};

class Problems {
 public:
  /// `code` is the Error's: "tflite.refused".
  Problems(std::string file, std::string code) : file_(std::move(file)), code_(std::move(code)) {}

  /// Runs `step`; a Refusal that it throws becomes a problem at `node` of kind `op_name`. False if it did.
  bool collect(const std::string& node, const std::string& op_name, const std::function<void()>& step);
  bool collect(int node, const std::string& op_name, const std::function<void()>& step) {
    return collect(std::to_string(node), op_name, step);
  }
  /// The same for what concerns the whole file.
  bool collect(const std::function<void()>& step);

  /// Throws one RefusedFile that tells all problems; nothing if there are none. Nodes with the same problem share a
  /// line.
  void raise() const;

 private:
  void add(const Refusal& refusal, const std::string& node, const std::string& op_name);
  [[noreturn]] void raise_single(const RefusedNodes& only) const;
  [[noreturn]] void raise_list() const;
  static std::string place(const RefusedNodes& problem);

  std::string file_, code_;
  std::vector<RefusedNodes> problems_;
};

}  // namespace edgesmith::convert
