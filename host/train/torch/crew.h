#pragma once
// A fixed group of threads that do one thing together, again and again.

#include <barrier>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace edgesmith::train {

/// The caller is member 0; the others wait between tasks.
class Crew {
 public:
  explicit Crew(int members);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  int members() const {
    return members_;
  }

  /// Runs task(member) once for every member, at the same time; returns when all are done. Rethrows the exception of
  /// the first member that threw.
  void run(const std::function<void(int)>& task);

 private:
  void work(int member);
  void attempt(int member);

  int members_;
  std::barrier<> gate_;
  const std::function<void(int)>* task_ = nullptr;  // null: go home
  std::vector<std::exception_ptr> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace edgesmith::train
