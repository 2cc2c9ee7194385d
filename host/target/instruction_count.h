#pragma once
// Counts what an image executes between two labels, exactly, in the emulator (firmware/emulator), and estimates from
// that how long a Cortex-M4 would take.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/target/disassembly.h"
#include "host/target/profile.h"

namespace edgesmith {

/// An instruction that is skipped by its condition (Arm's IT blocks) counts: it takes its place in the stream.
struct InstructionCount {
  std::uint64_t instructions = 0;
  std::array<std::uint64_t, kInstructionClasses> by_class = {};  // sums up to `instructions`
  std::uint64_t jumps = 0;               // times the next instruction was not the one behind in memory
  std::uint64_t m4_cycles_estimate = 0;  // see kM4Formula

  void add(const InstructionCount& other);
};

/// How the cycles are estimated. Source: Arm Cortex-M4 Technical Reference Manual, 3.3 (instruction set summary, load
/// and store timings), memory without wait states. A divide takes 2 to 12 there, a jump 2 to 4: the middle is taken.
extern const char* const kM4Formula;

struct CountedStretch {
  std::size_t phase = 0;
  std::uint64_t first = 0, end = 0;  // addresses
  std::uint32_t instructions = 0;
  std::uint64_t times = 0, jumps = 0;
};

/// What the plugin wrote, as counts by phase. Throws Error (defect, "count.code") when it ran what `code` does not
/// hold.
std::vector<InstructionCount> sum_stretches(const std::vector<CountedStretch>& stretches, const Disassembly& code,
                                            std::size_t phases);

/// One kind of count in one image.
class InstructionCounter {
 public:
  /// Labels in the image; marks divide what lies between begin and end into marks.size() + 1 phases. cache_folder:
  /// where the plugin is kept, built on first use. out_folder: where it writes. Throws Error: "elf.no_symbol";
  /// (unavailable) "count.plugin" when the computer's compiler cannot build it.
  InstructionCounter(const TargetProfile& profile, const std::filesystem::path& elf, const std::string& begin,
                     const std::string& end, const std::vector<std::string>& marks,
                     const std::filesystem::path& cache_folder, const std::filesystem::path& out_folder);

  /// For EmulatorOptions::plugin.
  const std::string& plugin() const {
    return plugin_;
  }
  /// By phase, after the emulator has ended: of the last time that `begin` was met. Throws Error (defect, "count.none")
  /// when nothing was counted.
  std::vector<InstructionCount> result() const;

 private:
  TargetProfile profile_;
  std::filesystem::path elf_, out_;
  std::string plugin_;
  std::size_t phases_;
};

}  // namespace edgesmith
