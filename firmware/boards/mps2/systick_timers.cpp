// Timers of the MPS3 board AN547, which has no CMSDK timers: SysTick interrupts for every sample (its 24 bits reach
// down to 2 Hz at 32 MHz), and the cycle counter of the FPGA's I/O block runs freely. Sources: Armv8-M Architecture
// Reference Manual (DDI 0553), D1.2, SYST_*; Application Note AN547, FPGA system control and I/O.
#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/mps2/parts.h"

namespace {

constexpr uint32_t kControl = 0xe000e010, kReload = 0xe000e014, kValue = 0xe000e018;
constexpr uint32_t kEnable = 1, kInterruptEnable = 2, kCoreClock = 4;

void (*on_sample_)();

}  // namespace

extern "C" void timer_handler() {
  on_sample_();
}

void mps::begin_timers() {
  cortex_m::reg(machine::kIoBlock + 0x1c) = 0;  // PRESCALE: count every cycle
}

namespace board {

uint32_t ticks() {
  return cortex_m::reg(machine::kIoBlock + 0x18);  // COUNTER
}

void start_sampling(uint32_t period_ticks, void (*on_sample)()) {
  on_sample_ = on_sample;
  cortex_m::reg(kReload) = period_ticks - 1;
  cortex_m::reg(kValue) = 0;
  cortex_m::reg(kControl) = kEnable | kInterruptEnable | kCoreClock;
}

void stop_sampling() {
  cortex_m::reg(kControl) = 0;
}

}  // namespace board
