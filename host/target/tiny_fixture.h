#pragma once
// For the tests of this folder: the tiny model as a generated folder would be, its images, and its desktop traces.

#include <filesystem>
#include <vector>

#include "host/target/build_firmware.h"
#include "host/target/harness.h"

namespace edgesmith::testing {

/// A folder that goes away with this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const {
    return path_;
  }

 private:
  std::filesystem::path path_;
};

/// testdata/tiny with the part of device/ that it needs beside it.
GeneratedModel make_tiny_folder(const std::filesystem::path& folder);

/// Three int16 channels: noise, with one channel after the other raised for a while, some values out of range.
Stretch make_tiny_samples(std::uint32_t count, std::uint32_t seed);

/// The same model run in this process.
std::vector<WindowTrace> trace_tiny(const std::vector<Stretch>& stretches);

}  // namespace edgesmith::testing
