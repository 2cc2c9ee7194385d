#include "host/base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/base/error.h"

namespace edgesmith {
namespace {

TEST(RunProcess, GivesStatusAndBothStreams) {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "out\nerr\n");
}

TEST(RunProcess, NoShellReadsTheArguments) {
  EXPECT_EQ(run_process({"printf", "%s", "$HOME; *"}).output, "$HOME; *");
}

TEST(RunProcess, TakesFolderAndEnvironment) {
  const ProcessResult result =
      run_process({"sh", "-c", "pwd; echo $EDGESMITH_A"}, {.cwd = "/usr", .env = {"EDGESMITH_A=1"}});
  EXPECT_EQ(result.output, "/usr\n1\n");
}

TEST(RunProcess, InputIsEmpty) {
  EXPECT_EQ(run_process({"cat"}).output, "");
}

TEST(RunProcess, CollectsMoreThanAPipeHolds) {
  EXPECT_EQ(run_process({"head", "-c", "1000000", "/dev/zero"}).output.size(), 1000000u);
}

TEST(RunProcess, KillsWhatTakesTooLong) {
  const ProcessResult result = run_process({"sleep", "60"}, {.timeout_s = 0.05});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGKILL);
}

TEST(RunProcess, DoesNotWaitForWhatRunsOnInTheBackground) {
  const ProcessResult result = run_process({"sh", "-c", "sleep 3 & echo done"}, {.timeout_s = 2});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.output, "done\n");
}

TEST(RunProcess, AMissingProgramIsUnavailable) {
  try {
    run_process({"edgesmith-no-such-program"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_EQ(error.text.where, "edgesmith-no-such-program");
  }
  EXPECT_THROW(run_process({"true"}, {.cwd = "/nowhere"}), Error);
}

TEST(RunProcess, TheProgramDiesWithItsParent) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(ends[0]);
    const std::string keep_open = "/proc/self/fd/" + std::to_string(ends[1]);
    run_process({"sh", "-c", "echo up > " + keep_open + "; exec sleep 60"});
    ::_exit(0);
  }
  ::close(ends[1]);
  char up[4] = {};
  ASSERT_EQ(::read(ends[0], up, 3), 3);  // the program runs, and holds the pipe's other end
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_EQ(::read(ends[0], up, 3), 0);  // ends when the last holder is gone; hangs when the program lives on
  ::close(ends[0]);
}

}  // namespace
}  // namespace edgesmith
