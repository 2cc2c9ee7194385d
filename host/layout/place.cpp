// Placing blocks in as little memory as possible ("dynamic storage allocation", NP-hard).
//
// Small blocks first of all leave the problem: if the offsets that a block's neighbours forbid to it cannot cover all
// offsets below the bound, it finds a place below the bound however the others lie, so it is placed last. That is
// repeated, and mostly leaves the few large tensors of a network. What remains is placed in some greedy orders, then
// exactly if it is small, else by improving the best order with a random walk from a fixed seed.

#include <algorithm>
#include <functional>
#include <numeric>

#include "host/base/random.h"
#include "host/layout/blocks.h"

namespace edgesmith::layout {
namespace {

constexpr std::size_t kMaxExactBlocks = 20;

struct Span {
  Bytes begin, end;  // both allowed themselves, everything between them is not
};

std::vector<Span> forbidden(const Blocks& blocks, const std::vector<Bytes>& offsets, std::size_t a) {
  std::vector<Span> spans;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    if (offsets[b] == kUnplaced || !blocks.clash(a, b)) continue;
    spans.push_back({offsets[b] - blocks.gap(a, b), offsets[b] + blocks.gap(b, a)});
  }
  std::sort(spans.begin(), spans.end(), [](const Span& x, const Span& y) { return x.begin < y.begin; });
  return spans;
}

Bytes lowest_free(const std::vector<Span>& spans) {
  Bytes start = 0;
  for (const Span& span : spans) {
    if (span.begin >= start) break;
    start = std::max(start, span.end);
  }
  return start;
}

// The start of the tightest gap between the spans; above all of them if there is none.
Bytes best_fit(const std::vector<Span>& spans) {
  Bytes start = 0, best = kUnplaced, best_room = 0;
  for (const Span& span : spans) {
    const Bytes room = span.begin - start;
    if (room >= 0 && (best == kUnplaced || room < best_room)) {
      best = start;
      best_room = room;
    }
    start = std::max(start, span.end);
  }
  return best == kUnplaced ? start : best;
}

using Order = std::vector<std::size_t>;
using Fit = Bytes (*)(const std::vector<Span>&);

Bytes height(const Blocks& blocks, const std::vector<Bytes>& offsets) {
  Bytes top = 0;
  for (std::size_t a = 0; a < blocks.size(); ++a)
    top = std::max(top, offsets[a] + blocks.bytes(a));
  return top;
}

Placement place_in_order(const Blocks& blocks, const Order& order, Fit fit) {
  Placement placement{0, std::vector<Bytes>(blocks.size(), kUnplaced)};
  for (const std::size_t a : order)
    placement.offsets[a] = fit(forbidden(blocks, placement.offsets, a));
  placement.height = height(blocks, placement.offsets);
  return placement;
}

std::vector<Order> greedy_orders(const Blocks& blocks) {
  Order as_they_come(blocks.size());
  std::iota(as_they_come.begin(), as_they_come.end(), std::size_t{0});
  const auto clashing_bytes = [&blocks](std::size_t a) {
    Bytes sum = blocks.bytes(a);
    for (std::size_t b = 0; b < blocks.size(); ++b)
      sum += blocks.clash(a, b) ? blocks.bytes(b) : 0;
    return sum;
  };
  const auto sorted = [](Order order, const std::function<Bytes(std::size_t)>& urgency) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return urgency(a) > urgency(b); });
    return order;
  };
  const Order from_the_end(as_they_come.rbegin(), as_they_come.rend());
  const auto bytes = [&blocks](std::size_t a) { return blocks.bytes(a); };
  return {sorted(as_they_come, bytes),
          sorted(from_the_end, bytes),
          sorted(as_they_come, clashing_bytes),
          sorted(from_the_end, clashing_bytes),
          as_they_come,
          from_the_end};
}

