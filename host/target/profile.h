#pragma once
// What is known of a board: targets/<board>.toml as typed data.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace edgesmith {

struct MemoryRegion {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  std::string source;  // datasheet and section
};

/// Paths are relative to the source tree.
struct BoardFirmware {
  std::string machine_folder;  // holds machine.h; empty = none
  std::vector<std::string> sources;
};

struct BoardToolchain {
  std::string compiler, linker;
  std::vector<std::string> cpu_flags, link_flags, libraries;
};

struct BoardEmulator {
  std::string command;
  std::vector<std::string> arguments;
  double ticks_hz = 0;  // of the clock that times features and network
  std::string ticks_source;

  /// Executed instructions that one tick stands for: the emulator lets one instruction last one nanosecond.
  double instructions_per_tick() const {
    return 1e9 / ticks_hz;
  }
};

struct BoardPower {
  double supply_v = 0;
  double active_ma = 0;
  std::string source;
};

/// What a verb lacks on this board, in words; empty = nothing.
struct BoardMissing {
  std::string build, flash, test;
};

struct TargetProfile {
  std::string name, title, core, kernel_set;
  std::uint64_t clock_hz = 0;  // 0 = none that means anything
  std::string clock_source;
  std::optional<MemoryRegion> flash, ram;  // absent: this computer
  std::uint64_t stack_bytes = 0;
  BoardToolchain toolchain;
  std::optional<BoardFirmware> firmware;
  std::optional<BoardEmulator> emulator;
  std::optional<BoardPower> power;
  BoardMissing missing;
};

/// Root of the tree that holds device/, firmware/ and targets/: $EDGESMITH_HOME, else upward from the executable, else
/// where this program was built. Throws Error (unavailable, "target.no_home").
std::filesystem::path home_folder();
std::filesystem::path targets_folder();

/// Throws Error: "target.unknown" with the nearest name, "target.profile" with line and column.
TargetProfile load_profile(const std::string& name);
TargetProfile read_profile(const std::filesystem::path& file);

/// Every profile, by name.
std::vector<TargetProfile> list_targets();

/// Throws Error (unavailable, "target.cannot_<verb>") with what is missing; verb is build, flash or test.
void require(const TargetProfile& profile, const std::string& verb);

}  // namespace edgesmith
