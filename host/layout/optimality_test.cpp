// Layouts of small random networks against trying everything: every order of the operators, and for each every offset
// of every block. Written from the contract in layout.h alone; nothing is shared with the search.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/layout/layout.h"
#include "host/layout/random_graphs.h"

namespace edgesmith::layout {
namespace {

constexpr std::ptrdiff_t kUnit = 16;

struct Piece {  // of memory
  std::ptrdiff_t bytes = 0;
  std::ptrdiff_t units() const {
    return (bytes + kUnit - 1) / kUnit;
  }
};

/// What may be said of a network before its order is known. A piece is an activation with its reshapes, or a scratch.
class Everything {
 public:
  explicit Everything(const RandomNetwork& network) : network_(network), graph_(network.graph) {
    piece_of_.assign(graph_.tensors.size(), -1);
    for (const ir::TensorId id : graph_.inputs)
      piece(id);
    for (const ir::Op& op : graph_.ops) {
      for (const ir::TensorId id : op.inputs)
        piece(id);
      for (const ir::TensorId id : op.outputs)
        if (op.kind == ir::OpKind::reshape)
          piece_of_[static_cast<std::size_t>(id)] = piece(op.inputs[0]);
        else
          piece(id);
    }
    for (std::size_t i = 0; i < graph_.ops.size(); ++i) {
      const auto at = network.scratch.find(graph_.ops[i].name);
      scratch_of_.push_back(at == network.scratch.end() ? -1 : static_cast<int>(pieces_.size()));
      if (at != network.scratch.end()) pieces_.push_back({static_cast<std::ptrdiff_t>(at->second)});
    }
  }

  struct Answer {
    std::ptrdiff_t arena = std::numeric_limits<std::ptrdiff_t>::max();
    std::ptrdiff_t bound = arena, bound_inplace = arena;
  };

  Answer solve() {
    order_.clear();
    visit({});
    answer_.arena *= kUnit;
    answer_.bound *= kUnit;
    answer_.bound_inplace *= kUnit;
    return answer_;
  }

 private:
  struct Peaks {
    std::ptrdiff_t apart = 0, shared = 0, with_scratch = 0;
  };
  struct Moment {
    std::vector<int> alive;  // pieces, scratch last
    int op = -1;             // -1: the network's ends
    std::set<int> dying;     // pieces
  };

  int piece(ir::TensorId id) {
    int& index = piece_of_[static_cast<std::size_t>(id)];
    if (index < 0) {
      index = static_cast<int>(pieces_.size());
      pieces_.push_back({static_cast<std::ptrdiff_t>(ir::tensor_bytes(graph_.tensor(id)))});
    }
    return index;
  }
  bool is(const std::vector<ir::TensorId>& ids, int p) const {
    return std::any_of(ids.begin(), ids.end(),
                       [&](ir::TensorId id) { return piece_of_[static_cast<std::size_t>(id)] == p; });
  }
  bool runs_before(std::size_t op, std::size_t position) const {
    return std::find(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(position), op) !=
           order_.begin() + static_cast<std::ptrdiff_t>(position);
  }
  // Must the piece's bytes survive the operators up to `position`, excluded? Orders may be unfinished.
  bool wanted_from(int p, std::size_t position) const {
    if (is(graph_.outputs, p)) return true;
    for (std::size_t i = 0; i < graph_.ops.size(); ++i)
      if (is(graph_.ops[i].inputs, p) && !runs_before(i, position)) return true;
    return false;
  }
  bool written_before(int p, std::size_t position) const {
    if (is(graph_.inputs, p)) return true;
    for (std::size_t i = 0; i < graph_.ops.size(); ++i)
      if (is(graph_.ops[i].outputs, p) && runs_before(i, position)) return true;
    return false;
  }

