#pragma once
// The text of device/ and of the licence as they stood when this tool was built.

#include <string_view>
#include <vector>

namespace edgesmith {

struct SourceFile {
  std::string_view path;  // from the root of the source tree
  std::string_view text;
};

const std::vector<SourceFile>& device_sources();

}  // namespace edgesmith