// The order in which blocks leave (see above); the rest stays.
Order leaving(const Blocks& blocks, Bytes bound) {
  Order gone;
  std::vector<bool> here(blocks.size(), true);
  const auto finds_a_place = [&](std::size_t a) {
    Bytes length = 0;  // of all forbidden offsets
    for (std::size_t b = 0; b < blocks.size(); ++b)
      length += b != a && here[b] && blocks.clash(a, b) ? blocks.gap(a, b) + blocks.gap(b, a) : 0;
    return length <= bound - blocks.bytes(a);
  };
  for (bool again = true; again;) {
    again = false;
    for (std::size_t a = 0; a < blocks.size(); ++a) {
      if (!here[a] || !finds_a_place(a)) continue;
      here[a] = false;
      gone.push_back(a);
      again = true;
    }
  }
  return gone;
}

Blocks only(const Blocks& blocks, const Order& chosen) {
  std::vector<Bytes> bytes;
  for (const std::size_t a : chosen)
    bytes.push_back(blocks.bytes(a));
  Blocks part(bytes);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t a = chosen[i], b = chosen[j];
      if (blocks.clash(a, b)) part.set_gaps(i, j, blocks.gap(a, b), blocks.gap(b, a));
    }
  }
  return part;
}

// Where in the order a block stands that makes the placement as high as it is.
std::uint32_t highest(const Blocks& blocks, const Placement& placement, const Order& order) {
  const auto reaches_top = [&](std::size_t a) { return placement.offsets[a] + blocks.bytes(a) == placement.height; };
  return static_cast<std::uint32_t>(std::find_if(order.begin(), order.end(), reaches_top) - order.begin());
}

}  // namespace

Placement place_greedily(const Blocks& blocks, Bytes bound) {
  Placement best{std::numeric_limits<Bytes>::max(), {}};
  for (const Order& order : greedy_orders(blocks)) {
    for (const Fit fit : {&lowest_free, &best_fit}) {
      Placement placement = place_in_order(blocks, order, fit);
      if (placement.height < best.height) best = std::move(placement);
    }
  }
  best.proven = best.height <= bound;
  return best;
}

void improve(const Blocks& blocks, Bytes bound, Placement& best, long& budget) {
  if (blocks.size() < 2) return;
  Random random(1);
  const auto count = static_cast<std::uint32_t>(blocks.size());
  Order order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&best](std::size_t a, std::size_t b) { return best.offsets[a] < best.offsets[b]; });
  Placement here = place_in_order(blocks, order, &lowest_free);
  while (best.height > bound && budget > 0) {
    budget -= 1 + static_cast<long>(blocks.size()) / 8;  // a round costs what as many steps of the exact search do
    Order next = order;
    std::uint32_t from = 1 + random.below(count - 1);
    if (random.below(2) == 0) from = highest(blocks, here, order);
    const std::uint32_t to = random.below(from + 1);
    std::rotate(next.begin() + to, next.begin() + from, next.begin() + from + 1);  // from goes before to
    Placement placement = place_in_order(blocks, next, &lowest_free);
    if (placement.height > here.height) continue;
    here = placement;
    order = std::move(next);
    if (here.height < best.height) best = here;
  }
  best.proven = best.height <= bound;
}

Placement place(const Blocks& blocks, Bytes bound, Bytes below, long& budget) {
  const Order last = leaving(blocks, bound);
  std::vector<bool> stays(blocks.size(), true);
  for (const std::size_t a : last)
    stays[a] = false;
  Order first;
  for (std::size_t a = 0; a < blocks.size(); ++a)
    if (stays[a]) first.push_back(a);
  const Blocks core = only(blocks, first);
  Placement found = core.size() == 0 ? Placement{0, {}, true} : place_greedily(core, bound);
  if (!found.proven && core.size() <= kMaxExactBlocks) {
    if (found.height >= below) found.height = below;  // spares the search what is of no use
    place_exactly(core, bound, found, budget);
  } else if (!found.proven) {
    improve(core, bound, found, budget);
  }
  Placement all{0, std::vector<Bytes>(blocks.size(), kUnplaced), found.proven};
  for (std::size_t i = 0; i < first.size(); ++i)
    all.offsets[first[i]] = found.offsets[i];
  for (auto a = last.rbegin(); a != last.rend(); ++a)
    all.offsets[*a] = lowest_free(forbidden(blocks, all.offsets, *a));
  all.height = height(blocks, all.offsets);
  return all;
}

}  // namespace edgesmith::layout
