#pragma once
// bench: what one inference costs on a board, counted in its emulator.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "host/base/files.h"
#include "host/target/instruction_count.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/network_file.h"

namespace edgesmith {

struct BenchRequest {
  NetworkFile model;
  std::string board;
  std::string kernels = "native";             // reference | portable | native
  std::vector<std::filesystem::path> inputs;  // one for each of the network's inputs; empty: noise from a fixed seed
};

/// One operator of the compiled network. The instructions that prepare its call are its own; so are the way into the
/// network, for the first operator, and out of it, for the last: the operators add up to the total.
struct OperatorBench {
  int node = -1;                   // index in the model file
  std::string kind, name, shapes;  // "CONV_2D", "conv1", "1x49x10x1 -> 1x25x5x64"
  std::string kernels;             // the set whose kernel ran it
  std::int64_t macs = 0;
  std::uint32_t layout_copy_bytes = 0;  // moved only to change how a tensor lies in memory
  InstructionCount count;
};

struct Bench {
  std::string model, board, kernels;
  std::int64_t macs = 0;
  InstructionCount total;  // from the call of the network's run to its return
  std::vector<OperatorBench> operators;
  MemoryUse memory;               // of the model alone, measured in the image: no application, no board
  std::string output_difference;  // of the counted inference from the interpreter's; empty = none
};

/// Errors: those of build_network_image() and InstructionCounter; "bench.host", since only emulators count.
Bench bench_network_file(const BenchRequest& request);

/// In words, where two outputs differ first; empty when they are equal.
std::string output_difference(const Bytes& expected, const Bytes& found);

nlohmann::ordered_json to_json(const Bench& bench);
/// A table of the operators, the totals and the memory.
std::string to_text(const Bench& bench);

}  // namespace edgesmith
