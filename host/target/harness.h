#pragma once
// The harness's end on the desk: recorded samples to a device, and back what every window became there.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "device/link/messages.h"
#include "host/base/files.h"
#include "host/target/compare.h"
#include "host/target/line.h"
#include "host/target/profile.h"

namespace edgesmith {

/// Samples of one recording without a break, in the sensor's format. The device is reset before each.
struct Stretch {
  Bytes samples;
  std::uint32_t count = 0;
};

/// Faults planted on purpose, to prove that the comparison finds them and calls them by their names.
struct PlantedFaults {
  struct SampleBit {
    std::size_t stretch = 0;
    std::size_t bit = 0;  // of Stretch::samples
  };
  std::optional<SampleBit> sample_bit;             // changed before framing: the packet's checksum is right. INPUT
  std::optional<link::ThresholdRecord> threshold;  // DECISION
};

struct DeviceInfo {
  Status begun = Status::ok;
  std::string name, version, board, plan_id;  // plan_id: 64 hex digits
  link::InfoRecord record = {};
};

/// What came back.
struct HarnessRun {
  DeviceInfo info;
  std::vector<WindowTrace> windows;  // in the order of the samples; complete
  link::StatusRecord status = {};    // counters of the last stretch, and the stack's high-water mark
  double seconds = 0;                // of the conversation
  std::uint64_t sample_bytes = 0;    // sent
  int repeated_stretches = 0;        // sent anew because answers were lost on the way
};

struct HarnessOptions {
  std::size_t windows_max = SIZE_MAX;  // stop after so many
  double timeout_s = 10;               // over the line: without a byte from the device
  double bulk_timeout_s = 600;         // through files: for everything
  PlantedFaults faults;
};

/// The protocol of device/link/messages.h over any line. When begin() failed on the device, the result holds that and
/// no windows. Throws Error (unavailable): "harness.silent", "harness.version", "harness.refused", "harness.lost".
HarnessRun run_over_line(Line& line, const std::vector<Stretch>& stretches, const HarnessOptions& options = {});

/// The same over the serial line of the board's emulator.
HarnessRun run_over_link(const TargetProfile& profile, const std::filesystem::path& elf,
                         const std::vector<Stretch>& stretches, const HarnessOptions& options = {});

/// The same packets through files that the emulator reads and writes for the image (semihosting): for many windows.
/// work_folder: where the two files lie.
HarnessRun run_bulk(const TargetProfile& profile, const std::filesystem::path& elf,
                    const std::vector<Stretch>& stretches, const std::filesystem::path& work_folder,
                    const HarnessOptions& options = {});

}  // namespace edgesmith
