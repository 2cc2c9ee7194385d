#pragma once
// What is fresh: for every step of `make`, a hash of everything that went into it the last time it was completed, and
// hashes of the files that came out.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/project/project.h"

namespace edgesmith {

/// project/build/stamps.json. Lost or damaged stamps only mean that steps run again.
class Stamps {
 public:
  explicit Stamps(const Project& project);
  bool fresh(const std::string& step, const std::string& inputs) const;
  void set(const std::string& step, const std::string& inputs);

  /// Remembers what a step made: these files below `place` (inside the project) and no others there. Written by set().
  void record(const std::string& step, const std::filesystem::path& place,
              const std::vector<std::filesystem::path>& files);
  /// A file below `place` that is no longer as `step` made it, or empty. A place that was never recorded has none:
  /// whoever filled it vouches for it.
  std::filesystem::path damaged(const std::string& step, const std::filesystem::path& place);

 private:
  struct Output {
    std::string step, sha256;
    std::uintmax_t bytes = 0;
    std::int64_t changed_ns = 0;  // the system's time of the last change; 0: too young to tell the next one apart
  };
  std::string key(const std::filesystem::path& path) const;
  std::vector<std::string> recorded(const std::string& step, const std::filesystem::path& place) const;
  Output look_at(const std::string& step, const std::filesystem::path& file) const;
  bool as_made(const std::filesystem::path& file, Output& made) const;
  void write() const;

  std::filesystem::path folder_, file_;
  std::map<std::string, std::string> stamps_;
  std::map<std::string, Output> outputs_;  // by path from the project's folder
};

/// Hash of what some sections of edgesmith.toml say; comments, blanks and the order of keys do not matter.
std::string section_hash(const Project& project, const std::vector<std::string>& sections);

/// Hash of paths and contents of all files below a folder; of nothing when it is not there.
std::string folder_hash(const std::filesystem::path& folder);

/// Hash of paths, sizes and times: for large foreign data that only has to be noticed when it changes.
std::string listing_hash(const std::filesystem::path& folder);

}  // namespace edgesmith