  Moment moment(std::size_t position) const {
    Moment moment;
    const ir::Op& op = graph_.ops[order_[position]];
    moment.op = static_cast<int>(order_[position]);
    for (int p = 0; p < static_cast<int>(pieces_.size()); ++p) {
      const bool used = is(op.inputs, p) || is(op.outputs, p);
      if (used || (written_before(p, position) && wanted_from(p, position))) moment.alive.push_back(p);
      if (is(op.inputs, p) && !wanted_from(p, position + 1)) moment.dying.insert(p);
    }
    const int scratch = scratch_of_[order_[position]];
    if (scratch >= 0) moment.alive.push_back(scratch);
    return moment;
  }

  Moment start() const {
    Moment moment;
    for (const ir::TensorId id : graph_.inputs)
      moment.alive.push_back(piece_of_[static_cast<std::size_t>(id)]);
    return moment;
  }

  // May a and b, alive together at the moment, begin at these units? As layout.h says it, byte by byte.
  bool right(const Moment& moment, int a, std::ptrdiff_t unit_a, int b, std::ptrdiff_t unit_b) const {
    const std::ptrdiff_t end_a = unit_a + pieces_[static_cast<std::size_t>(a)].units();
    const std::ptrdiff_t end_b = unit_b + pieces_[static_cast<std::size_t>(b)].units();
    if (end_a <= unit_b || end_b <= unit_a) return true;
    if (moment.op < 0) return false;
    const ir::Op& op = graph_.ops[static_cast<std::size_t>(moment.op)];
    if (op.kind == ir::OpKind::reshape) return false;
    const int output = piece_of_[static_cast<std::size_t>(op.outputs[0])];
    if (a == output) return may_share(op, moment, output, unit_a, b, unit_b);
    if (b == output) return may_share(op, moment, output, unit_b, a, unit_a);
    return false;
  }

  bool may_share(const ir::Op& op, const Moment& moment, int output, std::ptrdiff_t output_unit, int input,
                 std::ptrdiff_t input_unit) const {
    if (moment.dying.count(input) == 0) return false;
    std::set<int> offered;  // inputs that any overlap with the output can be allowed of
    for (std::size_t k = 0; k < op.inputs.size(); ++k)
      if (gives_something(op, op.inputs[k])) offered.insert(piece_of_[static_cast<std::size_t>(op.inputs[k])]);
    const std::ptrdiff_t output_bytes = pieces_[static_cast<std::size_t>(output)].bytes;
    const std::ptrdiff_t input_bytes = pieces_[static_cast<std::size_t>(input)].bytes;
    const std::ptrdiff_t start_distance = kUnit * (input_unit - output_unit);
    const std::ptrdiff_t end_distance = output_bytes - input_bytes - start_distance;
    bool forwards = true, backwards = offered.size() < 2;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      if (piece_of_[static_cast<std::size_t>(op.inputs[k])] != input) continue;
      const Overlap overlap = overlap_of(op, k);
      forwards = forwards && overlap.forwards && start_distance >= *overlap.forwards;
      backwards = backwards && overlap.backwards && end_distance >= *overlap.backwards;
    }
    if (offered.size() > 1) forwards = forwards && start_distance >= 0;
    return forwards || backwards;
  }

  Overlap overlap_of(const ir::Op& op, std::size_t k) const {
    const auto at = network_.overlaps.find({op.name, k});
    return at == network_.overlaps.end() ? Overlap{} : at->second;
  }

  // Are there two starts that share a byte and keep all distances of the piece?
  bool gives_something(const ir::Op& op, ir::TensorId id) const {
    const std::ptrdiff_t output_bytes = static_cast<std::ptrdiff_t>(ir::tensor_bytes(graph_.tensor(op.outputs[0])));
    const std::ptrdiff_t input_bytes = static_cast<std::ptrdiff_t>(ir::tensor_bytes(graph_.tensor(id)));
    for (std::ptrdiff_t start_distance = -input_bytes / kUnit * kUnit; start_distance < output_bytes;
         start_distance += kUnit) {
      if (start_distance + input_bytes <= 0) continue;
      bool forwards = true, backwards = true;
      for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        if (piece_of_[static_cast<std::size_t>(op.inputs[k])] != piece_of_[static_cast<std::size_t>(id)]) continue;
        const Overlap overlap = overlap_of(op, k);
        forwards = forwards && overlap.forwards && start_distance >= *overlap.forwards;
        backwards = backwards && overlap.backwards && output_bytes - input_bytes - start_distance >= *overlap.backwards;
      }
      if (forwards || backwards) return true;
    }
    return false;
  }

