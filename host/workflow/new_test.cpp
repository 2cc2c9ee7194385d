#include "host/workflow/new_step.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/test_folder.h"
#include "host/project/project.h"

namespace edgesmith {
namespace {

/// The name of the project that `new` makes in a folder of this name.
std::string name_in(const std::string& folder_name) {
  const TestFolder folder;
  return read_project(new_project(folder / folder_name).parent_path()).name;
}

TEST(NewProject, IsCalledLikeItsFolder) {
  EXPECT_EQ(name_in("gait"), "gait");
  EXPECT_EQ(name_in("gait/"), "gait");
  EXPECT_EQ(name_in("there/below/Gait_2"), "Gait_2");
}

TEST(NewProject, ItsNameCanBeANamespaceWhateverTheFolderIsCalled) {
  EXPECT_EQ(name_in("my-taps 2"), "my_taps_2");
  EXPECT_EQ(name_in("2taps"), "project_2taps");
  EXPECT_EQ(name_in("_taps"), "project__taps");
  EXPECT_EQ(name_in("g\xc3\xa9nial"), "g__nial");
  EXPECT_EQ(name_in(std::string(40, 'a')), std::string(31, 'a'));
}

TEST(NewProject, NeverReplacesOne) {
  const TestFolder folder;
  new_project(folder / "gait");
  write_text(folder / "gait" / "edgesmith.toml", "mine");
  try {
    new_project(folder / "gait");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "new.exists");
  }
  EXPECT_EQ(read_text(folder / "gait" / "edgesmith.toml"), "mine");
}

}  // namespace
}  // namespace edgesmith
