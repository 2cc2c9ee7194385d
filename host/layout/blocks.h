#pragma once
// The placement problem without its network: blocks of memory, and for each two of them how they may lie.

#include <cstddef>
#include <limits>
#include <vector>

namespace edgesmith::layout {

using Bytes = std::ptrdiff_t;

/// For two blocks that clash, start_b >= start_a + gap(a, b) or start_a >= start_b + gap(b, a). Two that must lie apart
/// have their sizes as gaps. Smaller gaps allow overlaps, negative ones too, but the two of a pair add up to more than
/// 0.
class Blocks {
 public:
  /// Sizes and gaps are multiples of the alignment, and so are all offsets then.
  explicit Blocks(std::vector<Bytes> bytes) : bytes_(std::move(bytes)), gaps_(bytes_.size() * bytes_.size(), kNone) {}

  std::size_t size() const {
    return bytes_.size();
  }
  Bytes bytes(std::size_t a) const {
    return bytes_[a];
  }
  bool clash(std::size_t a, std::size_t b) const {
    return gaps_[a * size() + b] != kNone;
  }
  Bytes gap(std::size_t a, std::size_t b) const {
    return gaps_[a * size() + b];
  }
  void keep_apart(std::size_t a, std::size_t b) {
    set_gaps(a, b, bytes_[a], bytes_[b]);
  }
  void set_gaps(std::size_t a, std::size_t b, Bytes a_to_b, Bytes b_to_a) {
    const bool free = a_to_b + b_to_a <= 0;  // any two offsets are right
    gaps_[a * size() + b] = free ? kNone : a_to_b;
    gaps_[b * size() + a] = free ? kNone : b_to_a;
  }
  bool allowed(std::size_t a, Bytes start_a, std::size_t b, Bytes start_b) const {
    return !clash(a, b) || start_b >= start_a + gap(a, b) || start_a >= start_b + gap(b, a);
  }
  const std::vector<Bytes>& gaps() const {
    return gaps_;
  }

 private:
  static constexpr Bytes kNone = std::numeric_limits<Bytes>::max();
  std::vector<Bytes> bytes_;
  std::vector<Bytes> gaps_;  // [a][b]
};

constexpr Bytes kUnplaced = -1;

struct Placement {
  Bytes height = 0;  // max(start + size)
  std::vector<Bytes> offsets;
  bool proven = false;  // nothing is lower, or nothing lower than `below` when this is not
};

/// Places the blocks; `bound` is a height that none gets below. A placement is only of use if lower than `below`.
/// Costs steps of `budget`, which bounds the time; without any left, the best of a few greedy orders.
Placement place(const Blocks& blocks, Bytes bound, Bytes below, long& budget);

/// The two ways it goes about it. Greedy orders and their improvement, never proven unless `bound` is reached:
Placement place_greedily(const Blocks& blocks, Bytes bound);
void improve(const Blocks& blocks, Bytes bound, Placement& best, long& budget);
/// ... and trying everything. Leaves `best` alone when nothing is lower; its height is all that is asked of it.
void place_exactly(const Blocks& blocks, Bytes bound, Placement& best, long& budget);

}  // namespace edgesmith::layout
