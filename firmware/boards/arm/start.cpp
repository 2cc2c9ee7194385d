// Start-up of every Cortex-M board: vectors, memory, floating point, main.
#include "firmware/boards/start.h"

#include "firmware/boards/arm/core.h"
#include "firmware/boards/arm/vectors.h"
#include "firmware/boards/board.h"
#include "firmware/boards/semihosting.h"

int main();

extern "C" {
extern uint32_t ld_stack_top;

void reset_handler() {
#if defined(__ARM_FP)  // the unit sleeps after reset; CPACR: full access to coprocessors 10 and 11
  cortex_m::reg(0xe000ed88u) |= 0xfu << 20;
  __asm__ volatile("dsb\n isb");
#endif
  board::prepare_memory();
  main();
  for (;;) {
  }
}

/// `frame`: what the core stacked, r0 r1 r2 r3 r12 lr pc xpsr.
void on_hard_fault(uint32_t* frame) {
  constexpr uint16_t kSemihostingBreakpoint = 0xbeab;  // bkpt 0xab
  const uint16_t* at = reinterpret_cast<const uint16_t*>(static_cast<uintptr_t>(frame[6]));
  if (*at == kSemihostingBreakpoint) {  // nobody listens: answer -1 and go on behind it
    frame[0] = 0xffffffffu;
    frame[6] += 2;
    return;
  }
  static const uint8_t kMessage[] = "edgesmith: hard fault\n";
  board::write({kMessage, sizeof kMessage - 1});
  board::semihosting::exit(70);
  for (;;) {
  }
}

/// Only the main stack is used. A fault inside a fault (nobody listens to exit) locks the core up, which ends it too.
__attribute__((naked)) void hard_fault_handler() {
  __asm__ volatile(
      "mrs r0, msp\n"
      "push {r4, lr}\n"
      "bl on_hard_fault\n"
      "pop {r4, pc}\n");
}

void unused_handler() {
  static const uint8_t kMessage[] = "edgesmith: unexpected interrupt\n";
  board::write({kMessage, sizeof kMessage - 1});
  for (;;) {
  }
}

}  // extern "C"

namespace {

using Handler = void (*)();

struct VectorTable {
  const uint32_t* stack_top;
  Handler exceptions[15];
  Handler interrupts[machine::kInterrupts];
};

constexpr VectorTable make_vectors() {
  VectorTable table = {&ld_stack_top, {}, {}};
  for (Handler& handler : table.exceptions)
    handler = unused_handler;
  for (Handler& handler : table.interrupts)
    handler = unused_handler;
  table.exceptions[0] = reset_handler;
  table.exceptions[2] = hard_fault_handler;
  table.interrupts[machine::kUartInterrupt] = uart_handler;
  (machine::kTimerInterrupt == machine::kSysTick ? table.exceptions[14] : table.interrupts[machine::kTimerInterrupt]) =
      timer_handler;
  return table;
}

__attribute__((section(".vectors"), used)) constexpr VectorTable kVectors = make_vectors();

}  // namespace
