#include "host/workflow/runs.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"

namespace edgesmith {
namespace {

fs::path runs_folder(const Project& project) {
  return project.folder / "runs";
}

std::vector<std::string> run_names(const Project& project) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(runs_folder(project), none)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string current_name(const Project& project) {
  const fs::path file = runs_folder(project) / "current";
  if (!fs::exists(file)) return "";
  std::string name = read_text(file);
  while (!name.empty() && std::isspace(static_cast<unsigned char>(name.back())))
    name.pop_back();
  return name;
}

}  // namespace

Run new_run(const Project& project) {
  const std::string tag = project.model.file.empty() ? project.model.architecture : "imported";
  const std::string stem = fmt::format("{:%Y-%m-%d}_{}", fmt::localtime(std::time(nullptr)), tag);
  for (int n = 1;; ++n) {
    const std::string name = fmt::format("{}_{}", stem, n);
    const fs::path folder = runs_folder(project) / name;
    if (fs::exists(folder)) continue;
    fs::create_directories(folder);
    return {name, folder};
  }
}

void make_current(const Project& project, const Run& run) {
  write_text(runs_folder(project) / "current", run.name + "\n");
}

bool has_run(const Project& project) {
  const std::string name = current_name(project);
  return !name.empty() && fs::exists(runs_folder(project) / name);
}

Run find_run(const Project& project, const std::string& name) {
  const std::string wanted = name.empty() ? current_name(project) : name;
  const fs::path folder = runs_folder(project) / wanted;
  if (!wanted.empty() && fs::is_directory(folder)) return {wanted, folder};
  const std::vector<std::string> names = run_names(project);
  throw Error({.code = "run.none",
               .what = wanted.empty() ? "the project has no run yet" : "there is no such run",
               .where = runs_folder(project).string(),
               .expected = names.empty() ? "a trained run" : "one of " + join(names),
               .found = wanted,
               .try_this = names.empty() ? "edgesmith train" : did_you_mean(wanted, names, "edgesmith train")});
}

}  // namespace edgesmith
