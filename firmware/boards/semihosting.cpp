// Source: Arm, Semihosting for AArch32 and AArch64; RISC-V takes the same operations with another trap instruction.
#include "firmware/boards/semihosting.h"

#include <string.h>

#include "firmware/boards/semihosting_call.h"

namespace board {
namespace semihosting {
namespace {

enum Operation : uint32_t {
  kOpen = 0x01,
  kClose = 0x02,
  kWrite = 0x05,
  kRead = 0x06,
  kGetCommandLine = 0x15,
  kExitExtended = 0x20,
};
constexpr uint32_t kApplicationExit = 0x20026;

uint32_t address(const volatile void* pointer) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

}  // namespace

bool command_line(edgesmith::Span<char> text) {
  volatile uint32_t block[2] = {address(text.data), static_cast<uint32_t>(text.size())};
  return semihosting_call(kGetCommandLine, block) == 0;
}

int32_t open(const char* path, Mode mode) {
  volatile uint32_t block[3] = {address(path), static_cast<uint32_t>(mode), static_cast<uint32_t>(strlen(path))};
  return semihosting_call(kOpen, block);
}

// The host answers how many bytes it left undone.
uint32_t read(int32_t file, edgesmith::Span<uint8_t> to) {
  const uint32_t wanted = static_cast<uint32_t>(to.size());
  volatile uint32_t block[3] = {static_cast<uint32_t>(file), address(to.data), wanted};
  const uint32_t undone = static_cast<uint32_t>(semihosting_call(kRead, block));
  return undone <= wanted ? wanted - undone : 0;
}

bool write(int32_t file, edgesmith::Span<const uint8_t> from) {
  volatile uint32_t block[3] = {static_cast<uint32_t>(file), address(from.data), static_cast<uint32_t>(from.size())};
  return semihosting_call(kWrite, block) == 0;
}

void close(int32_t file) {
  volatile uint32_t block[1] = {static_cast<uint32_t>(file)};
  semihosting_call(kClose, block);
}

void exit(uint32_t status) {
  volatile uint32_t block[2] = {kApplicationExit, status};
  semihosting_call(kExitExtended, block);
}

}  // namespace semihosting
}  // namespace board
