#include "host/workflow/sample_bytes.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <type_traits>

#include "host/base/error.h"

namespace edgesmith {
namespace {

/// What no integer of the format can be, NaN among it, cannot have come from the sensor.
template <typename T>
void check_count(const dataset::Recording& recording, float count) {
  const float low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  if (count >= low && count <= high) return;
  throw Error({.code = "data.count",
               .what = "a sample is no count of [input] type",
               .where = recording.id(),
               .expected = fmt::format("{} to {}", low, high),
               .found = fmt::format("{}", count),
               .try_this = "set [input] type to what the sensor gives"});
}

template <typename T>
std::vector<std::uint8_t> converted(const dataset::Recording& recording) {
  const std::vector<float>& samples = recording.samples;
  std::vector<std::uint8_t> bytes(samples.size() * sizeof(T));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::is_integral_v<T>) check_count<T>(recording, samples[i]);
    const T value = static_cast<T>(samples[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> sample_bytes(const dataset::Recording& recording, SampleFormat format) {
  if (recording.counts != (format != SampleFormat::f32)) {
    throw Error({.code = "data.sample_type",
                 .what = "the recording's samples are not what [input] type says",
                 .where = recording.session + "/" + recording.name,
                 .expected = format == SampleFormat::f32 ? "samples in the unit (float WAV or CSV)" : "integer counts",
                 .found = recording.counts ? "integer counts" : "samples in the unit",
                 .try_this = "set [input] type to f32, or i16 with a scale; or import the recordings again"});
  }
  switch (format) {
    case SampleFormat::f32:
      return converted<float>(recording);
    case SampleFormat::i16:
      return converted<std::int16_t>(recording);
    case SampleFormat::u8:
      return converted<std::uint8_t>(recording);
  }
  return {};
}

std::uint32_t sample_time_us(const RoadSpec& road, std::int64_t index) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(index) * road.hop_us / road.hop_samples);
}

}  // namespace edgesmith
