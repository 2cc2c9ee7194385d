#include "host/layout/peak.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace edgesmith::layout {
namespace {

constexpr std::size_t kMaxSets = 1'000;  // of one number of steps

const Buffer& buffer(const Model& model, int index) {
  return model.buffers[static_cast<std::size_t>(index)];
}

Order as_given(const Model& model) {
  Order order(model.steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

// ---- what every order needs ------------------------------------------------------------------------------------

// Which steps come after which, in every order.
std::vector<Done> followers(const Model& model) {
  const std::size_t count = model.steps.size();
  std::vector<Done> after(count, Done(count, false));
  for (std::size_t i = count; i-- > 0;) {  // the steps stand in an order that works
    for (const int earlier : model.steps[i].needs) {
      Done& mine = after[static_cast<std::size_t>(earlier)];
      mine[i] = true;
      for (std::size_t j = 0; j < count; ++j)
        if (after[i][j]) mine[j] = true;
    }
  }
  return after;
}

class EveryOrder {
 public:
  EveryOrder(const Model& model, Counting counting) : model_(model), counting_(counting), after_(followers(model)) {}

  // A bound on the peak of every order: the step that must find most bytes alive.
  Peak bound() const {
    Peak peak;
    peak.exact = false;
    for (int b = 0; b < static_cast<int>(model_.buffers.size()); ++b)
      if (buffer(model_, b).writer == kNoOp) add(b, peak);
    for (std::size_t i = 0; i < model_.steps.size(); ++i) {
      Peak here = at(i);
      if (here.bytes > peak.bytes) peak = std::move(here);
    }
    Peak end;
    for (int b = 0; b < static_cast<int>(model_.buffers.size()); ++b)
      if (buffer(model_, b).to_end) add(b, end);
    end.exact = false;
    return end.bytes > peak.bytes ? end : peak;
  }

 private:
  void add(int b, Peak& peak) const {
    peak.bytes += buffer(model_, b).bytes;
    peak.alive.push_back(b);
  }

  bool read_after(const Buffer& b, std::size_t step) const {
    return b.to_end || std::any_of(b.readers.begin(), b.readers.end(),
                                   [&](int reader) { return after_[step][static_cast<std::size_t>(reader)]; });
  }

  bool always_alive(int index, std::size_t step) const {
    const Buffer& b = buffer(model_, index);
    const int here = static_cast<int>(step);
    const bool used = b.writer == here || std::find(b.readers.begin(), b.readers.end(), here) != b.readers.end();
    const bool written_before = b.writer == kNoOp || after_[static_cast<std::size_t>(b.writer)][step];
    return used || (written_before && read_after(b, step));
  }

  Peak at(std::size_t i) const {
    Peak peak;
    peak.exact = false;
    peak.step = static_cast<int>(i);
    for (int b = 0; b < static_cast<int>(model_.buffers.size()); ++b)
      if (always_alive(b, i)) add(b, peak);
    const Step& step = model_.steps[i];
    if (counting_ == Counting::shared_and_scratch) peak.bytes += step.scratch;
    if (counting_ != Counting::apart) {  // inputs that may die here save most if they all do
      std::vector<bool> dying;
      for (const Share& share : step.shares)
        dying.push_back(!read_after(buffer(model_, share.input), i));
      peak.bytes -= saving(model_, step, dying);
    }
    return peak;
  }

  const Model& model_;
  const Counting counting_;
  const std::vector<Done> after_;
};

// ---- the best order --------------------------------------------------------------------------------------------

class OrderSearch {
 public:
  OrderSearch(const Model& model, Counting counting, Bytes below) : model_(model), counting_(counting), below_(below) {}

  // An order with a peak below `below`, the best there is if exact() then; an empty one if none was found.
  Order run() {
    nodes_.push_back({-1, 0, Progress::at_start(model_)});
    std::vector<Entry> entries{{Progress(model_), 0}};
    for (std::size_t k = 0; k < model_.steps.size(); ++k) {
      next_.clear();
      index_.clear();
      for (const Entry& entry : entries)
        expand(entry);
      keep_the_best();
      entries.swap(next_);
    }
    if (entries.empty() || nodes_[entries[0].node].peak >= below_) return {};
    return trace(entries[0].node);
  }
  bool exact() const {
    return exact_;
  }

 private:
  struct Node {
    std::ptrdiff_t parent;
    std::size_t step;
    Bytes peak;
  };
  struct Entry {
    Progress progress;
    std::size_t node;
  };

  Bytes peak_with(const Entry& entry, std::size_t step) const {
    return std::max(nodes_[entry.node].peak, entry.progress.during(step, counting_));
  }

  void expand(const Entry& entry) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < model_.steps.size(); ++i) {
      if (!entry.progress.ready(i)) continue;
      // What raises neither the peak nor what stays alive comes at once: moved here from anywhere in the best order,
      // it makes nothing worse.
      const bool free =
          peak_with(entry, i) == nodes_[entry.node].peak && entry.progress.after(i) <= entry.progress.alive();
      if (free) ready.clear();
      ready.push_back(i);
      if (free) break;
    }
    for (const std::size_t i : ready)
      step_to(entry, i, peak_with(entry, i));
  }

  void step_to(const Entry& entry, std::size_t step, Bytes peak) {
    if (peak >= below_) return;
    Done done = entry.progress.done();
    done[step] = true;
    const auto [at, added] = index_.try_emplace(done, next_.size());
    const Node node{static_cast<std::ptrdiff_t>(entry.node), step, peak};
    if (added) {
      next_.push_back({entry.progress, nodes_.size()});
      next_.back().progress.run(step);
      nodes_.push_back(node);
    } else if (peak < nodes_[next_[at->second].node].peak) {
      nodes_[next_[at->second].node] = node;
    }
  }

  void keep_the_best() {
    if (next_.size() <= kMaxSets) return;
    exact_ = false;
    std::stable_sort(next_.begin(), next_.end(), [this](const Entry& a, const Entry& b) {
      const Bytes peak_a = nodes_[a.node].peak, peak_b = nodes_[b.node].peak;
      return peak_a != peak_b ? peak_a < peak_b : a.progress.alive() < b.progress.alive();
    });
    next_.erase(next_.begin() + kMaxSets, next_.end());
  }

  Order trace(std::size_t node) const {
    Order order;
    for (; nodes_[node].parent >= 0; node = static_cast<std::size_t>(nodes_[node].parent))
      order.push_back(nodes_[node].step);
    std::reverse(order.begin(), order.end());
    return order;
  }

  const Model& model_;
  const Counting counting_;
  const Bytes below_;
  std::vector<Node> nodes_;
  std::vector<Entry> next_;
  std::unordered_map<Done, std::size_t> index_;  // into next_
  bool exact_ = true;
};

// Fills in where the order's peak is.
void find_peak(const Model& model, Counting counting, Peak& peak) {
  Progress progress(model);
  const auto note = [&](int step) {
    peak.step = step;
    peak.alive.clear();
    for (int b = 0; b < static_cast<int>(model.buffers.size()); ++b) {
      const Buffer& one = buffer(model, b);
      const bool written =
          one.writer == step || one.writer == kNoOp || progress.done()[static_cast<std::size_t>(one.writer)];
      const bool wanted = step == kNoOp || one.writer == step || !dies(one, model.steps.size(), progress.done());
      if (written && wanted) peak.alive.push_back(b);
    }
  };
  if (Progress::at_start(model) == peak.bytes) return note(kNoOp);
  for (const std::size_t i : peak.order) {
    if (progress.during(i, counting) == peak.bytes) return note(static_cast<int>(i));
    progress.run(i);
  }
}

}  // namespace

