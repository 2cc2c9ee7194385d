#include "host/base/progress.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace edgesmith {
namespace {

constexpr int kBarCells = 20;
constexpr double kRedrawEverySeconds = 0.1;
constexpr const char* kClearLine = "\r\x1b[K";

bool line_is_open = false;  // a progress line stands on the terminal, without its newline

double now_s() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(share * kBarCells);
  return "[" + std::string(full, '#') + std::string(kBarCells - full, '.') + "]";
}

std::string eta(double elapsed_s, double share) {
  if (share <= 0 || share >= 1 || elapsed_s < 0.5) return "";
  const auto left_s = static_cast<long>(elapsed_s * (1 - share) / share + 0.5);
  return left_s < 120 ? "  ETA " + std::to_string(left_s) + " s" : "  ETA " + std::to_string(left_s / 60) + " min";
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), started_s_(now_s()), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (terminal_ && line_is_open) std::fputc('\n', stderr);
  line_is_open = false;
}

void Progress::at(std::uint64_t done, const std::string& note) {
  if (!terminal_) return;
  const double elapsed_s = now_s() - started_s_;
  if (done < total_ && last_drawn_s_ >= 0 && elapsed_s - last_drawn_s_ < kRedrawEverySeconds) return;
  last_drawn_s_ = elapsed_s;
  const double share = total_ == 0 ? 1 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  std::fprintf(stderr, "%s%s  %s  %llu/%llu%s%s%s", kClearLine, what_.c_str(), bar(share).c_str(),
               static_cast<unsigned long long>(done), static_cast<unsigned long long>(total_), note.empty() ? "" : "  ",
               note.c_str(), eta(elapsed_s, share).c_str());
  std::fflush(stderr);
  line_is_open = true;
}

void say(const std::string& line) {
  std::fprintf(stderr, "%s%s\n", line_is_open ? kClearLine : "", line.c_str());
}

}  // namespace edgesmith
