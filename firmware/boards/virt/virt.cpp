// QEMU's RISC-V machine 'virt': a 16550 UART and the core-local timer.
// Sources: QEMU, hw/riscv/virt.c (addresses, 10 MHz time base); National Semiconductor PC16550D; RISC-V Privileged
// Architecture, 3.1 (traps) and 3.2.1 (mtime).
#include "firmware/boards/board.h"
#include "firmware/boards/semihosting.h"
#include "firmware/boards/start.h"

int main();

extern "C" const char semihosting_ebreak[];

// Control and status registers by name; as in start.S, the compiler's rv32imac does not include them.
#define CSR(instruction) ".option push\n .option arch, +zicsr\n " instruction "\n .option pop"

namespace {

constexpr uint32_t kUart = 0x10000000;
constexpr uint32_t kTransmitEmpty = 1u << 5, kReceived = 1u << 0;  // line status
constexpr uint32_t kTimeCompare = 0x02004000, kTime = 0x0200bff8;
constexpr uint32_t kTimeHz = 10000000;

constexpr uint32_t kTimerInterruptEnable = 1u << 7;  // mie
constexpr uint32_t kInterruptsOn = 1u << 3;          // mstatus
constexpr uint32_t kCauseTimer = 0x80000007u, kCauseBreakpoint = 3;

volatile uint8_t& uart(uint32_t offset) {
  return *reinterpret_cast<volatile uint8_t*>(static_cast<uintptr_t>(kUart + offset));
}
volatile uint32_t& reg(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(static_cast<uintptr_t>(address));
}

uint64_t next_sample;  // mtime
uint32_t period;       // of mtime
void (*on_sample_)();

uint64_t mtime() {
  uint32_t high, low;
  do {
    high = reg(kTime + 4);
    low = reg(kTime);
  } while (high != reg(kTime + 4));
  return uint64_t{high} << 32 | low;
}

/// Both halves cannot be written at once: while the low one changes, the high one keeps the alarm far away.
void set_alarm(uint64_t at) {
  reg(kTimeCompare + 4) = 0xffffffffu;
  reg(kTimeCompare) = static_cast<uint32_t>(at);
  reg(kTimeCompare + 4) = static_cast<uint32_t>(at >> 32);
}

}  // namespace

extern "C" void start() {
  board::prepare_memory();
  main();
}

/// Returns where to go on. `a0`: of the interrupted code.
extern "C" uint32_t on_trap(uint32_t cause, uint32_t at, uint32_t* a0) {
  if (cause == kCauseTimer) {
    next_sample += period;
    set_alarm(next_sample);
    on_sample_();
    return at;
  }
  if (cause == kCauseBreakpoint && at == reinterpret_cast<uintptr_t>(semihosting_ebreak)) {
    *a0 = 0xffffffffu;  // nobody listens: answer -1 and go on behind it
    return at + 4;
  }
  static const uint8_t kMessage[] = "edgesmith: unexpected trap\n";
  board::write({kMessage, sizeof kMessage - 1});
  board::semihosting::exit(70);
  for (;;) {
  }
}

namespace board {

const char* const kName = "virt";
const uint32_t kClockHz = 1000000000;  // instructions, one a nanosecond under the emulator's instruction clock

void begin() {
  uart(1) = 0;     // no interrupts: the line is polled
  uart(2) = 0x01;  // FIFO on
  uart(3) = 0x03;  // 8 bits, no parity
}

/// Retired instructions: exact, where a timer would resolve a hundred of them.
uint32_t ticks() {
  uint32_t instructions;
  __asm__ volatile(CSR("csrr %0, minstret") : "=r"(instructions));
  return instructions;
}

void write(edgesmith::Span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) {
    while (!(uart(5) & kTransmitEmpty)) {
    }
    uart(0) = byte;
  }
}

bool read(uint8_t& byte) {
  if (!(uart(5) & kReceived)) return false;
  byte = uart(0);
  return true;
}

void start_sampling(uint32_t period_ticks, void (*on_sample)()) {
  on_sample_ = on_sample;
  period = period_ticks / (kClockHz / kTimeHz);
  next_sample = mtime() + period;
  set_alarm(next_sample);
  __asm__ volatile(CSR("csrs mie, %0\n csrs mstatus, %1")::"r"(kTimerInterruptEnable), "r"(kInterruptsOn));
}

void stop_sampling() {
  __asm__ volatile(CSR("csrc mie, %0")::"r"(kTimerInterruptEnable));
}

/// The line has no interrupt here, so the core sleeps only while samples come and wake it.
void sleep_unless(bool (*work)()) {
  uint32_t enabled;
  __asm__ volatile(CSR("csrc mstatus, %0")::"r"(kInterruptsOn));
  __asm__ volatile(CSR("csrr %0, mie") : "=r"(enabled));
  if (!work() && (enabled & kTimerInterruptEnable)) __asm__ volatile("wfi");
  __asm__ volatile(CSR("csrs mstatus, %0")::"r"(kInterruptsOn));
}

}  // namespace board
