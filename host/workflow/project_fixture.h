#pragma once
// A project on disk that is small enough to follow by hand, for tests: the small plan's, with four sessions of 40
// samples, the first half -1 g and "low", the second half +1 g and "high". Its network comes from a file.

#include <fstream>

#include "host/base/files.h"
#include "host/base/test_folder.h"
#include "host/convert/tflite/tflite.h"
#include "host/dataset/recording.h"
#include "host/plan/small_plan_fixture.h"

namespace edgesmith {

inline dataset::Recording small_recording(const std::string& session) {
  dataset::Recording recording;
  recording.session = session;
  recording.name = "walk";
  recording.subject = session;
  recording.unit = "g";
  recording.channels = {"x"};
  recording.rate_hz = 100;
  recording.samples.assign(40, -1.0f);
  std::fill(recording.samples.begin() + 20, recording.samples.end(), 1.0f);
  recording.labels = {{0, 20, "low", 1}, {20, 40, "high", 1}};
  return recording;
}

class ProjectFolder {
 public:
  ProjectFolder() {
    std::filesystem::copy(four_sessions(), path() / "recordings", std::filesystem::copy_options::recursive);
    write_network("small.tflite", small_network());
    write(std::string(kSmallProject) + kMore);
  }

  void write(const std::string& toml) {
    toml_ = toml;
    put("edgesmith.toml", toml);
  }
  void change(const std::string& from, const std::string& to) {
    write(with(toml_, from, to));
  }
  void record(const dataset::Recording& recording) {
    dataset::write_recording(path() / "recordings", recording);
  }
  void write_network(const std::string& name, const ir::Graph& network) {
    const Bytes bytes = convert::write_tflite(network);
    put(name, {bytes.begin(), bytes.end()});
  }
  Project project() const {
    return read_project(path());
  }
  const std::filesystem::path& path() const {
    return folder_.path();
  }

 private:
  /// Written once a program, then copied: writing waits for the disk.
  static const std::filesystem::path& four_sessions() {
    static const TestFolder folder;
    if (std::filesystem::is_empty(folder.path())) {
      dataset::write_recordings(folder.path(), {small_recording("s01"), small_recording("s02"), small_recording("s03"),
                                                small_recording("s04")});
    }
    return folder.path();
  }

  /// Not by write_text(), for the same reason.
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path() / name, std::ios::binary | std::ios::trunc) << content;
  }

  static constexpr const char* kMore = R"(
[model]
file = "small.tflite"
output = "probabilities"
[split]
train_groups = ["s01", "s02"]
validate_groups = ["s03"]
test_groups = ["s04"]
[train]
epochs = 3
[decision]
threshold = 0.5
[target]
board = "nrf52840dk"
)";
  TestFolder folder_;
  std::string toml_;
};

}  // namespace edgesmith
