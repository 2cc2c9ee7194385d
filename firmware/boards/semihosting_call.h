#pragma once

#include <stdint.h>

/// One semihosting request: -1 when it failed or nobody listens. Implemented per architecture.
extern "C" int32_t semihosting_call(uint32_t operation, volatile uint32_t* block);