Progress::Progress(const Model& model) : model_(&model), done_(model.steps.size(), false) {
  for (const Buffer& b : model.buffers)
    if (b.writer == kNoOp && (b.to_end || !b.readers.empty())) alive_ += b.bytes;
}

Bytes Progress::at_start(const Model& model) {
  Bytes bytes = 0;
  for (const Buffer& b : model.buffers)
    bytes += b.writer == kNoOp ? b.bytes : 0;
  return bytes;
}

bool Progress::ready(std::size_t step) const {
  if (done_[step]) return false;
  const std::vector<int>& needs = model_->steps[step].needs;
  return std::all_of(needs.begin(), needs.end(), [this](int i) { return done_[static_cast<std::size_t>(i)]; });
}

Bytes Progress::during(std::size_t step, Counting counting) const {
  const Step& one = model_->steps[step];
  Bytes bytes = alive_;
  for (const int b : one.writes)
    bytes += buffer(*model_, b).bytes;
  if (counting == Counting::apart) return bytes;
  if (counting == Counting::shared_and_scratch) bytes += one.scratch;
  if (one.shares.empty()) return bytes;
  std::vector<bool> dying;
  for (const Share& share : one.shares)
    dying.push_back(dies(buffer(*model_, share.input), step, done_));
  return bytes - saving(*model_, one, dying);
}

Bytes Progress::after(std::size_t step) const {
  Bytes bytes = alive_;
  for (const int b : model_->steps[step].writes)
    if (buffer(*model_, b).to_end || !buffer(*model_, b).readers.empty()) bytes += buffer(*model_, b).bytes;
  for (const int b : model_->steps[step].reads)
    if (dies(buffer(*model_, b), step, done_)) bytes -= buffer(*model_, b).bytes;
  return bytes;
}

void Progress::run(std::size_t step) {
  alive_ = after(step);
  done_[step] = true;
}

Bytes peak(const Model& model, const Order& order, Counting counting) {
  Progress progress(model);
  Bytes bytes = Progress::at_start(model);
  for (const std::size_t i : order) {
    bytes = std::max(bytes, progress.during(i, counting));
    progress.run(i);
  }
  return bytes;
}

Peak least_peak(const Model& model, Counting counting) {
  Peak given;
  given.order = as_given(model);
  given.bytes = peak(model, given.order, counting);
  Peak bound = EveryOrder(model, counting).bound();
  if (bound.bytes == given.bytes) {
    bound.order = given.order;
    bound.exact = true;
    return bound;
  }
  OrderSearch search(model, counting, given.bytes);
  Order order = search.run();
  Peak best = given;
  if (!order.empty()) {
    best.order = std::move(order);
    best.bytes = peak(model, best.order, counting);
  }
  if (!search.exact() && best.bytes > bound.bytes) {
    bound.order = best.order;
    return bound;
  }
  find_peak(model, counting, best);
  return best;
}

}  // namespace edgesmith::layout
