// Arm's MPS2 and MPS3 FPGA boards: the CMSDK UART, and what all of them share. machine.h gives the addresses.
// Source: Cortex-M System Design Kit TRM (DDI 0479), 4.3 APB UART.
#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/mps2/parts.h"
#include "firmware/boards/ring.h"

namespace {

struct Uart {
  uint32_t data, state, control, interrupt_status, baud_divider;
};
constexpr uint32_t kTransmitFull = 1, kReceiveFull = 2;                       // state
constexpr uint32_t kTransmit = 1, kReceive = 2, kReceiveInterruptEnable = 8;  // control
constexpr uint32_t kReceiveInterrupt = 2;                                     // interrupt_status, write 1 to clear
constexpr uint32_t kBaud = 115200;

volatile Uart& uart() {
  return *reinterpret_cast<volatile Uart*>(static_cast<uintptr_t>(machine::kUart));
}

board::ByteRing received;

}  // namespace

extern "C" void uart_handler() {
  uart().interrupt_status = kReceiveInterrupt;
  while (uart().state & kReceiveFull) {
    const uint8_t byte = static_cast<uint8_t>(uart().data);
    if (!received.full()) received.put(byte);  // else it is lost; the packet's checksum will tell
  }
}

void mps::begin_uart() {
  uart().baud_divider = machine::kClockHz / kBaud;
  uart().control = kTransmit | kReceive | kReceiveInterruptEnable;
  cortex_m::enable_interrupt(machine::kUartInterrupt);
}

namespace board {

const char* const kName = machine::kName;
const uint32_t kClockHz = machine::kClockHz;

void begin() {
  mps::begin_uart();
  mps::begin_timers();
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

void sleep_unless(bool (*work)()) {
  cortex_m::sleep_unless(work);
}

}  // namespace board
