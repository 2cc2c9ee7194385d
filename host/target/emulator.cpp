#include "host/target/emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "host/base/error.h"
#include "host/base/text.h"

namespace edgesmith {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void not_started(const std::string& command, int reason) {
  throw Error{ErrorKind::unavailable,
              {.code = "target.no_emulator",
               .what = fmt::format("'{}' cannot be started: {}", command, strerror(reason)),
               .where = {},
               .expected = "the emulator on this computer",
               .found = {},
               .try_this = "tools/bootstrap installs it"}};
}

/// In the child: the line becomes standard input and output, errors are dropped with the emulator's chatter.
[[noreturn]] void become(const std::vector<char*>& argv, int line, int report, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(line, STDIN_FILENO);
    dup2(line, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execvp(argv[0], argv.data());
    const int reason = errno;
    if (::write(report, &reason, sizeof reason) < 0) _exit(126);
  }
  _exit(127);
}

/// Starts `command` with `line` as its standard input and output.
pid_t spawn(const std::vector<std::string>& command, int line) {
  std::vector<char*> argv;
  for (const std::string& word : command)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) not_started(command[0], errno);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become(argv, line, report[1], parent);
  const int fork_reason = errno;
  ::close(report[1]);
  int reason = 0;
  const bool failed = child > 0 && ::read(report[0], &reason, sizeof reason) == sizeof reason;
  ::close(report[0]);
  if (child < 0) not_started(command[0], fork_reason);
  if (failed) {
    waitpid(child, nullptr, 0);
    not_started(command[0], reason);
  }
  return child;
}

}  // namespace

std::vector<std::string> emulator_command(const TargetProfile& profile, const fs::path& elf,
                                          const EmulatorOptions& options) {
  require(profile, "test");
  const std::string program = fs::absolute(elf).string();
  std::vector<std::string> command;
  if (!profile.emulator) {
    command = {program};
    command.insert(command.end(), options.words.begin(), options.words.end());
    return command;
  }
  command = {profile.emulator->command};
  for (const std::string& argument : profile.emulator->arguments)
    command.push_back(argument);
  for (const std::string& argument :
       {std::string("-icount"), fmt::format("shift={},sleep=off", options.icount_shift), std::string("-display"),
        std::string("none"), std::string("-monitor"), std::string("none"), std::string("-serial"),
        std::string(options.words.empty() ? "stdio" : "null"), std::string("-kernel"), program}) {
    command.push_back(argument);
  }
  if (!options.plugin.empty()) {
    command.emplace_back("-plugin");
    command.push_back(options.plugin);
  }
  if (options.words.empty()) return command;
  command.emplace_back("-semihosting-config");
  command.push_back("enable=on,target=native,arg=" + join(options.words, ",arg="));
  return command;
}

Emulator::Emulator(const TargetProfile& profile, const fs::path& elf, const EmulatorOptions& options)
    : what_(profile.name) {
  const std::vector<std::string> command = emulator_command(profile, elf, options);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) not_started(command[0], errno);
  try {
    child_ = spawn(command, ends[1]);
  } catch (...) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[1]);
  line_ = ends[0];
}

Emulator::~Emulator() {
  ::close(line_);
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

void Emulator::closed() const {
  throw Error{ErrorKind::unavailable,
              {.code = "target.line_closed",
               .what = "the emulator ended while its serial line was in use",
               .where = what_,
               .expected = {},
               .found = {},
               .try_this = "run its command by hand: the firmware may have run into a fault"}};
}

void Emulator::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(line_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) closed();
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

std::size_t Emulator::read(std::span<std::uint8_t> to, double timeout_s) {
  pollfd waiting = {line_, POLLIN, 0};
  const int ready = poll(&waiting, 1, static_cast<int>(timeout_s * 1000));
  if (ready <= 0) return 0;
  const ssize_t got = recv(line_, to.data(), to.size(), 0);
  if (got < 0 && errno == EINTR) return 0;
  if (got <= 0) closed();
  return static_cast<std::size_t>(got);
}

std::string run_live(const TargetProfile& profile, const fs::path& elf, double timeout_s,
                     const EmulatorOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(timeout_s);
  Emulator emulator(profile, elf, options);
  std::string text;
  for (;;) {
    std::uint8_t block[4096];
    const std::size_t got = emulator.read(block, 0.2);
    text.append(reinterpret_cast<const char*>(block), got);
    const std::size_t end = text.find("replay ended");
    if (end != std::string::npos && text.find('\n', end) != std::string::npos) return text;
    if (text.find("begin() failed") != std::string::npos && text.back() == '\n') return text;
    if (Clock::now() < until) continue;
    throw Error{ErrorKind::unavailable,
                {.code = "target.silent",
                 .what = fmt::format("the firmware did not come to the end of its samples in {} s", timeout_s),
                 .where = profile.name,
                 .expected = "a line 'replay ended'",
                 .found = text,
                 .try_this = "fewer samples, or a longer time"}};
  }
}

}  // namespace edgesmith
