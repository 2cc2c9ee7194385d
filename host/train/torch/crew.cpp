#include "host/train/torch/crew.h"

#include <utility>

namespace edgesmith::train {

Crew::Crew(int members) : members_(members), gate_(members), failures_(static_cast<std::size_t>(members)) {
  for (int member = 1; member < members; ++member)
    threads_.emplace_back([this, member] { work(member); });
}

Crew::~Crew() {
  task_ = nullptr;
  gate_.arrive_and_wait();
  for (std::thread& thread : threads_)
    thread.join();
}

void Crew::run(const std::function<void(int)>& task) {
  task_ = &task;
  gate_.arrive_and_wait();
  attempt(0);
  gate_.arrive_and_wait();
  for (std::exception_ptr& failure : failures_) {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
}

void Crew::work(int member) {
  for (;;) {
    gate_.arrive_and_wait();
    if (!task_) return;
    attempt(member);
    gate_.arrive_and_wait();
  }
}

void Crew::attempt(int member) {
  try {
    (*task_)(member);
  } catch (...) {
    failures_[static_cast<std::size_t>(member)] = std::current_exception();
  }
}

}  // namespace edgesmith::train
