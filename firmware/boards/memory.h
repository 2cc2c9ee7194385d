#pragma once
// The linker script's view of memory, and the stack's high-water mark.

#include <stdint.h>

namespace board {

uint32_t ram_bytes();         // .data and .bss
uint32_t stack_bytes();       // reserved for the stack
uint32_t stack_used_bytes();  // deepest so far, interrupts included; from the paint that start-up put there

/// Paints the unused stack again, so that stack_used_bytes() tells of what runs from now on. Answers the bytes in use
/// at the call.
uint32_t repaint_stack();

}  // namespace board
