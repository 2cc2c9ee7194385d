#pragma once
// Running another program, without a shell.

#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith {

struct ProcessOptions {
  std::filesystem::path cwd = {};     // empty = ours
  std::vector<std::string> env = {};  // "NAME=value", added to our own environment
  bool capture = true;                // collect standard output and error; else both go to our standard error
  double timeout_s = 0;               // 0 = no limit
};

struct ProcessResult {
  int status = 0;          // exit status; 128 + signal when a signal ended it
  std::string output;      // standard output and error in the order of writing, when captured
  bool timed_out = false;  // killed by us; status is then 128 + SIGKILL
};

/// Runs argv[0] (searched in PATH) to its end; its standard input is empty. It dies with us: the kernel kills it when
/// the calling thread ends. Throws Error (unavailable, "process.not_started") when it cannot be started.
ProcessResult run_process(const std::vector<std::string>& argv, const ProcessOptions& options = {});

}  // namespace edgesmith
