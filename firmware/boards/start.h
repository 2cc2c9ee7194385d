#pragma once
// What every start-up code does once it has a stack.

namespace board {

/// Copies .data, clears .bss, paints the unused stack. Calls nothing: memory is not ready before it ends.
void prepare_memory();

}  // namespace board
