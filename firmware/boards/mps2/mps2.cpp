// Arm's MPS2 and MPS3 FPGA boards: CMSDK UART and timers. machine.h of the board gives the addresses.
// Source: Cortex-M System Design Kit TRM (DDI 0479), 4.2 timer, 4.3 UART.
#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/ring.h"

namespace {

struct Uart {
  uint32_t data, state, control, interrupt_status, baud_divider;
};
constexpr uint32_t kTransmitFull = 1, kReceiveFull = 2;                       // state
constexpr uint32_t kTransmit = 1, kReceive = 2, kReceiveInterruptEnable = 8;  // control
constexpr uint32_t kReceiveInterrupt = 2;                                     // interrupt_status, write 1 to clear

struct Timer {
  uint32_t control, value, reload, interrupt_status;
};
constexpr uint32_t kEnable = 1, kInterruptEnable = 8;

constexpr uint32_t kBaud = 115200;

volatile Uart& uart() {
  return *reinterpret_cast<volatile Uart*>(static_cast<uintptr_t>(machine::kUart));
}
volatile Timer& sample_timer() {
  return *reinterpret_cast<volatile Timer*>(static_cast<uintptr_t>(machine::kTimer0));
}
volatile Timer& free_timer() {
  return *reinterpret_cast<volatile Timer*>(static_cast<uintptr_t>(machine::kTimer1));
}

board::ByteRing received;
void (*on_sample_)();

}  // namespace

extern "C" void uart_handler() {
  uart().interrupt_status = kReceiveInterrupt;
  while (uart().state & kReceiveFull) {
    const uint8_t byte = static_cast<uint8_t>(uart().data);
    if (!received.full()) received.put(byte);  // else it is lost; the packet's checksum will tell
  }
}

extern "C" void timer_handler() {
  sample_timer().interrupt_status = 1;
  on_sample_();
}

namespace board {

const char* const kName = machine::kName;
const uint32_t kClockHz = machine::kClockHz;

void begin() {
  uart().baud_divider = machine::kClockHz / kBaud;
  uart().control = kTransmit | kReceive | kReceiveInterruptEnable;
  cortex_m::enable_interrupt(machine::kUartInterrupt);
  free_timer().reload = 0xffffffffu;
  free_timer().value = 0xffffffffu;
  free_timer().control = kEnable;
}

uint32_t ticks() {
  return ~free_timer().value;
}

void write(edgesmith::Span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) {
    while (uart().state & kTransmitFull) {
    }
    uart().data = byte;
  }
}

bool read(uint8_t& byte) {
  return received.take(byte);
}

void start_sampling(uint32_t period_ticks, void (*on_sample)()) {
  on_sample_ = on_sample;
  sample_timer().reload = period_ticks - 1;
  sample_timer().value = period_ticks - 1;
  sample_timer().control = kEnable | kInterruptEnable;
  cortex_m::enable_interrupt(machine::kTimerInterrupt);
}

void stop_sampling() {
  sample_timer().control = 0;
  sample_timer().interrupt_status = 1;
}

void sleep_unless(bool (*work)()) {
  cortex_m::sleep_unless(work);
}

}  // namespace board
