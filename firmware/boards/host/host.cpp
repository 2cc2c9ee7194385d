// This computer as a board: the serial line is standard input and output, "semihosting" is the C library, time does not
// exist (samples come as fast as they are taken). For trying the application without an emulator.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "firmware/boards/board.h"
#include "firmware/boards/memory.h"
#include "firmware/boards/semihosting.h"

namespace board {
namespace {

void (*on_sample_)();

bool input_waits(int timeout_ms) {
  pollfd line = {STDIN_FILENO, POLLIN, 0};
  return ::poll(&line, 1, timeout_ms) > 0;
}

}  // namespace

const char* const kName = "host";
const uint32_t kClockHz = 0;

void begin() {}

uint32_t ticks() {
  return 0;
}

void write(edgesmith::Span<const uint8_t> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::write(STDOUT_FILENO, bytes.data + done, bytes.size() - done);
    if (sent <= 0) ::exit(1);
    done += static_cast<size_t>(sent);
  }
}

bool read(uint8_t& byte) {
  if (!input_waits(0)) return false;
  if (::read(STDIN_FILENO, &byte, 1) != 1) ::exit(0);  // the other end is gone
  return true;
}

void start_sampling(uint32_t, void (*on_sample)()) {
  on_sample_ = on_sample;
}

void stop_sampling() {
  on_sample_ = nullptr;
}

void sleep_unless(bool (*work)()) {
  if (work()) return;
  if (on_sample_ != nullptr) {
    on_sample_();
  } else {
    input_waits(-1);
  }
}

uint32_t ram_bytes() {
  return 0;
}
uint32_t stack_bytes() {
  return 0;
}
uint32_t stack_used_bytes() {
  return 0;
}
uint32_t repaint_stack() {
  return 0;
}

namespace semihosting {
namespace {

constexpr int32_t kFiles = 3;
FILE* files[kFiles];

}  // namespace

/// The program's own words, without its name.
bool command_line(edgesmith::Span<char> text) {
  FILE* words = fopen("/proc/self/cmdline", "rb");
  if (words == nullptr) return false;
  size_t got = 0;
  while (fgetc(words) > 0) {
  }
  for (int next = fgetc(words); next != EOF && got + 1 < text.size(); next = fgetc(words)) {
    text[got++] = next == 0 ? ' ' : static_cast<char>(next);
  }
  fclose(words);
  text[got] = 0;
  return got > 0;
}

int32_t open(const char* path, Mode mode) {
  for (int32_t i = 0; i < kFiles; ++i) {
    if (files[i] != nullptr) continue;
    files[i] = fopen(path, mode == Mode::read ? "rb" : "wb");
    return files[i] == nullptr ? kNoFile : i;
  }
  return kNoFile;
}

uint32_t read(int32_t file, edgesmith::Span<uint8_t> to) {
  return static_cast<uint32_t>(fread(to.data, 1, to.size(), files[file]));
}

bool write(int32_t file, edgesmith::Span<const uint8_t> from) {
  return fwrite(from.data, 1, from.size(), files[file]) == from.size();
}

void close(int32_t file) {
  fclose(files[file]);
  files[file] = nullptr;
}

void exit(uint32_t status) {
  ::exit(static_cast<int>(status));
}

}  // namespace semihosting
}  // namespace board
