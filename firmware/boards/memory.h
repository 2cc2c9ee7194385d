#pragma once
// The linker script's view of memory, and the stack's high-water mark.

#include <stdint.h>

namespace board {

uint32_t ram_bytes();         // .data and .bss
uint32_t stack_bytes();       // reserved for the stack
uint32_t stack_used_bytes();  // deepest so far, interrupts included; from the paint that start-up put there

}  // namespace board
