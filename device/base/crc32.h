#pragma once
// CRC-32 as in zlib and Ethernet (polynomial 0x04C11DB7 reflected, initial and final inversion).

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {

/// CRC of `bytes`; pass an earlier result as `before` to continue it. Half a byte a step: 64 bytes of table.
uint32_t crc32(Span<const uint8_t> bytes, uint32_t before = 0);

}  // namespace edgesmith
