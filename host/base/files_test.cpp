#include "host/base/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/base/error.h"
#include "host/base/test_folder.h"

namespace edgesmith {
namespace {

TEST(Files, ReadBackWhatWasWritten) {
  const TestFolder folder;
  write_text(folder / "a/b/c.txt", "one\n");
  write_text(folder / "a/b/c.txt", "two");
  EXPECT_EQ(read_text(folder / "a/b/c.txt"), "two");
  EXPECT_EQ(files_below(folder.path()).size(), 1u);
}

TEST(Files, AKilledWriterLeavesTheOldContentOrTheNewNeverAMixture) {
  const TestFolder folder;
  const fs::path file = folder / "f";
  const std::string first(1 << 20, 'a'), second(1 << 20, 'b');
  write_text(file, first);
  for (int round = 0; round < 10; ++round) {
    const pid_t writer = ::fork();
    if (writer == 0)
      while (true) {
        write_text(file, second);
        write_text(file, first);
      }
    ::usleep(static_cast<useconds_t>(1000 * (round + 1)));
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    const std::string content = read_text(file);
    EXPECT_TRUE(content == first || content == second);
    EXPECT_EQ(files_below(folder.path()).size(), 1u);
  }
}

TEST(Files, AnUnreadableFileIsAnErrorThatNamesIt) {
  try {
    read_text("/nowhere/at/all.txt");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "file.unreadable");
    EXPECT_EQ(error.text.where, "/nowhere/at/all.txt");
  }
  EXPECT_THROW(read_text("/"), Error);
  EXPECT_THROW(files_below("/nowhere/at/all"), Error);
}

TEST(Files, WriteIntoAFileInsteadOfAFolderIsAnError) {
  const TestFolder folder;
  write_text(folder / "a", "");
  EXPECT_THROW(write_text(folder / "a/b", "x"), Error);
}

TEST(Files, ADeviceIsWrittenInPlace) {
  write_text("/dev/null", "gone");
  EXPECT_FALSE(fs::is_regular_file("/dev/null"));
}

TEST(FileBatch, NothingIsThereBeforeCommitAndAllOfItAfter) {
  const TestFolder folder;
  {
    FileBatch batch(folder.path());
    batch.add(folder / "x/1", "one");
    batch.add(folder / "y/2", "two");
    EXPECT_TRUE(files_below(folder.path()).empty());
    batch.commit();
  }
  EXPECT_EQ(read_text(folder / "x/1"), "one");
  EXPECT_EQ(read_text(folder / "y/2"), "two");
}

TEST(FileBatch, WhatIsNotCommittedLeavesNoTrace) {
  const TestFolder folder;
  {
    FileBatch batch(folder.path());
    batch.add(folder / "1", "one");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(FileBatch, CleansUpBehindAKilledCommand) {
  const TestFolder folder;
  const pid_t victim = ::fork();
  if (victim == 0) {
    FileBatch batch(folder.path());
    batch.add(folder / "1", "one");
    ::_exit(0);  // as if killed: no destructor runs
  }
  ::waitpid(victim, nullptr, 0);
  EXPECT_FALSE(fs::is_empty(folder.path()));
  { FileBatch batch(folder.path()); }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ReplaceFolder, LeavesOnlyTheNewContent) {
  const TestFolder folder;
  write_text(folder / "new/a", "1");
  replace_folder(folder / "new", folder / "to");
  write_text(folder / "new/b", "2");
  replace_folder(folder / "new", folder / "to");
  EXPECT_FALSE(fs::exists(folder / "to/a"));
  EXPECT_EQ(read_text(folder / "to/b"), "2");
  EXPECT_FALSE(fs::exists(folder / "new"));
}

}  // namespace
}  // namespace edgesmith