  // What the moments demand of each two pieces, by the difference of their starts.
  class Rules {
   public:
    Rules(const Everything& all, const std::vector<Moment>& moments, std::vector<int> pieces)
        : pieces_(std::move(pieces)) {
      for (const int p : pieces_)
        sizes_.push_back(all.pieces_[static_cast<std::size_t>(p)].units());
      for (const int a : pieces_)
        for (const int b : pieces_)
          for (std::ptrdiff_t difference = -kReach; difference <= kReach; ++difference)
            right_.push_back(all.right_at_all(moments, a, b, difference));
    }
    // Is there a place for all of them below `limit` units? `starts` are those of the first pieces.
    bool fit(std::ptrdiff_t limit, std::vector<std::ptrdiff_t>& starts) const {
      const std::size_t next = starts.size();
      if (next == sizes_.size()) return true;
      for (std::ptrdiff_t start = 0; start + sizes_[next] <= limit; ++start) {
        bool free = true;
        for (std::size_t other = 0; free && other < next; ++other)
          free = right(next, other, starts[other] - start);
        if (!free) continue;
        starts.push_back(start);
        if (fit(limit, starts)) return true;
        starts.pop_back();
      }
      return false;
    }
    bool fit(std::ptrdiff_t limit) const {
      std::vector<std::ptrdiff_t> starts;
      return fit(limit, starts);
    }
    bool operator<(const Rules& other) const {
      return std::tie(pieces_, right_) < std::tie(other.pieces_, other.right_);
    }

   private:
    static constexpr std::ptrdiff_t kReach = 64;  // units; larger than any arena here
    bool right(std::size_t a, std::size_t b, std::ptrdiff_t difference) const {
      return right_[(a * pieces_.size() + b) * (2 * kReach + 1) + static_cast<std::size_t>(difference + kReach)];
    }
    std::vector<int> pieces_;
    std::vector<std::ptrdiff_t> sizes_;
    std::vector<bool> right_;  // [a][b][start of b - start of a]
  };

  bool right_at_all(const std::vector<Moment>& moments, int a, int b, std::ptrdiff_t difference) const {
    return std::all_of(moments.begin(), moments.end(), [&](const Moment& moment) {
      return a == b || !holds(moment, a) || !holds(moment, b) || right(moment, a, 0, b, difference);
    });
  }
  static bool holds(const Moment& moment, int p) {
    return std::find(moment.alive.begin(), moment.alive.end(), p) != moment.alive.end();
  }
  static std::vector<int> pieces_in(const std::vector<Moment>& moments) {
    std::vector<int> pieces;
    for (const Moment& moment : moments)
      for (const int p : moment.alive)
        if (std::find(pieces.begin(), pieces.end(), p) == pieces.end()) pieces.push_back(p);
    return pieces;
  }

  // The least units for one moment alone. Those that nobody may share are not searched for: they just add up.
  std::ptrdiff_t least(const Moment& moment) {
    const auto key = std::make_tuple(moment.op, moment.alive, moment.dying);
    const auto known = least_.find(key);
    if (known != least_.end()) return known->second;
    std::ptrdiff_t apart = 0;
    std::vector<int> shared;
    for (const int p : moment.alive) {
      const bool in_play = moment.op >= 0 && (moment.dying.count(p) != 0 ||
                                              is(graph_.ops[static_cast<std::size_t>(moment.op)].outputs, p));
      if (in_play)
        shared.push_back(p);
      else
        apart += pieces_[static_cast<std::size_t>(p)].units();
    }
    const Rules rules(*this, {moment}, shared);
    std::ptrdiff_t limit = 0;
    while (!rules.fit(limit))
      ++limit;
    return least_[key] = apart + limit;
  }

