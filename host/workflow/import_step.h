#pragma once
// import: other people's files -> project/recordings.

#include <filesystem>
#include <string>
#include <vector>

#include "host/dataset/import.h"
#include "host/project/project.h"

namespace edgesmith {

struct ImportResult {
  int files = 0, recordings = 0, gaps = 0;
  std::int64_t samples = 0;
  std::int64_t missing_values = 0;  // empty cells and nan; their windows will be flagged and decide nothing
  double seconds = 0;               // of data
  std::vector<std::string> sessions, subjects, labels, guesses, skipped;
};

/// Reads `source` and writes what it holds into a recordings/ folder. Recordings already there stay, but for those of
/// the same session and name. Nothing is written when anything in the source cannot be read.
ImportResult import_into(const std::filesystem::path& recordings, const std::filesystem::path& source,
                         const dataset::ImportOptions& options);

/// [data] of the project as import options.
dataset::ImportOptions data_options(const Project& project);

/// `options` with what they leave open as [input] of the project says it; unchanged where there is no project yet.
dataset::ImportOptions with_project(dataset::ImportOptions options, const std::filesystem::path& project_folder);

/// [data] source with $EDGESMITH_DATA put in. Error (unavailable) when it is not there, with where the data is had.
std::filesystem::path data_source(const Project& project);

/// The import step of `make`: makes recordings/ anew from [data] source or generator. False when [data] names neither.
bool import_project_data(const Project& project);

}  // namespace edgesmith
