#pragma once
// The few registers of the Cortex-M core that a board needs. Same addresses on every Cortex-M.
// Source: Armv7-M Architecture Reference Manual (DDI 0403E), B3.2 and B3.4; Armv8-M (DDI 0553), D1.2.

#include <stdint.h>

namespace cortex_m {

inline volatile uint32_t& reg(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(static_cast<uintptr_t>(address));
}

inline void enable_interrupt(uint32_t number) {
  reg(0xe000e100u + number / 32 * 4) = 1u << (number % 32);  // NVIC_ISER
}

/// WFI wakes on a pending interrupt even while PRIMASK holds it off, so nothing is lost between question and sleep.
inline void sleep_unless(bool (*work)()) {
  __asm__ volatile("cpsid i" ::: "memory");
  if (!work()) __asm__ volatile("dsb\n wfi" ::: "memory");
  __asm__ volatile("cpsie i" ::: "memory");
}

}  // namespace cortex_m
