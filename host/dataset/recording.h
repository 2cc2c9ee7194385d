#pragma once
// Recordings: one stretch of samples with its labels and where it came from.
//
// On disk: recordings/<session>/<name>.wav (int16 or float32, one WAV channel per sensor channel) or .csv (a header of
// channel names), and beside it <name>.wav.json with what the samples cannot say.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith::dataset {

/// Samples [from, to) carry `label`.
struct Label {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::string label;
  double certainty = 1;
};

struct Recording {
  std::string session, name;  // session = folder below recordings/, name = file without extension
  std::string subject, device, unit, notes;
  std::vector<std::string> channels;
  double rate_hz = 0;           // measured where timestamps told, else asked
  double rate_asked_hz = 0;
  bool counts = false;          // samples are int16 sensor counts, exactly representable as float
  std::vector<float> samples;   // [length][channels], counts or unit
  std::vector<Label> labels;    // ordered, not overlapping

  std::int64_t length_samples() const {
    return channels.empty() ? 0 : static_cast<std::int64_t>(samples.size() / channels.size());
  }
};

/// Everything below folder/, in the order of session and name. Throws Error naming the file when one cannot be read.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// Writes folder/<session>/<name>.wav and .wav.json, each whole or not at all.
void write_recording(const std::filesystem::path& folder, const Recording& recording);

}  // namespace edgesmith::dataset
