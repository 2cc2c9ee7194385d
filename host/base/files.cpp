#include "host/base/files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "host/base/error.h"

namespace edgesmith {
namespace {

// Marks files that are still being written; a command killed in the middle leaves at most such a file behind.
constexpr std::string_view kUnfinished = ".unfinished-";

[[noreturn]] void fail_read(const fs::path& path, const std::string& reason) {
  throw Error{{.code = "file.unreadable",
               .what = "cannot be read: " + reason,
               .where = path.string(),
               .try_this = "check the path and its permissions"}};
}

[[noreturn]] void fail_write(const fs::path& path, const std::string& reason) {
  throw Error{{.code = "file.unwritable",
               .what = "cannot be written: " + reason,
               .where = path.string(),
               .try_this = "check the folder's permissions and the space left on the disk"}};
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const {
    return number_;
  }
  bool close() {
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0;
  }

 private:
  int number_;
};

template <class Container>
Container read_all(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) fail_read(path, std::strerror(errno));
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) fail_read(path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) fail_read(path, "it is a folder");

  Container content(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)), {});
  std::size_t filled = 0;
  while (true) {  // pipes and /proc files tell no length, so read until the end
    if (filled == content.size()) content.resize(std::max<std::size_t>(4096, filled + filled / 2));
    const ssize_t got = ::read(file.number(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_read(path, std::strerror(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

bool write_all(int descriptor, const char* data, std::size_t size_bytes) {
  while (size_bytes > 0) {
    const ssize_t written = ::write(descriptor, data, size_bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    size_bytes -= static_cast<std::size_t>(written);
  }
  return true;
}

fs::path unfinished_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  std::string name = "." + path.filename().string();
  name += kUnfinished;
  name += std::to_string(::getpid()) + "-" + std::to_string(counter++);
  return path.parent_path() / name;
}

void make_parents(const fs::path& path) {
  if (path.parent_path().empty()) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) fail_write(path, error.message());
}

/// Pipes and devices (-o /dev/stdout) cannot be replaced by a rename.
bool is_special(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error) && !fs::is_regular_file(path, error) && !fs::is_directory(path, error);
}

bool is_unfinished(const fs::path& path) {
  return path.filename().string().find(kUnfinished) != std::string::npos;
}

/// Hidden folders of batches whose command is no more.
void remove_abandoned(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!is_unfinished(entry.path()) || !entry.is_directory(error)) continue;
    const std::string name = entry.path().filename().string();
    const int pid = std::atoi(name.c_str() + name.find(kUnfinished) + kUnfinished.size());
    if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), error);
  }
}

void write_special(const fs::path& path, const char* data, std::size_t size_bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.number() < 0 || !write_all(file.number(), data, size_bytes)) fail_write(path, std::strerror(errno));
}

}  // namespace

std::string read_text(const fs::path& path) {
  return read_all<std::string>(path);
}

Bytes read_bytes(const fs::path& path) {
  return read_all<Bytes>(path);
}

void write_bytes(const fs::path& path, const void* data, std::size_t size_bytes) {
  const char* bytes = static_cast<const char*>(data);
  if (is_special(path)) return write_special(path, bytes, size_bytes);
  make_parents(path);
  const fs::path beside = unfinished_beside(path);
  Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.number() < 0) fail_write(path, std::strerror(errno));
  const bool whole = write_all(file.number(), bytes, size_bytes) && ::fsync(file.number()) == 0 && file.close() &&
                     ::rename(beside.c_str(), path.c_str()) == 0;
  if (whole) return;
  const std::string reason = std::strerror(errno);
  ::unlink(beside.c_str());
  fail_write(path, reason);
}

void write_text(const fs::path& path, std::string_view text) {
  write_bytes(path, text.data(), text.size());
}

FileBatch::FileBatch(fs::path folder) : folder_(std::move(folder)), hidden_(unfinished_beside(folder_ / "batch")) {
  make_parents(hidden_ / "0");
  remove_abandoned(folder_);
}

FileBatch::~FileBatch() {
  std::error_code ignored;
  fs::remove_all(hidden_, ignored);
}

void FileBatch::add(const fs::path& path, std::string_view content) {
  const fs::path hidden = hidden_ / std::to_string(paths_.size());
  Descriptor file(::open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.number() < 0 || !write_all(file.number(), content.data(), content.size()))
    fail_write(path, std::strerror(errno));
  paths_.push_back(path);
}

/// One sync of the whole file system waits for what others write, too; for a few files one each is faster.
void FileBatch::sync() const {
  constexpr std::size_t kFewFiles = 8;
  if (paths_.size() > kFewFiles) {
    Descriptor folder(::open(hidden_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0 || ::syncfs(folder.number()) != 0) fail_write(folder_, std::strerror(errno));
    return;
  }
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    Descriptor file(::open((hidden_ / std::to_string(i)).c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0 || ::fsync(file.number()) != 0) fail_write(paths_[i], std::strerror(errno));
  }
}

void FileBatch::commit() {
  sync();
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    make_parents(paths_[i]);
    if (::rename((hidden_ / std::to_string(i)).c_str(), paths_[i].c_str()) != 0)
      fail_write(paths_[i], std::strerror(errno));
  }
  paths_.clear();
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  if (error) fail_read(folder, error.message());
  std::vector<fs::path> files;
  for (const fs::recursive_directory_iterator end; walk != end; walk.increment(error)) {
    if (is_unfinished(walk->path()))
      walk.disable_recursion_pending();
    else if (walk->is_regular_file(error))
      files.push_back(walk->path());
    if (error) fail_read(folder, error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void replace_folder(const fs::path& from, const fs::path& to) {
  make_parents(to);
  if (::rename(from.c_str(), to.c_str()) == 0) return;  // nothing there, or an empty folder
  // Swap the two in one step, so that no reader ever finds `to` missing or mixed; then drop the old one.
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(from);
    return;
  }
  // Some file systems cannot swap: two renames, between which the old content waits beside under another name.
  const fs::path old = unfinished_beside(to);
  if (::rename(to.c_str(), old.c_str()) != 0) fail_write(to, std::strerror(errno));
  if (::rename(from.c_str(), to.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    fs::rename(old, to);
    fail_write(to, reason);
  }
  fs::remove_all(old);
}

}  // namespace edgesmith
