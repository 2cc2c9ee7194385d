// The two CMSDK timers of the MPS2 boards: one interrupts for every sample, the other one runs freely.
// Source: Cortex-M System Design Kit TRM (DDI 0479), 4.2 APB timer.
#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/mps2/parts.h"

namespace {

struct Timer {
  uint32_t control, value, reload, interrupt_status;
};
constexpr uint32_t kEnable = 1, kInterruptEnable = 8;

volatile Timer& sample_timer() {
  return *reinterpret_cast<volatile Timer*>(static_cast<uintptr_t>(machine::kTimer0));
}
volatile Timer& free_timer() {
  return *reinterpret_cast<volatile Timer*>(static_cast<uintptr_t>(machine::kTimer1));
}

void (*on_sample_)();

}  // namespace

extern "C" void timer_handler() {
  sample_timer().interrupt_status = 1;
  on_sample_();
}

void mps::begin_timers() {
  free_timer().reload = 0xffffffffu;
  free_timer().value = 0xffffffffu;
  free_timer().control = kEnable;
}

namespace board {

uint32_t ticks() {
  return ~free_timer().value;
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

}  // namespace board
