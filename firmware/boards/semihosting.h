#pragma once
// Files of the computer that debugs this one: a debugger or an emulator carries the requests out.
// Without one, command_line() answers false, and the rest must not be called.

#include <stdint.h>

#include "device/base/span.h"

namespace board {
namespace semihosting {

/// The words that the emulator was started with, zero-ended; false when nobody listens or they do not fit.
bool command_line(edgesmith::Span<char> text);

enum class Mode : uint32_t { read = 1, write = 5 };  // "rb", "wb"
constexpr int32_t kNoFile = -1;

int32_t open(const char* path, Mode mode);
/// Bytes that were read; 0 = end of file.
uint32_t read(int32_t file, edgesmith::Span<uint8_t> to);
/// True when everything was written.
bool write(int32_t file, edgesmith::Span<const uint8_t> from);
void close(int32_t file);

/// Ends the emulator with this status.
void exit(uint32_t status);

}  // namespace semihosting
}  // namespace board
