#pragma once
// A recording as the sensor would deliver it: the bytes that push() takes.

#include <cstdint>
#include <vector>

#include "device/runtime/plan.h"
#include "host/dataset/recording.h"

namespace edgesmith {

/// [length][channels] in `format`, little-endian. Error when the recording holds counts and the project wants units, or
/// the other way round, or a count that `format` cannot hold.
std::vector<std::uint8_t> sample_bytes(const dataset::Recording& recording, SampleFormat format);

/// Time of sample `index` at the nominal rate, as the harness on the device counts it; wraps after 71 minutes.
std::uint32_t sample_time_us(const RoadSpec& road, std::int64_t index);

}  // namespace edgesmith
