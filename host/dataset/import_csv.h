#pragma once
// One text table -> recordings.

#include <cstdint>
#include <string>
#include <vector>

#include "host/dataset/import.h"

namespace edgesmith::dataset {

struct FileImport {
  /// Samples, channels, rate and labels are filled in; session, name and subject are the caller's. Several when blank
  /// lines or gaps split the file.
  std::vector<Recording> pieces;
  std::vector<std::string> guesses, skipped;
  int gaps = 0;
  std::int64_t missing_values = 0;
};

/// `text` is changed (see parse_csv); `file` is for messages. Throws Error naming file, line and column.
FileImport import_csv(std::string& text, const std::string& file, const ImportOptions& options);

}  // namespace edgesmith::dataset
