#include "host/layout/layout.h"

#include <gtest/gtest.h>

#include "host/base/random.h"

namespace edgesmith::layout {
namespace {

constexpr std::size_t kUnit = 16;

std::vector<Block> random_blocks(Random& random, std::uint32_t count) {
  std::vector<Block> blocks;
  for (std::uint32_t i = 0; i < count; ++i) {
    const int first = static_cast<int>(random.below(6));
    blocks.push_back({kUnit * (1 + random.below(5)), first, first + static_cast<int>(random.below(4))});
  }
  return blocks;
}

bool clash(const std::vector<Block>& blocks, const std::vector<std::size_t>& offsets, std::size_t a, std::size_t b) {
  const bool in_time = blocks[a].first <= blocks[b].last && blocks[b].first <= blocks[a].last;
  return in_time && offsets[a] < offsets[b] + blocks[b].bytes && offsets[b] < offsets[a] + blocks[a].bytes;
}

// Every offset of every block, one after the other: can all lie below `limit`?
bool fits(const std::vector<Block>& blocks, std::size_t limit, std::vector<std::size_t>& offsets) {
  const std::size_t next = offsets.size();
  if (next == blocks.size()) return true;
  for (std::size_t offset = 0; offset + blocks[next].bytes <= limit; offset += kUnit) {
    offsets.push_back(offset);
    bool free = true;
    for (std::size_t other = 0; other < next; ++other)
      free = free && !clash(blocks, offsets, next, other);
    if (free && fits(blocks, limit, offsets)) return true;
    offsets.pop_back();
  }
  return false;
}

std::size_t least_by_trying_everything(const std::vector<Block>& blocks) {
  for (std::size_t limit = kUnit;; limit += kUnit) {
    std::vector<std::size_t> offsets;
    if (fits(blocks, limit, offsets)) return limit;
  }
}

TEST(Place, IsOptimalForUpToSevenBlocks) {
  Random random(1);
  for (int round = 0; round < 400; ++round) {
    const std::vector<Block> blocks = random_blocks(random, 1 + random.below(7));
    EXPECT_EQ(place(blocks).arena_bytes, least_by_trying_everything(blocks)) << "round " << round;
  }
}

TEST(Place, IsOptimalWhereTheLowerBoundCannotBeReached) {
  std::vector<Block> blocks = {{3, 7, 11}, {3, 0, 3}, {3, 2, 2}, {1, 3, 7},
                               {2, 5, 7},  {1, 3, 6}, {1, 0, 0}, {3, 8, 10}};
  for (Block& block : blocks)
    block.bytes *= kUnit;
  EXPECT_EQ(peak_bytes(blocks), 6 * kUnit);
  EXPECT_EQ(least_by_trying_everything(blocks), 7 * kUnit);
  EXPECT_EQ(place(blocks).arena_bytes, 7 * kUnit);
}

TEST(Place, NeverOverlapsBlocksAliveTogether) {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const std::vector<Block> blocks = random_blocks(random, 2 + random.below(39));  // both sides of the exact limit
    const Placement placement = place(blocks);
    ASSERT_EQ(placement.offsets.size(), blocks.size());
    EXPECT_GE(placement.arena_bytes, peak_bytes(blocks));
    for (std::size_t a = 0; a < blocks.size(); ++a) {
      EXPECT_LE(placement.offsets[a] + blocks[a].bytes, placement.arena_bytes);
      for (std::size_t b = 0; b < a; ++b)
        EXPECT_FALSE(clash(blocks, placement.offsets, a, b)) << "round " << round;
    }
  }
}

TEST(Place, GivesTheSameAnswerTwice) {
  Random random(3);
  const std::vector<Block> blocks = random_blocks(random, 30);
  EXPECT_EQ(place(blocks).offsets, place(blocks).offsets);
}

ir::TensorId activation(ir::Graph& graph, std::int64_t elems) {
  ir::Tensor tensor;
  tensor.dtype = ir::DType::s8;
  tensor.shape = {1, elems};
  return graph.add(tensor);
}

void step(ir::Graph& graph, ir::OpKind kind, ir::TensorId from, ir::TensorId to) {
  graph.ops.push_back({kind, {from}, {to}, {}, ""});
}

TEST(PlanArena, ChainNeedsItsWidestPair) {
  ir::Graph graph;  // 100 -> 60 -> 200 -> 8 bytes, rounded up to 112, 64, 208, 16
  const auto a = activation(graph, 100), b = activation(graph, 60), c = activation(graph, 200),
             d = activation(graph, 8);
  graph.inputs = {a};
  graph.outputs = {d};
  step(graph, ir::OpKind::softmax, a, b);
  step(graph, ir::OpKind::softmax, b, c);
  step(graph, ir::OpKind::softmax, c, d);
  const Layout layout = plan_arena(graph);
  EXPECT_EQ(layout.arena_bytes, 64u + 208u);
  EXPECT_EQ(layout.lower_bound_bytes, 64u + 208u);
  for (const std::size_t offset : layout.offsets)
    EXPECT_EQ(offset % 16, 0u);
}

TEST(PlanArena, ReshapeLiesOnItsInput) {
  ir::Graph graph;
  const auto a = activation(graph, 32), b = activation(graph, 64), c = activation(graph, 64), d = activation(graph, 16);
  graph.inputs = {a};
  graph.outputs = {d};
  step(graph, ir::OpKind::softmax, a, b);
  step(graph, ir::OpKind::reshape, b, c);
  step(graph, ir::OpKind::softmax, c, d);
  const Layout layout = plan_arena(graph);
  EXPECT_EQ(layout.offsets[1], layout.offsets[2]);
  EXPECT_EQ(layout.arena_bytes, 96u);
}

TEST(PlanArena, KeepsATensorUntilItsLastReaderAndOutputsToTheEnd) {
  ir::Graph graph;  // b is an output written first; a is read again by the last operator
  const auto a = activation(graph, 16), b = activation(graph, 16), c = activation(graph, 16), d = activation(graph, 16);
  graph.inputs = {a};
  graph.outputs = {b, d};
  step(graph, ir::OpKind::softmax, a, b);
  step(graph, ir::OpKind::softmax, a, c);
  step(graph, ir::OpKind::softmax, a, d);
  EXPECT_EQ(plan_arena(graph).arena_bytes, 48u);  // a and b throughout; c and d share
}

TEST(PlanArena, LeavesConstantsOut) {
  ir::Graph graph;
  const auto a = activation(graph, 16), b = activation(graph, 16);
  ir::Tensor weights;
  weights.dtype = ir::DType::s8;
  weights.shape = {16, 16};
  weights.data.resize(256);
  const auto w = graph.add(weights);
  graph.inputs = {a};
  graph.outputs = {b};
  graph.ops.push_back({ir::OpKind::fully_connected, {a, w, ir::kNoTensor}, {b}, {}, ""});
  const Layout layout = plan_arena(graph);
  EXPECT_EQ(layout.offsets[2], kNoOffset);
  EXPECT_EQ(layout.arena_bytes, 32u);
}

}  // namespace
}  // namespace edgesmith::layout