  Peaks raised(Peaks peaks, Moment moment) {
    peaks.with_scratch = std::max(peaks.with_scratch, least(moment));
    if (moment.op >= 0 && scratch_of_[static_cast<std::size_t>(moment.op)] >= 0) moment.alive.pop_back();
    peaks.shared = std::max(peaks.shared, least(moment));
    std::ptrdiff_t sum = 0;
    for (const int p : moment.alive)
      sum += pieces_[static_cast<std::size_t>(p)].units();
    peaks.apart = std::max(peaks.apart, sum);
    return peaks;
  }

  void visit(Peaks peaks) {
    if (order_.empty()) peaks = raised(peaks, start());
    if (peaks.apart >= answer_.bound && peaks.shared >= answer_.bound_inplace && peaks.with_scratch >= answer_.arena)
      return;
    if (order_.size() == graph_.ops.size()) return finish(peaks);
    for (std::size_t i = 0; i < graph_.ops.size(); ++i) {
      if (!can_run(i)) continue;
      order_.push_back(i);
      visit(raised(peaks, moment(order_.size() - 1)));
      order_.pop_back();
    }
  }

  bool can_run(std::size_t i) const {
    if (runs_before(i, order_.size())) return false;
    for (const ir::TensorId id : graph_.ops[i].inputs)
      for (std::size_t j = 0; j < graph_.ops.size(); ++j) {
        const std::vector<ir::TensorId>& written = graph_.ops[j].outputs;
        const bool writes = std::find(written.begin(), written.end(), id) != written.end();
        if (writes && !runs_before(j, order_.size())) return false;
      }
    return true;
  }

  void finish(const Peaks& peaks) {
    answer_.bound = std::min(answer_.bound, peaks.apart);
    answer_.bound_inplace = std::min(answer_.bound_inplace, peaks.shared);
    std::vector<Moment> moments{start()};
    for (std::size_t k = 0; k < order_.size(); ++k)
      moments.push_back(moment(k));
    if (peaks.with_scratch >= answer_.arena) return;
    const Rules rules(*this, moments, pieces_in(moments));
    if (!seen_.insert(rules).second) return;  // another order led to the same
    for (std::ptrdiff_t limit = peaks.with_scratch; limit < answer_.arena; ++limit)
      if (rules.fit(limit)) answer_.arena = limit;
  }

  const RandomNetwork& network_;
  const ir::Graph& graph_;
  std::vector<Piece> pieces_;
  std::vector<int> piece_of_;    // by tensor
  std::vector<int> scratch_of_;  // by operator
  std::vector<std::size_t> order_;
  std::map<std::tuple<int, std::vector<int>, std::set<int>>, std::ptrdiff_t> least_;
  std::set<Rules> seen_;
  Answer answer_;
};

TEST(PlanArena, EqualsTryingEverythingOnAThousandSmallNetworks) {
  int overlapped = 0, above_the_bound = 0, reordered = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    const RandomNetwork network = random_network(random, 3 + random.below(8), 64);
    const Layout layout = plan_arena(network.graph, network.options());
    const Everything::Answer answer = Everything(network).solve();
    ASSERT_EQ(layout.lower_bound.bytes, static_cast<std::size_t>(answer.bound)) << "seed " << seed;
    ASSERT_EQ(layout.lower_bound_inplace.bytes, static_cast<std::size_t>(answer.bound_inplace)) << "seed " << seed;
    ASSERT_EQ(layout.arena_bytes, static_cast<std::size_t>(answer.arena)) << "seed " << seed;
    EXPECT_TRUE(layout.optimal) << "seed " << seed;
    EXPECT_TRUE(layout.lower_bound.exact && layout.lower_bound_inplace.exact) << "seed " << seed;
    overlapped += layout.lower_bound_inplace.bytes < layout.lower_bound.bytes;
    above_the_bound += layout.arena_bytes > layout.lower_bound_inplace.bytes && network.scratch.empty();
    reordered += !std::is_sorted(layout.order.begin(), layout.order.end());
  }
  // Hard enough to tell a good search from a bad one?
  EXPECT_GT(overlapped, 500);
  EXPECT_GT(above_the_bound, 50);
  EXPECT_GT(reordered, 100);
}

}  // namespace
}  // namespace edgesmith::layout
