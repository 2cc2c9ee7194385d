#pragma once
// BBC micro:bit: Nordic nRF51822, Cortex-M0.
// Source: nRF51 Series Reference Manual, instantiation table; interrupt number = peripheral identifier.

#include <stdint.h>

namespace machine {

constexpr const char* kName = "microbit";
constexpr uint32_t kClockHz = 16000000;
constexpr uint32_t kUart = 0x40002000;
constexpr uint32_t kTimer0 = 0x40008000;
constexpr uint32_t kUartInterrupt = 2;
constexpr uint32_t kTimerInterrupt = 8;
constexpr uint32_t kInterrupts = 32;

}  // namespace machine
