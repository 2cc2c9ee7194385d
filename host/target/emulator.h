#pragma once
// A board's emulator as a child process: its serial line is our pipe. It dies with this object, and with this program.
//
// The emulator is started with -icount shift=0,sleep=off: every executed instruction takes one nanosecond of the
// board's virtual time, and nothing else takes any (while the core sleeps, virtual time jumps to the next timer). A
// timer of the board thus counts instructions: one tick of a 25 MHz timer is 40 of them. Runs repeat exactly.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host/target/line.h"
#include "host/target/profile.h"

namespace edgesmith {

struct EmulatorOptions {
  /// One instruction lasts 2^shift nanoseconds. 3 behaves like a 125 MHz core against the board's timers: for trying
  /// deadlines, not for counting instructions.
  int icount_shift = 0;
  std::vector<std::string> words;  // command line for the image, through semihosting; the serial line is then silent
  std::string plugin;              // of QEMU, with its arguments; empty: none
};

/// The command that runs `elf` on the board. For the target `host`, which has no emulator, the program itself.
std::vector<std::string> emulator_command(const TargetProfile& profile, const std::filesystem::path& elf,
                                          const EmulatorOptions& options = {});

class Emulator : public Line {
 public:
  /// Throws Error: "target.cannot_test", or (unavailable) "target.no_emulator" when the program is not installed.
  Emulator(const TargetProfile& profile, const std::filesystem::path& elf, const EmulatorOptions& options = {});
  ~Emulator() override;
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  void write(std::span<const std::uint8_t> bytes) override;
  std::size_t read(std::span<std::uint8_t> to, double timeout_s) override;

 private:
  [[noreturn]] void closed() const;

  std::string what_;
  int line_ = -1;
  pid_t child_ = -1;
};

/// Runs the image live on its embedded samples and returns what it printed, until it says that the replay ended.
/// Throws Error (unavailable, "target.silent") when that takes longer than the timeout.
std::string run_live(const TargetProfile& profile, const std::filesystem::path& elf, double timeout_s = 60,
                     const EmulatorOptions& options = {});

}  // namespace edgesmith
