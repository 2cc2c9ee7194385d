// The order as given comes first, then the one with the lowest peak. If neither can be placed as low as the lowest peak
// of all, small networks are searched through: every order whose peak lies below the best height is placed exactly,
// each set of relations between blocks once. Larger ones keep the better of the two.

#include "host/layout/search.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

namespace edgesmith::layout {
namespace {

constexpr std::size_t kMaxSteps = 20;      // to try all orders
constexpr long kPlacementBudget = 60'000;  // steps of all placements together; about 0.2 s
constexpr long kOrderBudget = 100'000;     // steps of the walk through the orders

class Orders {
 public:
  Orders(const Model& model, Bytes bound, bool reorder) : model_(model), bound_(bound), reorder_(reorder) {}

  Found run(const Order& lowest_peak) {
    Order given(model_.steps.size());
    std::iota(given.begin(), given.end(), std::size_t{0});
    found_.placement.height = std::numeric_limits<Bytes>::max();
    bool proven = try_order(given);
    if (reorder_ && !done()) {
      try_order(lowest_peak);
      proven = !done() && model_.steps.size() <= kMaxSteps && walk_all();
    }
    found_.placement.proven = done() || proven;
    return std::move(found_);
  }

 private:
  bool done() const {
    return found_.placement.height <= bound_;
  }

  // Keeps the order if it can be placed lower than the best; false: it may be possible, but was not found.
  bool try_order(const Order& order) {
    const Bytes least = peak(model_, order, Counting::shared_and_scratch);
    if (least >= found_.placement.height) return true;
    const Blocks blocks = blocks_of(model_, order);
    if (!seen_.insert(blocks.gaps()).second) return true;
    Placement placement = place(blocks, least, found_.placement.height, placement_budget_);
    const bool proven = placement.proven;
    if (placement.height < found_.placement.height) found_ = {order, std::move(placement)};
    return proven;
  }

  // Every order that can be better; false if the search was cut short.
  bool walk_all() {
    proven_ = true;
    order_.clear();
    walk(Progress(model_), Progress::at_start(model_));
    return proven_ && order_budget_ > 0;
  }

  void walk(const Progress& progress, Bytes peak_so_far) {
    if (done() || --order_budget_ <= 0) return;
    if (std::max(peak_so_far, peak_of_rest(progress)) >= found_.placement.height) return;
    if (order_.size() == model_.steps.size()) {
      proven_ = try_order(order_) && proven_;
      return;
    }
    for (const std::size_t i : choices(progress)) {
      Progress next = progress;
      next.run(i);
      order_.push_back(i);
      walk(next, std::max(peak_so_far, progress.during(i, Counting::shared_and_scratch)));
      order_.pop_back();
    }
  }

  // The steps that can come next. One that writes nothing and has no scratch (a reshape) comes at once: whatever is
  // alive during it is alive during its neighbours as well, and it can only end a life.
  std::vector<std::size_t> choices(const Progress& progress) const {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < model_.steps.size(); ++i) {
      if (!progress.ready(i)) continue;
      if (model_.steps[i].writes.empty() && model_.steps[i].scratch == 0) return {i};
      ready.push_back(i);
    }
    return ready;
  }

  // The lowest peak of what is still to come.
  Bytes peak_of_rest(const Progress& progress) {
    if (order_budget_ <= 0) return 0;
    const auto known = peak_of_rest_.find(progress.done());
    if (known != peak_of_rest_.end()) return known->second;
    --order_budget_;
    const std::vector<std::size_t> next_steps = choices(progress);
    Bytes least = next_steps.empty() ? progress.alive() : std::numeric_limits<Bytes>::max();
    for (const std::size_t i : next_steps) {
      Progress next = progress;
      next.run(i);
      least = std::min(least, std::max(progress.during(i, Counting::shared_and_scratch), peak_of_rest(next)));
    }
    return peak_of_rest_[progress.done()] = least;
  }

  const Model& model_;
  const Bytes bound_;
  const bool reorder_;
  long placement_budget_ = kPlacementBudget;
  long order_budget_ = kOrderBudget;
  Found found_;
  Order order_;  // the steps of the walk so far
  bool proven_ = true;
  std::set<std::vector<Bytes>> seen_;  // gaps of orders that were placed
  std::unordered_map<Done, Bytes> peak_of_rest_;
};

}  // namespace

Found search(const Model& model, const Peak& least, bool reorder) {
  return Orders(model, least.bytes, reorder).run(least.order);
}

}  // namespace edgesmith::layout
