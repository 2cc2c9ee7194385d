#pragma once
// MPS2 with FPGA image AN505: Cortex-M33, which starts in its secure world and stays there: secure aliases throughout.
// Source: Arm Application Note AN505, memory map and interrupts.

#include <stdint.h>

namespace machine {

constexpr const char* kName = "mps2-an505";
constexpr uint32_t kClockHz = 20000000;
constexpr uint32_t kUart = 0x50200000;
constexpr uint32_t kTimer0 = 0x50000000;  // sample interrupt
constexpr uint32_t kTimer1 = 0x50001000;  // free-running
constexpr uint32_t kUartInterrupt = 32;
constexpr uint32_t kTimerInterrupt = 3;
constexpr uint32_t kInterrupts = 96;

}  // namespace machine
