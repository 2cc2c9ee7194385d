#pragma once
// The bytes alive at each step of an order, and the order whose worst step needs least.

#include "host/layout/model.h"

namespace edgesmith::layout {

enum class Counting { apart, shared, shared_and_scratch };

/// Walks through an order: what is alive, what a step would need. Cheap to copy.
class Progress {
 public:
  explicit Progress(const Model& model);
  bool ready(std::size_t step) const;  // and has not run
  /// Bytes alive during the step, which is ready.
  Bytes during(std::size_t step, Counting counting) const;
  Bytes after(std::size_t step) const;
  void run(std::size_t step);

  const Done& done() const {
    return done_;
  }
  Bytes alive() const {
    return alive_;
  }
  static Bytes at_start(const Model& model);  // all network inputs, read or not

 private:
  const Model* model_;
  Done done_;
  Bytes alive_ = 0;
};

Bytes peak(const Model& model, const Order& order, Counting counting);

struct Peak {
  Bytes bytes = 0;  // no order has a lower peak
  Order order;      // has that peak if exact, else the lowest found
  bool exact = true;
  int step = kNoOp;        // where, kNoOp: before the first or after the last
  std::vector<int> alive;  // buffers there
};

/// Dynamic programming over the sets of steps that can have run: of all orders that lead to the same set only the one
/// with the lowest peak matters. Sets beyond a fixed number are dropped, worst first, and `exact` with them.
Peak least_peak(const Model& model, Counting counting);

}  // namespace edgesmith::layout
