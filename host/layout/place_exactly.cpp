// The lowest placement, by trying relations.
//
// Each two blocks that clash must have one of two relations, "b begins at least gap(a, b) after a" or the reverse, and
// a placement is a choice for every pair: the least offsets that meet chosen relations are longest paths in the graph
// of these relations, whatever the signs of the gaps, and exist unless a cycle of it is longer than 0. So choosing all
// pairs both ways misses nothing; no argument about offsets is needed. What makes it quick:
//
//   - The longest paths between all blocks are kept, with the ground (every block begins at 0 or above) and the
//     ceiling as two more nodes. The path from ground to ceiling is a bound on what the choices so far can lead to.
//   - Where one relation of a pair would close a cycle or reach the best height known, the other one must hold.
//   - The pair chosen next is one that raises the bound most, whichever way it goes.
//   - Least offsets that happen to meet all pairs end the branch: nothing in it is lower.
//
// One step costs (blocks + 2)^2 additions for each new relation.

#include <algorithm>
#include <optional>

#include "host/layout/blocks.h"

namespace edgesmith::layout {
namespace {

constexpr Bytes kUnrelated = std::numeric_limits<Bytes>::min() / 4;  // two of them still add up without overflow

class Paths {
 public:
  explicit Paths(const Blocks& blocks) : nodes_(blocks.size() + 2), length_(nodes_ * nodes_, kUnrelated) {
    for (std::size_t a = 0; a < nodes_; ++a)
      at(a, a) = 0;
    at(ground(), ceiling()) = 0;
    for (std::size_t a = 0; a < blocks.size(); ++a) {
      at(ground(), a) = 0;
      at(a, ceiling()) = blocks.bytes(a);
      at(ground(), ceiling()) = std::max(at(ground(), ceiling()), blocks.bytes(a));
    }
  }
  std::size_t ground() const {
    return nodes_ - 2;
  }
  std::size_t ceiling() const {
    return nodes_ - 1;
  }
  Bytes length(std::size_t a, std::size_t b) const {
    return length_[a * nodes_ + b];
  }
  Bytes offset(std::size_t a) const {
    return length(ground(), a);
  }
  Bytes height() const {
    return length(ground(), ceiling());
  }
  // The path from ground to ceiling over the relation.
  Bytes height_with(std::size_t a, Bytes gap, std::size_t b) const {
    return offset(a) + gap + length(b, ceiling());
  }
  void relate(std::size_t a, Bytes gap, std::size_t b) {
    for (std::size_t i = 0; i < nodes_; ++i) {
      const Bytes to_b = length(i, a) + gap;
      if (length(i, a) == kUnrelated || to_b <= length(i, b)) continue;
      for (std::size_t j = 0; j < nodes_; ++j)
        if (length(b, j) != kUnrelated) at(i, j) = std::max(at(i, j), to_b + length(b, j));
    }
  }

 private:
  Bytes& at(std::size_t a, std::size_t b) {
    return length_[a * nodes_ + b];
  }
  std::size_t nodes_;
  std::vector<Bytes> length_;  // longest path from a to b
};

class Search {
 public:
  Search(const Blocks& blocks, Bytes bound, Placement& best, long& budget)
      : blocks_(blocks), bound_(bound), best_(best), budget_(budget) {
    for (std::size_t a = 0; a < blocks.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        if (blocks.clash(a, b)) pairs_.push_back({a, b});
  }

  void run() {
    descend(Paths(blocks_));
    best_.proven = budget_ > 0 || best_.height <= bound_;
  }

 private:
  struct Pair {
    std::size_t a, b;
  };

  bool done() const {
    return best_.height <= bound_ || budget_ <= 0;
  }

  bool possible(const Paths& paths, std::size_t a, std::size_t b) const {
    const Bytes back = paths.length(b, a);
    const bool cycle = back != kUnrelated && back + blocks_.gap(a, b) > 0;
    return !cycle && paths.height_with(a, blocks_.gap(a, b), b) < best_.height;
  }

  // Adds all relations without choice; false: a pair has no relation left.
  bool follow(Paths& paths) const {
    for (bool again = true; again;) {
      again = false;
      for (const auto& [a, b] : pairs_) {
        const bool a_first = possible(paths, a, b), b_first = possible(paths, b, a);
        if (!a_first && !b_first) return false;
        if (a_first && b_first) continue;
        const std::size_t lower = a_first ? a : b, upper = a_first ? b : a;
        if (paths.length(lower, upper) >= blocks_.gap(lower, upper)) continue;
        paths.relate(lower, blocks_.gap(lower, upper), upper);
        again = true;
      }
    }
    return paths.height() < best_.height;
  }

  // The pair to choose next, the relation that seems better first; nothing if the least offsets are right as they are.
  std::optional<Pair> choose(const Paths& paths) const {
    std::optional<Pair> worst;
    Bytes worst_least = 0, worst_sum = 0;
    for (const auto& [a, b] : pairs_) {
      if (blocks_.allowed(a, paths.offset(a), b, paths.offset(b))) continue;
      const Bytes a_first = paths.height_with(a, blocks_.gap(a, b), b);
      const Bytes b_first = paths.height_with(b, blocks_.gap(b, a), a);
      const Bytes least = std::min(a_first, b_first), sum = a_first + b_first;
      if (worst && (least < worst_least || (least == worst_least && sum <= worst_sum))) continue;
      worst = a_first <= b_first ? Pair{a, b} : Pair{b, a};
      worst_least = least;
      worst_sum = sum;
    }
    return worst;
  }

  void descend(Paths paths) {
    --budget_;
    if (done() || !follow(paths)) return;
    const std::optional<Pair> pair = choose(paths);
    if (!pair) {
      best_.height = paths.height();
      best_.offsets.clear();
      for (std::size_t a = 0; a < blocks_.size(); ++a)
        best_.offsets.push_back(paths.offset(a));
      return;
    }
    for (const auto& [lower, upper] : {*pair, Pair{pair->b, pair->a}}) {
      if (done() || !possible(paths, lower, upper)) continue;
      Paths next = paths;
      next.relate(lower, blocks_.gap(lower, upper), upper);
      descend(std::move(next));
    }
  }

  const Blocks& blocks_;
  const Bytes bound_;
  Placement& best_;
  long& budget_;
  std::vector<Pair> pairs_;
};

}  // namespace

void place_exactly(const Blocks& blocks, Bytes bound, Placement& best, long& budget) {
  Search(blocks, bound, best, budget).run();
}

}  // namespace edgesmith::layout
