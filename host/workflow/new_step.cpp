#include "host/workflow/new_step.h"

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/project/project.h"

namespace edgesmith {

fs::path new_project(const fs::path& folder) {
  const fs::path file = folder / "edgesmith.toml";
  if (fs::exists(file)) {
    throw Error({.code = "new.exists",
                 .what = "there is a project already",
                 .where = file.string(),
                 .try_this = "choose another folder, or edit that file"});
  }
  const fs::path named = fs::absolute(folder).lexically_normal();
  write_text(file, project_template((named.has_filename() ? named : named.parent_path()).filename().string()));
  write_text(folder / ".gitignore", "recordings/\nruns/\nbuild/\n");
  return file;
}

}  // namespace edgesmith
