#pragma once
// MPS3 with FPGA image AN547: Cortex-M55, which starts in its secure world and stays there: secure aliases throughout.
// Source: Arm Application Note AN547, memory map and interrupts.

#include <stdint.h>

namespace machine {

constexpr const char* kName = "mps3-an547";
constexpr uint32_t kClockHz = 32000000;
constexpr uint32_t kUart = 0x59303000;
constexpr uint32_t kIoBlock = 0x59302000;
constexpr uint32_t kUartInterrupt = 33;
constexpr uint32_t kTimerInterrupt = kSysTick;
constexpr uint32_t kInterrupts = 96;

}  // namespace machine
