// nRF51822: UART and TIMER0, which is the only timer of 32 bits and therefore serves twice: free-running clock, and
// sample interrupt through a compare register that moves on with every sample.
// Source: nRF51 Series Reference Manual, 18 (TIMER) and 29 (UART).
#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/ring.h"

namespace {

namespace uart {
constexpr uint32_t kStartReceive = 0x000, kStartTransmit = 0x008;  // tasks
constexpr uint32_t kReceived = 0x108, kTransmitted = 0x11c;        // events
constexpr uint32_t kInterruptSet = 0x304, kEnable = 0x500;
constexpr uint32_t kPinTransmit = 0x50c, kPinReceive = 0x514;
constexpr uint32_t kReceiveData = 0x518, kTransmitData = 0x51c, kBaudRate = 0x524;
constexpr uint32_t kBaud115200 = 0x01d7e000, kEnabled = 4, kReceiveInterrupt = 1u << 2;
}  // namespace uart

namespace timer {
constexpr uint32_t kStart = 0x000, kCaptureNow = 0x044;  // tasks; the second fills compare register 1
constexpr uint32_t kCompare = 0x140;                     // event of compare register 0
constexpr uint32_t kInterruptSet = 0x304, kInterruptClear = 0x308, kBitMode = 0x508, kPrescaler = 0x510;
constexpr uint32_t kCompareAt = 0x540, kCaptured = 0x544;
constexpr uint32_t kBits32 = 3, kCompareInterrupt = 1u << 16;
}  // namespace timer

volatile uint32_t& uart_reg(uint32_t offset) {
  return cortex_m::reg(machine::kUart + offset);
}
volatile uint32_t& timer_reg(uint32_t offset) {
  return cortex_m::reg(machine::kTimer0 + offset);
}

board::ByteRing received;
uint32_t period;
void (*on_sample_)();

}  // namespace

extern "C" void uart_handler() {
  while (uart_reg(uart::kReceived)) {
    uart_reg(uart::kReceived) = 0;
    const uint8_t byte = static_cast<uint8_t>(uart_reg(uart::kReceiveData));
    if (!received.full()) received.put(byte);  // else it is lost; the packet's checksum will tell
  }
}

extern "C" void timer_handler() {
  timer_reg(timer::kCompare) = 0;
  timer_reg(timer::kCompareAt) = timer_reg(timer::kCompareAt) + period;
  on_sample_();
}

namespace board {

const char* const kName = machine::kName;
const uint32_t kClockHz = machine::kClockHz;

void begin() {
  uart_reg(uart::kPinTransmit) = 24;  // to the interface chip, which makes it a USB serial port
  uart_reg(uart::kPinReceive) = 25;
  uart_reg(uart::kBaudRate) = uart::kBaud115200;
  uart_reg(uart::kEnable) = uart::kEnabled;
  uart_reg(uart::kStartTransmit) = 1;
  uart_reg(uart::kStartReceive) = 1;
  uart_reg(uart::kInterruptSet) = uart::kReceiveInterrupt;
  cortex_m::enable_interrupt(machine::kUartInterrupt);
  timer_reg(timer::kBitMode) = timer::kBits32;
  timer_reg(timer::kPrescaler) = 0;
  timer_reg(timer::kStart) = 1;
}

uint32_t ticks() {
  timer_reg(timer::kCaptureNow) = 1;
  return timer_reg(timer::kCaptured);
}

void write(edgesmith::Span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) {
    uart_reg(uart::kTransmitted) = 0;
    uart_reg(uart::kTransmitData) = byte;
    while (!uart_reg(uart::kTransmitted)) {
    }
  }
}

bool read(uint8_t& byte) {
  return received.take(byte);
}

void start_sampling(uint32_t period_ticks, void (*on_sample)()) {
  on_sample_ = on_sample;
  period = period_ticks;
  timer_reg(timer::kCompare) = 0;
  timer_reg(timer::kCompareAt) = ticks() + period_ticks;
  timer_reg(timer::kInterruptSet) = timer::kCompareInterrupt;
  cortex_m::enable_interrupt(machine::kTimerInterrupt);
}

void stop_sampling() {
  timer_reg(timer::kInterruptClear) = timer::kCompareInterrupt;
}

void sleep_unless(bool (*work)()) {
  cortex_m::sleep_unless(work);
}

}  // namespace board
