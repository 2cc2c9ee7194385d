#include "host/workflow/new_step.h"

#include <cctype>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/project/project.h"

namespace edgesmith {

namespace {

/// A folder may be called what no C++ code can be: "my-taps 2" makes the project my_taps_2.
std::string project_name(const fs::path& folder) {
  const fs::path path = fs::absolute(folder).lexically_normal();
  std::string name = (path.has_filename() ? path : path.parent_path()).filename().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  const bool letter_first = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0]));
  return (letter_first ? name : "project_" + name).substr(0, 31);
}

}  // namespace

fs::path new_project(const fs::path& folder) {
  const fs::path file = folder / "edgesmith.toml";
  if (fs::exists(file)) {
    throw Error({.code = "new.exists",
                 .what = "there is a project already",
                 .where = file.string(),
                 .try_this = "choose another folder, or edit that file"});
  }
  write_text(file, project_template(project_name(folder)));
  write_text(folder / ".gitignore", "recordings/\nruns/\nbuild/\n");
  return file;
}

}  // namespace edgesmith
