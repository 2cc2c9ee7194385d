#pragma once
// Runs an image of firmware/apps/network_app on files.

#include <filesystem>
#include <vector>

#include "device/base/status.h"
#include "host/base/files.h"
#include "host/target/profile.h"

namespace edgesmith {

/// One operator's output, in the order of execution.
struct OperatorOutput {
  std::uint32_t op = 0;  // index in the plan
  Bytes bytes;
};

struct NetworkImageRun {
  Status begun = Status::ok;  // of begin(), with its self-test; unless ok nothing else is there
  Bytes outputs;              // of all inferences, one after another
  std::uint32_t inferences = 0;
  std::uint32_t stack_bytes = 0;  // run()'s own
  std::vector<OperatorOutput> trace;
};

/// `inputs`: the input tensors of any number of inferences. work_folder: where the files lie.
/// Throws Error: (unavailable) "target.no_emulator", "network.no_answer"; (defect) "network.arena" when the kernels
/// wrote beside the arena.
/// plugin: of the emulator, see EmulatorOptions.
NetworkImageRun run_network_image(const TargetProfile& profile, const std::filesystem::path& elf, const Bytes& inputs,
                                  const std::filesystem::path& work_folder, bool trace, const std::string& plugin = {});

}  // namespace edgesmith
