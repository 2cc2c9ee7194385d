#pragma once
// MPS2 with FPGA image AN386: Cortex-M4 with single precision floating point.
// Source: Arm Application Note AN386, memory map and interrupts.

#include <stdint.h>

namespace machine {

constexpr const char* kName = "mps2-an386";
constexpr uint32_t kClockHz = 25000000;
constexpr uint32_t kUart = 0x40004000;
constexpr uint32_t kTimer0 = 0x40000000;  // sample interrupt
constexpr uint32_t kTimer1 = 0x40001000;  // free-running
constexpr uint32_t kUartInterrupt = 0;
constexpr uint32_t kTimerInterrupt = 8;
constexpr uint32_t kInterrupts = 32;

}  // namespace machine
