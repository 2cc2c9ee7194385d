#include "host/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "host/base/error.h"

namespace edgesmith {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollEveryMs = 10;

[[noreturn]] void fail_start(const std::vector<std::string>& argv, int reason) {
  const std::string program = argv.empty() ? "" : argv[0];
  throw Error(ErrorKind::unavailable, {.code = "process.not_started",
                                       .what = "the program cannot be started: " + std::string(std::strerror(reason)),
                                       .where = program,
                                       .try_this = "install it, or check PATH"});
}

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    close_end(read);
    close_end(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts)
    list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// Ours with the additions; an addition replaces what has the same name.
std::vector<std::string> environment(const std::vector<std::string>& additions) {
  std::vector<std::string> result = additions;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& addition : additions)
      replaced = replaced || addition.compare(0, name.size(), name) == 0;
    if (!replaced) result.push_back(text);
  }
  return result;
}

struct Launch {
  std::vector<char*> argv, env;
  const char* cwd;  // nullptr = ours
  pid_t parent;
  int output, failure;  // where to write output, and errno when nothing could be started
};

/// Between fork and exec: only calls that are safe there, and no allocation.
[[noreturn]] void become(const Launch& launch) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) ::_exit(127);  // the parent died before the line above
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(launch.output, STDOUT_FILENO);
  ::dup2(launch.output, STDERR_FILENO);
  if (launch.cwd == nullptr || ::chdir(launch.cwd) == 0)
    ::execvpe(launch.argv[0], launch.argv.data(), launch.env.data());
  const int reason = errno;
  const ssize_t told = ::write(launch.failure, &reason, sizeof reason);
  ::_exit(told == sizeof reason ? 127 : 126);
}

class Child {
 public:
  Child(pid_t pid, double timeout_s) : pid_(pid) {
    if (timeout_s > 0)
      deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(timeout_s));
  }

  bool ended() {
    while (!ended_) {
      const pid_t got = ::waitpid(pid_, &raw_status_, WNOHANG);
      if (got < 0 && errno == EINTR) continue;
      ended_ = got != 0;
      break;
    }
    return ended_;
  }

  void kill_when_late() {
    if (ended_ || timed_out_ || Clock::now() < deadline_) return;
    timed_out_ = true;
    ::kill(pid_, SIGKILL);
  }

  void fill(ProcessResult& result) const {
    result.status = WIFSIGNALED(raw_status_) ? 128 + WTERMSIG(raw_status_) : WEXITSTATUS(raw_status_);
    result.timed_out = timed_out_;
  }

 private:
  pid_t pid_;
  int raw_status_ = 0;
  bool ended_ = false, timed_out_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
};

/// Takes what is there now; false at the end of the stream.
bool read_some(int end, std::string& output) {
  char buffer[65536];
  const ssize_t got = ::read(end, buffer, sizeof buffer);
  if (got > 0) output.append(buffer, static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

bool readable(int end, int wait_ms) {
  pollfd watched = {end, POLLIN, 0};
  return ::poll(&watched, 1, wait_ms) > 0;
}

/// Reads until the program has ended; something it left running in the background does not hold us up.
void follow(Child& child, int end, std::string& output) {
  bool open = end >= 0;
  while (true) {
    const bool last_round = child.ended();
    while (open && readable(end, last_round ? 0 : kPollEveryMs)) {
      open = read_some(end, output);
      child.kill_when_late();
    }
    if (last_round) return;
    child.kill_when_late();
    if (!open) ::poll(nullptr, 0, kPollEveryMs / 5);
  }
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& argv, const ProcessOptions& options) {
  if (argv.empty()) fail_start(argv, ENOENT);
  std::vector<std::string> arguments = argv, variables = environment(options.env);
  Pipe output, failure;
  if (output.read < 0 || failure.read < 0) fail_start(argv, errno);
  const std::string cwd = options.cwd.string();
  const Launch launch = {pointers(arguments),
                         pointers(variables),
                         cwd.empty() ? nullptr : cwd.c_str(),
                         ::getpid(),
                         options.capture ? output.write : STDERR_FILENO,
                         failure.write};
  const pid_t pid = ::fork();
  if (pid < 0) fail_start(argv, errno);
  if (pid == 0) become(launch);

  Pipe::close_end(output.write);
  Pipe::close_end(failure.write);
  Child child(pid, options.timeout_s);
  ProcessResult result;
  int reason = 0;
  if (::read(failure.read, &reason, sizeof reason) == sizeof reason) {
    follow(child, -1, result.output);
    fail_start(argv, reason);
  }
  follow(child, options.capture ? output.read : -1, result.output);
  child.fill(result);
  return result;
}

}  // namespace edgesmith
