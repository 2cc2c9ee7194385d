#include "host/project/project.h"

#include "host/base/files.h"
#include "host/project/check.h"
#include "host/project/read.h"

namespace edgesmith {
namespace {

constexpr const char* kFileName = "edgesmith.toml";

ErrorText no_project(const std::filesystem::path& start, const std::string& what) {
  return {.code = "project.not_found",
          .what = what,
          .where = start.string(),
          .expected = std::string("a folder with ") + kFileName,
          .try_this = "name the project's folder, or make one: edgesmith new NAME"};
}

}  // namespace

Project parse_project(std::string_view toml, const std::filesystem::path& folder) {
  Problems problems((folder / kFileName).string());
  Draft draft = read_draft(toml, problems);
  draft.project.folder = folder;
  check_all(draft, problems);
  problems.throw_if_any();
  return draft.project;
}

Project read_project(const std::filesystem::path& folder) {
  if (!std::filesystem::is_regular_file(folder / kFileName))
    throw Error{no_project(folder, std::string("there is no ") + kFileName + " here")};
  return parse_project(read_text(folder / kFileName), folder);
}

std::filesystem::path find_project(const std::filesystem::path& start) {
  namespace fs = std::filesystem;
  const fs::path from = start.empty() ? fs::path(".") : start;
  if (!fs::exists(from)) throw Error{no_project(from, "this folder does not exist")};
  if (from.filename() == kFileName) return from.parent_path().empty() ? fs::path(".") : from.parent_path();
  if (fs::is_regular_file(from / kFileName)) return from;
  for (fs::path folder = fs::canonical(from); folder != folder.root_path(); folder = folder.parent_path())
    if (fs::is_regular_file(folder / kFileName)) return folder;
  throw Error{no_project(from, std::string("neither this folder nor one above it holds ") + kFileName)};
}

}  // namespace edgesmith
