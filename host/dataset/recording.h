#pragma once
// Recordings: one stretch of samples with its labels and where it came from.
//
// On disk: recordings/<session>/<name>.wav (int16 or float32, one WAV channel per sensor channel) or .csv (a header of
// channel names), and beside it <name>.wav.json with what the samples cannot say:
//
//   {"session", "subject", "device", "unit", "rate_hz": {"asked", "measured"}, "channels": [...], "counts", "notes",
//    "tags": [...], "labels": [{"from", "to", "label", "certainty"}, ...]}      every key may be missing
//
// A WAV header holds whole hertz only; the exact rate is the one in the .json.

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
  std::vector<std::string> tags;
  std::vector<std::string> channels;
  double rate_hz = 0;          // measured where timestamps told, else asked
  double rate_asked_hz = 0;    // 0 = unknown
  bool counts = false;         // samples are int16 sensor counts, exactly representable as float
  std::vector<float> samples;  // [length][channels], counts or unit
  std::vector<Label> labels;   // ordered, not overlapping

  std::int64_t length_samples() const {
    return channels.empty() ? 0 : static_cast<std::int64_t>(samples.size() / channels.size());
  }
  /// "session/name", for messages.
  std::string id() const {
    return session + "/" + name;
  }
};

/// Everything below folder/, in the order of session and name. Throws Error naming the file when one cannot be read.
/// A subject that nobody told is the session. 16-bit PCM is read as counts. A .csv is read as import reads it.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// Writes folder/<session>/<name>.wav and .wav.json, each whole or not at all; float32 keeps every bit, NaN too.
/// Throws Error when session or name is no file name, or counts do not fit int16.
void write_recording(const std::filesystem::path& folder, const Recording& recording);

/// The same for many, much faster: they become visible together at the end.
void write_recordings(const std::filesystem::path& folder, const std::vector<Recording>& recordings);

/// Throws Error naming the recording whose channels are not `channels` (in that order), or whose rate differs from
/// rate_hz by more than 2 %.
void check_recordings(const std::vector<Recording>& recordings, const std::vector<std::string>& channels,
                      double rate_hz);

/// `text` as the name of a file or folder: what is no letter, digit, '.', '-' or '_' becomes '_'.
std::string safe_name(const std::string& text);

}  // namespace edgesmith::dataset
