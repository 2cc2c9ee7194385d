#pragma once
// What every board gives to an application. One folder implements it; the profile in targets/ says which files belong.

#include <stdint.h>

#include "device/base/span.h"

namespace board {

/// Clock, serial line and a free-running counter. Before anything else.
void begin();

extern const char* const kName;
extern const uint32_t kClockHz;  // of ticks()
/// Free-running counter, wraps at 2^32.
uint32_t ticks();

/// Serial line: write waits until everything is on its way, read answers false when nothing has arrived.
void write(edgesmith::Span<const uint8_t> bytes);
bool read(uint8_t& byte);

/// Calls `on_sample` from a timer interrupt every `period_ticks`, until stop_sampling().
void start_sampling(uint32_t period_ticks, void (*on_sample)());
void stop_sampling();

/// Sleeps until an interrupt, unless `work()` says that there is something to do. No wake-up is lost between the two:
/// interrupts are held off while it asks.
void sleep_unless(bool (*work)());

}  // namespace board
