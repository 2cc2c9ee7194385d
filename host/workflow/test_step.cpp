#include "host/workflow/test_step.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/progress.h"
#include "host/workflow/desk.h"
#include "host/workflow/device_step.h"

namespace edgesmith {
namespace {

constexpr std::size_t kLinkWindows = 150;

/// Test recordings first: they are what nobody has trained or tuned on.
std::vector<std::size_t> recordings_in_order(const ProjectData& data) {
  std::vector<std::size_t> order;
  for (const bool wanted : {true, false}) {
    for (std::size_t r = 0; r < data.recordings.size(); ++r) {
      if (data.in_split(data.recordings[r], dataset::Split::test) == wanted) order.push_back(r);
    }
  }
  return order;
}

std::vector<WindowTrace> desk_traces(const Bytes& plan, const ProjectData& data, const std::vector<std::size_t>& order,
                                     std::size_t most) {
  Desk desk(plan);
  std::vector<WindowTrace> traces;
  for (std::size_t i = 0; i < order.size() && traces.size() < most; ++i) {
    for (WindowTrace& trace : desk.run(data.recordings[order[i]], static_cast<std::uint32_t>(i))) {
      if (traces.size() < most) traces.push_back(std::move(trace));
    }
  }
  return traces;
}

std::vector<std::int64_t> instruction_counts(const std::vector<WindowTrace>& traces, double per_tick,
                                             std::uint32_t WindowTrace::*ticks) {
  std::vector<std::int64_t> counts;
  for (const WindowTrace& trace : traces) {
    if (trace.flags == 0) counts.push_back(static_cast<std::int64_t>(trace.*ticks * per_tick));
  }
  return counts;
}

StageCost cost_of(std::vector<std::int64_t> counts) {
  if (counts.empty()) return {};
  std::sort(counts.begin(), counts.end());
  return {counts[counts.size() / 2], counts.back()};
}

BackEndTest compared(const std::string& name, const std::vector<WindowTrace>& desk, const HarnessRun& device,
                     double per_tick) {
  BackEndTest test;
  test.name = name;
  test.seconds = device.seconds;
  test.stack_bytes = device.status.stack_used_bytes;
  if (const std::optional<Difference> refused = compare_begin(device.info.begun)) {
    test.mismatches = desk.size();
    test.first_difference = to_text(*refused);
    return test;
  }
  const Comparison comparison = compare_windows(desk, device.windows);
  test.windows = comparison.windows;
  test.mismatches = comparison.mismatches;
  if (comparison.first) test.first_difference = to_text(*comparison.first);
  test.features_counts = instruction_counts(device.windows, per_tick, &WindowTrace::features_ticks);
  test.network_counts = instruction_counts(device.windows, per_tick, &WindowTrace::network_ticks);
  test.features = cost_of(test.features_counts);
  test.network = cost_of(test.network_counts);
  return test;
}

nlohmann::ordered_json cost_json(const StageCost& cost) {
  return {{"median", cost.median}, {"max", cost.max}};
}

}  // namespace

TestResult test_project(const Project& project, const std::string& board, const std::string& run, bool all,
                        const PlantedFaults& faults) {
  const TargetProfile profile = load_profile(board_name(project, board));
  require(profile, "test");
  const ProjectBuild build = build_project(project, profile.name, run);
  const CompiledPlan& plan = build.compiled.plan;
  const ProjectData data = load_project_data(project, plan.road);
  const std::vector<std::size_t> order = recordings_in_order(data);
  const std::vector<Stretch> stretches = stretches_of(plan.road, data, order);
  const std::size_t most = all ? SIZE_MAX : kLinkWindows;
  const std::vector<WindowTrace> desk = desk_traces(plan_file_bytes(plan), data, order, most);
  TestResult result;
  result.run = build.compiled.run;
  result.board = profile.name;
  result.plan_id = hex(plan.plan_id);
  result.transport = all ? "bulk" : "link";
  result.windows = desk.size();
  result.resolution = profile.emulator ? profile.emulator->instructions_per_tick() : 1;
  result.memory = build.memory;
  const fs::path work = project.folder / "build" / profile.name / "bulk";
  const std::vector<std::pair<std::string, fs::path>> images = {{"generated C++", build.generated.elf},
                                                                {"plan file", build.plan_file.elf}};
  for (const auto& [name, elf] : images) {
    say(fmt::format("test: {} on {}, {} windows", name, profile.name, desk.size()));
    const HarnessOptions options = {.windows_max = most, .bulk_timeout_s = 1800, .faults = faults};
    const HarnessRun device =
        all ? run_bulk(profile, elf, stretches, work, options) : run_over_link(profile, elf, stretches, options);
    result.back_ends.push_back(compared(name, desk, device, result.resolution));
    result.mismatches += result.back_ends.back().mismatches;
    result.memory.stack = std::max(result.memory.stack, result.back_ends.back().stack_bytes);
  }
  return result;
}

nlohmann::ordered_json to_json(const TestResult& result) {
  nlohmann::ordered_json json = {{"run", result.run},         {"target", result.board},
                                 {"plan_id", result.plan_id}, {"transport", result.transport},
                                 {"windows", result.windows}, {"mismatches", result.mismatches}};
  const BackEndTest& generated = result.back_ends.front();
  json["instructions"] = {{"features", cost_json(generated.features)},
                          {"network", cost_json(generated.network)},
                          {"resolution", result.resolution}};
  json["ram"] = ram_json(result.memory);
  for (const BackEndTest& test : result.back_ends) {
    json["back_ends"].push_back(
        {{"name", test.name},
         {"windows", test.windows},
         {"mismatches", test.mismatches},
         {"first_difference", test.first_difference},
         {"instructions", {{"features", cost_json(test.features)}, {"network", cost_json(test.network)}}},
         {"stack", test.stack_bytes},
         {"seconds", test.seconds}});
  }
  return json;
}

std::string to_text(const TestResult& result) {
  std::string text = fmt::format("{} windows on {}, {} mismatches\n", result.windows, result.board, result.mismatches);
  for (const BackEndTest& test : result.back_ends) {
    text += fmt::format(
        "  {:<14} {:>6} windows, {} mismatches; instructions: features {} (max {}), network {} (max {}); stack {} "
        "bytes\n",
        test.name, test.windows, test.mismatches, test.features.median, test.features.max, test.network.median,
        test.network.max, test.stack_bytes);
    if (!test.first_difference.empty()) text += "                 " + test.first_difference + "\n";
  }
  return text + fmt::format("  instructions are executed ones, counted by the emulator to {:.0f}\n", result.resolution);
}

}  // namespace edgesmith
