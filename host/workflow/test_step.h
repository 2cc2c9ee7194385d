#pragma once
// test: recorded samples through the board's firmware, both back ends, every window compared with the desk.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "host/target/harness.h"
#include "host/workflow/compile_step.h"

namespace edgesmith {

struct StageCost {
  std::int64_t median = 0, max = 0;
};

struct BackEndTest {
  std::string name;  // "generated C++", "plan file"
  std::size_t windows = 0, mismatches = 0;
  std::string first_difference;   // empty = none
  StageCost features, network;    // executed instructions
  std::uint32_t stack_bytes = 0;  // high-water mark
  double seconds = 0;
  std::vector<std::int64_t> features_counts, network_counts;  // per window, for the report
};

struct TestResult {
  std::string run, board, plan_id, transport;  // transport: "link", "bulk"
  std::size_t windows = 0;                     // distinct
  std::size_t mismatches = 0;                  // over both back ends
  double resolution = 1;                       // instructions per tick
  MemoryUse memory;                            // stack measured
  std::vector<BackEndTest> back_ends;
};

/// all: every window of every recording, in bulk; else the first 150 over the link, test recordings first.
/// faults are planted on the device's side only.
TestResult test_project(const Project& project, const std::string& board, const std::string& run, bool all,
                        const PlantedFaults& faults = {});

nlohmann::ordered_json to_json(const TestResult& result);
std::string to_text(const TestResult& result);

}  // namespace edgesmith
