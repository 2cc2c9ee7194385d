// Placing blocks with lifetimes in as little memory as possible ("dynamic storage allocation", NP-hard).
//
// Greedy: blocks in some order (by size, by bytes times lifetime, by birth), each into the tightest gap between those
// already placed that are alive with it. The best order wins; for chains of layers it mostly meets the lower bound.
//
// Exact: in an optimal layout sort the blocks by offset, let each sink onto those below it that are alive with it, and
// repeat until nothing moves. No block ever rises, so some order in which offsets ascend reaches the optimum. The
// search tries these orders depth first, and leaves a branch once its height reaches the best known. It stops at the
// lower bound, or after a fixed number of steps.

#include <algorithm>
#include <functional>
#include <numeric>

#include "host/layout/layout.h"

namespace edgesmith::layout {
namespace {

constexpr std::size_t kMaxExactBlocks = 12;
constexpr int kMaxSteps = 500'000;  // about 20 ms

bool alive_together(const Block& a, const Block& b) {
  return a.first <= b.last && b.first <= a.last;
}

std::size_t height(const std::vector<Block>& blocks, const std::vector<std::size_t>& offsets) {
  std::size_t top = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    top = std::max(top, offsets[i] + blocks[i].bytes);
  return top;
}

// ---- greedy ----------------------------------------------------------------------------------------------------

struct Span {
  std::size_t begin, end;
};

// The start of the tightest gap that takes `bytes` between the `taken` spans, or the end of all.
std::size_t best_fit(std::vector<Span> taken, std::size_t bytes) {
  std::sort(taken.begin(), taken.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::size_t free_from = 0, best = kNoOffset, best_gap = kNoOffset;
  for (const Span& span : taken) {
    if (span.begin >= free_from + bytes && span.begin - free_from < best_gap) {
      best = free_from;
      best_gap = span.begin - free_from;
    }
    free_from = std::max(free_from, span.end);
  }
  return best == kNoOffset ? free_from : best;
}

Placement place_in_order(const std::vector<Block>& blocks, const std::vector<std::size_t>& order) {
  Placement placement{0, std::vector<std::size_t>(blocks.size(), kNoOffset)};
  for (const std::size_t i : order) {
    std::vector<Span> taken;
    for (std::size_t j = 0; j < blocks.size(); ++j) {
      const std::size_t offset = placement.offsets[j];
      if (offset != kNoOffset && alive_together(blocks[i], blocks[j]))
        taken.push_back({offset, offset + blocks[j].bytes});
    }
    placement.offsets[i] = best_fit(std::move(taken), blocks[i].bytes);
  }
  placement.arena_bytes = height(blocks, placement.offsets);
  return placement;
}

Placement place_greedily(const std::vector<Block>& blocks) {
  const std::function<std::size_t(const Block&)> urgencies[] = {
      [](const Block& b) { return b.bytes; },
      [](const Block& b) { return b.bytes * static_cast<std::size_t>(b.last - b.first + 1); },
      [](const Block&) { return std::size_t{0}; },  // as they come: by birth
  };
  Placement best{kNoOffset, {}};
  for (const auto& urgency : urgencies) {
    std::vector<std::size_t> order(blocks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return urgency(blocks[a]) > urgency(blocks[b]); });
    Placement placement = place_in_order(blocks, order);
    if (placement.arena_bytes < best.arena_bytes) best = std::move(placement);
  }
  return best;
}

// ---- exact -----------------------------------------------------------------------------------------------------

class Search {
 public:
  Search(const std::vector<Block>& blocks, Placement start)
      : blocks_(blocks), bound_(peak_bytes(blocks)), best_(std::move(start)), offsets_(blocks.size(), kNoOffset) {}

  Placement run() {
    descend(0, 0, 0);
    return best_;
  }

 private:
  void descend(std::size_t placed, std::size_t floor, std::size_t top) {
    if (placed == blocks_.size()) best_ = {top, offsets_};  // only reached below the best
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (best_.arena_bytes == bound_ || ++steps_ > kMaxSteps) return;
      if (offsets_[i] != kNoOffset) continue;
      const std::size_t offset = rest(i);
      const std::size_t new_top = std::max(top, offset + blocks_[i].bytes);
      if (offset < floor || new_top >= best_.arena_bytes) continue;
      offsets_[i] = offset;
      descend(placed + 1, offset, new_top);
      offsets_[i] = kNoOffset;
    }
  }

  // Where block i comes to rest on the placed ones that are alive with it.
  std::size_t rest(std::size_t i) const {
    std::size_t offset = 0;
    for (std::size_t j = 0; j < blocks_.size(); ++j) {
      const bool below = offsets_[j] != kNoOffset && alive_together(blocks_[i], blocks_[j]);
      if (below) offset = std::max(offset, offsets_[j] + blocks_[j].bytes);
    }
    return offset;
  }

  const std::vector<Block>& blocks_;
  const std::size_t bound_;
  Placement best_;
  std::vector<std::size_t> offsets_;
  int steps_ = 0;
};

}  // namespace

Placement place(const std::vector<Block>& blocks) {
  Placement greedy = place_greedily(blocks);
  if (blocks.size() > kMaxExactBlocks) return greedy;
  return Search(blocks, std::move(greedy)).run();
}

}  // namespace edgesmith::layout
