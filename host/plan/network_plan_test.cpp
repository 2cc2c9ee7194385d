#include "host/plan/network_plan.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

#include "device/kernels/portable/set.h"
#include "device/runtime/arena_guard.h"
#include "device/runtime/network_file.h"
#include "device/runtime/plan_file.h"
#include "host/ir/interpreter.h"
#include "host/plan/compiled_plan.h"
#include "host/plan/small_plan_fixture.h"

namespace edgesmith {
namespace {

constexpr std::uint32_t kClaimed = 16;

std::uint32_t claimed_scratch(const kernels::Operator&) {
  return kClaimed;
}

void run_in_claimed(const kernels::Operator& op, const kernels::Operands& operands) {
  std::memset(operands.scratch.data, 0x11, operands.scratch.size());
  kernels::portable::kSet.run(op, operands);
}

void run_beyond_claimed(const kernels::Operator& op, const kernels::Operands& operands) {
  std::memset(operands.scratch.data, 0x11, operands.scratch.size() + 1);
  kernels::portable::kSet.run(op, operands);
}

kernels::KernelSet set_that_runs(void (*run)(const kernels::Operator&, const kernels::Operands&)) {
  kernels::KernelSet set = kernels::portable::kSet;
  set.run = run;
  set.scratch_bytes = claimed_scratch;
  set.overlap_bytes =
      set.overlap_backwards_bytes = [](const kernels::Operator&, std::uint32_t) { return kernels::kNoOverlap; };
  return set;
}

/// Is what lies beside the arena as it was, after a run whose scratch lies at the arena's end?
bool intact_after(const kernels::KernelSet& set) {
  const CompiledPlan plan = compile_bare_network("small", small_network(), {}, {.kernels = &set});
  EXPECT_EQ(plan.network.places[0].scratch_bytes, kClaimed);
  std::vector<std::uint8_t> file = plan_file_bytes(plan);
  LoadedNetwork network;
  EXPECT_EQ(open_network({file.data(), file.size()}, set, network), Status::ok);
  std::vector<std::max_align_t> memory((network.arena_bytes + 2 * kGuardBytes) / sizeof(std::max_align_t) + 1);
  const Span<std::uint8_t> block = {reinterpret_cast<std::uint8_t*>(memory.data()),
                                    network.arena_bytes + 2 * kGuardBytes};
  paint_guards(block);
  for (std::uint32_t i = 0; i < network.program.ops.size(); ++i) {
    const bool at_the_end = plan.network.places[i].scratch_offset + kClaimed == network.arena_bytes;
    if (at_the_end) run_operator(network.program, i, reinterpret_cast<std::int8_t*>(block.data + kGuardBytes));
  }
  return guards_intact(block);
}

TEST(ArenaGuard, CatchesAKernelThatNeedsMoreScratchThanItSaid) {
  EXPECT_TRUE(intact_after(set_that_runs(run_in_claimed)));
  EXPECT_FALSE(intact_after(set_that_runs(run_beyond_claimed)));
}

TEST(BareNetwork, ItsKnownAnswerIsTheInterpretersForNoise) {
  const ir::Graph graph = small_network();
  const CompiledPlan plan = compile_bare_network("small", graph, {}, {});
  std::vector<std::uint8_t> input(ir::tensor_bytes(graph.tensor(graph.inputs[0])));
  std::uint32_t noise = plan.self_test.seed;
  for (std::uint8_t& byte : input) {
    noise = noise * 1664525u + 1013904223u;
    byte = static_cast<std::uint8_t>(noise >> 24);
  }
  const std::vector<std::uint8_t> output = ir::Interpreter(graph).run({input}).at(0);
  ASSERT_EQ(plan.self_test_output.size(), output.size());
  EXPECT_EQ(std::memcmp(plan.self_test_output.data(), output.data(), output.size()), 0);
}

TEST(BareNetwork, ItsPlanNoticesOneFlippedWeight) {
  const CompiledPlan plan = compile_bare_network("small", small_network(), {}, {});
  CompiledPlan changed = plan;
  changed.network.constants[plan.network.places[0].weights_offset + 7] ^= 0x40;
  for (const auto& [which, expected] :
       {std::pair{&plan, Status::ok}, std::pair{&std::as_const(changed), Status::self_test_network}}) {
    std::vector<std::uint8_t> file = plan_file_bytes(*which);
    LoadedNetwork network;
    ASSERT_EQ(open_network({file.data(), file.size()}, kernels::portable::kSet, network), Status::ok);
    std::vector<std::max_align_t> arena(network.arena_bytes / sizeof(std::max_align_t) + 1);
    EXPECT_EQ(run_self_test(network, reinterpret_cast<std::int8_t*>(arena.data())), expected);
  }
}

TEST(BareNetwork, IsNoPipeline) {
  const CompiledPlan plan = compile_bare_network("small", small_network(), {}, {});
  std::vector<std::uint8_t> file = plan_file_bytes(plan);
  LoadedPlan loaded;
  EXPECT_EQ(open_plan({file.data(), file.size()}, kernels::portable::kSet, loaded), Status::plan_malformed);
}

}  // namespace
}  // namespace edgesmith
