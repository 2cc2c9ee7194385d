#pragma once
// A model and a board -> a linked image of firmware/apps, by running the cross compiler.

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "host/base/files.h"
#include "host/target/elf.h"
#include "host/target/profile.h"

namespace edgesmith {

/// The generated back end: a folder from `compile --emit cpp`, whose <name>.h defines <name>::Pipeline.
struct GeneratedModel {
  std::filesystem::path folder;
  std::string name;
};

/// The plan file back end: the bytes lie in flash and are run in place.
struct PlanFileModel {
  Bytes plan;
  std::uint32_t memory_bytes = 0;  // edgesmith::memory_bytes() of the plan
  std::string kernels;             // name of the kernel set that the plan was compiled for
};

/// A bare network in firmware/apps/network_app: a folder from `compile`, whose <name>.h defines <name>::Network.
struct GeneratedNetwork {
  std::filesystem::path folder;
  std::string name;
  /// Labels for counting instructions (firmware/apps/network_app/labels.h) instead of a report of each operator and
  /// guard bytes: what runs is then what an application would run.
  bool labels = false;
};

/// A bare network's plan file in the same application.
struct PlanFileNetwork {
  Bytes plan;
  std::uint32_t arena_bytes = 0;
  std::string kernels;
};

/// Samples for the live mode, in the sensor's format; empty = the image waits for the harness.
struct ReplaySamples {
  Bytes samples;
  std::uint32_t count = 0;
};

struct BuildRequest {
  TargetProfile profile;
  std::variant<GeneratedModel, PlanFileModel, GeneratedNetwork, PlanFileNetwork> model;
  ReplaySamples replay;
  std::filesystem::path work_folder;  // objects and written sources; kept, so that the next build is quick
  std::filesystem::path elf;
};

struct BuildResult {
  std::filesystem::path elf;
  FirmwareSizes sizes;
  std::vector<std::string> violations;               // of check_linked_firmware()
  int compiled = 0, reused = 0;                      // translation units
  std::vector<std::filesystem::path> model_objects;  // of the model's own sources: neither application nor board
};

/// Throws Error: "target.cannot_build" when the board lacks what it takes, "build.compiler" with the compiler's words,
/// "build.does_not_fit" when the linker runs out of flash or RAM.
BuildResult build_firmware(const BuildRequest& request);

}  // namespace edgesmith
