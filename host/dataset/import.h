#pragma once
// Import: files as sensors, loggers and other tools leave them -> recordings/.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/dataset/recording.h"

namespace edgesmith::dataset {

struct ImportOptions {
  std::string format = "csv";  // csv | audio
  std::string include;         // glob on the path below the source; empty = every file with a fitting ending
  std::string subject_from, session_from, label_from;  // regular expressions on that path, with one group
  std::vector<std::string> channels;          // wanted columns by name or 1-based number; empty = every number column
  std::vector<std::string> channel_names;     // what they are called in the project; empty = as the columns
  std::vector<std::string> project_channels;  // the names that the project wants, as a hint where the two are empty
  std::string unit;
  double rate_hz = 0;                     // asked; 0 = measured from the timestamps, or an error when there are none
  std::string label_column, time_column;  // by name or number; empty = guessed, "none" = there is none
  double gap_ms = 0;                      // 0 = 10 sample periods
  bool counts = false;                    // store as int16
};

struct ImportReport {
  std::vector<Recording> recordings;
  std::vector<std::string> guesses;  // "time column 'timestamp', in milliseconds (70 files)"
  std::vector<std::string> skipped;  // file and why
  int files = 0;
  int gaps = 0;                     // places where a recording was split because time jumped
  std::int64_t missing_values = 0;  // empty cells and nan, kept as NaN
};

/// Reads every matching file below `source` (a folder, a file, a .gz, a .tar or .tar.gz of these). Errors name file,
/// row and column.
ImportReport import_files(const std::filesystem::path& source, const ImportOptions& options);

}  // namespace edgesmith::dataset
