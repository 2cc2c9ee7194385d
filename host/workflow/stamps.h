#pragma once
// What is fresh: for every step of `make`, a hash of everything that went into it the last time it was completed.

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

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> stamps_;
};

/// Hash of what some sections of edgesmith.toml say; comments, blanks and the order of keys do not matter.
std::string section_hash(const Project& project, const std::vector<std::string>& sections);

/// Hash of paths and contents of all files below a folder; of nothing when it is not there.
std::string folder_hash(const std::filesystem::path& folder);

/// Hash of paths, sizes and times: for large foreign data that only has to be noticed when it changes.
std::string listing_hash(const std::filesystem::path& folder);

}  // namespace edgesmith
