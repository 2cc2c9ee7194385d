#include "host/plan/known_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "device/base/crc32.h"
#include "device/runtime/pipeline.h"
#include "device/runtime/plan_file.h"
#include "host/base/error.h"

namespace edgesmith {
namespace {

constexpr std::uint32_t kSeeds = 64;

struct Answer {
  std::uint32_t seed = 0, input_crc32 = 0;
  std::vector<std::int8_t> output;

  int second_best() const {
    std::vector<std::int8_t> sorted = output;
    std::sort(sorted.rbegin(), sorted.rend());
    return sorted.size() > 1 ? sorted[1] : sorted[0];
  }
};

Answer answer(const Plan& plan, std::uint32_t seed) {
  const NetworkSpec& network = plan.network;
  std::vector<float> ring(road_ring_floats(plan.road)), state(road_state_floats(plan.road));
  std::vector<std::int8_t> arena(network.arena_bytes);
  Road road = {};
  road.begin(plan.road, {{ring.data(), ring.size()}, {state.data(), state.size()}});
  SelfTest test = plan.self_test;
  test.seed = seed;
  run_self_test_road(plan.road, test, road);
  const Span<std::int8_t> input = {arena.data() + network.input_offset, network.input_elems};
  road.quantised_features(network.input_inv_scale, network.input.zero_point, input);
  Answer out;
  out.seed = seed;
  out.input_crc32 = crc32({reinterpret_cast<const std::uint8_t*>(input.data), input.size()});
  network.run(network.context, arena.data());
  const std::int8_t* output = arena.data() + network.output_offset;
  out.output.assign(output, output + network.output_elems);
  return out;
}

void need_ok(Status status) {
  if (status == Status::ok) return;
  throw Error(ErrorKind::defect, {.code = "plan.unreadable",
                                  .what = "the runtime refuses the plan just made",
                                  .found = fmt::format("status {}", static_cast<int>(status))});
}

}  // namespace

void add_self_test(CompiledPlan& plan) {
  plan.self_test_output.assign(plan.labels.size(), 0);
  const std::vector<std::uint8_t> file = plan_file_bytes(plan);
  LoadedPlan loaded;
  const Status status = open_plan({file.data(), file.size()}, *plan.network.kernels, loaded);
  need_ok(status);
  Answer best = answer(loaded.plan, 1);
  for (std::uint32_t seed = 2; seed <= kSeeds; ++seed) {
    Answer next = answer(loaded.plan, seed);
    if (next.second_best() > best.second_best()) best = std::move(next);
  }
  plan.self_test = {best.seed, best.input_crc32};
  plan.self_test_output = best.output;
}

void add_network_self_test(CompiledPlan& plan) {
  plan.self_test.seed = 1;
  std::size_t output_bytes = 0;
  for (const NetworkEnd& end : plan.network.outputs)
    output_bytes += end.bytes;
  plan.self_test_output.assign(output_bytes, 0);
  const std::vector<std::uint8_t> file = plan_file_bytes(plan);
  LoadedNetwork loaded;
  need_ok(open_network({file.data(), file.size()}, *plan.network.kernels, loaded));
  std::vector<std::max_align_t> memory(loaded.arena_bytes / sizeof(std::max_align_t) + 1);  // aligned to 16
  auto* arena = reinterpret_cast<std::int8_t*>(memory.data());
  run_self_test(loaded, arena);  // fails, as nothing is expected yet, but leaves the outputs
  plan.self_test_output.clear();
  for (const NetworkEnd& end : plan.network.outputs)
    plan.self_test_output.insert(plan.self_test_output.end(), arena + end.offset, arena + end.offset + end.bytes);
}

}  // namespace edgesmith
