#pragma once
// Interrupts of a board: one for received bytes, one for the sample timer. machine.h, in the board's own folder, says
// which numbers they have.

#include <stdint.h>

namespace machine {
constexpr uint32_t kSysTick = 0xffffffffu;  // kTimerInterrupt of a board whose sample timer is the core's own
}

#include <machine.h>

extern "C" {
void reset_handler();
void hard_fault_handler();
void unused_handler();
void uart_handler();   // the board's
void timer_handler();  // the board's
}
