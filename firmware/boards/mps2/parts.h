#pragma once
// The halves of an MPS board: every one has the same UART, not every one the same timers.

namespace mps {

void begin_uart();
void begin_timers();

}  // namespace mps
