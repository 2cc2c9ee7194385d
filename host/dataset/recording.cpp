#include "host/dataset/recording.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/dataset/import_csv.h"
#include "host/dataset/sound_file.h"

namespace edgesmith::dataset {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kSameRate = 0.02;  // relative difference up to which two rates are the same

[[noreturn]] void fail_sidecar(const fs::path& file, const std::string& what) {
  throw Error{{.code = "recording.sidecar",
               .what = "the description beside the recording is wrong: " + what,
               .where = file.string(),
               .try_this = "mend it, or import the recording again"}};
}

Json read_json(const fs::path& file) {
  try {
    return Json::parse(read_text(file));
  } catch (const Json::parse_error& error) {
    fail_sidecar(file, "no JSON at byte " + std::to_string(error.byte));
  }
}

template <class T>
void take(const Json& json, const char* key, T& value) {
  if (json.contains(key)) value = json.at(key).get<T>();
}

void take_labels(const Json& json, std::vector<Label>& labels) {
  if (!json.contains("labels")) return;
  labels.clear();
  for (const Json& entry : json.at("labels")) {
    Label label{entry.at("from").get<std::int64_t>(), entry.at("to").get<std::int64_t>(),
                entry.at("label").get<std::string>()};
    take(entry, "certainty", label.certainty);
    labels.push_back(label);
  }
  std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.from < b.from; });
}

/// Keys that are there replace what the samples' own file says.
void apply_json(const Json& json, Recording& recording) {
  take(json, "session", recording.session);
  take(json, "subject", recording.subject);
  take(json, "device", recording.device);
  take(json, "unit", recording.unit);
  take(json, "notes", recording.notes);
  take(json, "tags", recording.tags);
  take(json, "channels", recording.channels);
  if (json.contains("rate_hz")) {
    take(json.at("rate_hz"), "asked", recording.rate_asked_hz);
    take(json.at("rate_hz"), "measured", recording.rate_hz);
  }
  take_labels(json, recording.labels);
}

void check_labels(const fs::path& file, const Recording& recording) {
  std::int64_t end = 0;
  for (const Label& label : recording.labels) {
    const std::string who =
        "label '" + label.label + "' (" + std::to_string(label.from) + " to " + std::to_string(label.to) + ")";
    if (label.from >= label.to) fail_sidecar(file, who + " is empty");
    if (label.from < end) fail_sidecar(file, who + " begins before the one before it ends");
    if (label.to > recording.length_samples())
      fail_sidecar(file, who + " ends behind the last of " + std::to_string(recording.length_samples()) + " samples");
    end = label.to;
  }
}

fs::path sidecar_of(const fs::path& file) {
  return file.string() + ".json";
}

void apply_sidecar(const fs::path& file, Recording& recording) {
  const fs::path sidecar = sidecar_of(file);
  if (fs::exists(sidecar)) {
    const std::size_t channels = recording.channels.size();
    try {
      apply_json(read_json(sidecar), recording);
    } catch (const Json::exception& error) {
      fail_sidecar(sidecar, error.what());
    }
    if (recording.channels.size() != channels)
      fail_sidecar(sidecar, std::to_string(recording.channels.size()) + " channels are named, the recording has " +
                                std::to_string(channels));
    check_labels(sidecar, recording);
  }
  if (recording.subject.empty()) recording.subject = recording.session;
}

Recording read_wav(const fs::path& file) {
  Sound sound = read_sound(read_text(file), file.string());
  Recording recording;
  recording.rate_hz = sound.rate_hz;
  recording.counts = sound.sixteen_bit;
  recording.samples = std::move(sound.samples);
  for (int channel = 1; channel <= sound.channels; ++channel)
    recording.channels.push_back(sound.channels == 1 ? "audio" : "ch" + std::to_string(channel));
  return recording;
}

/// The rate that the sidecar tells; 0 when it tells none.
double rate_beside(const fs::path& file) {
  if (!fs::exists(sidecar_of(file))) return 0;
  const Json json = read_json(sidecar_of(file));
  double rate_hz = 0;
  if (!json.contains("rate_hz") || !json.at("rate_hz").is_object()) return 0;
  for (const char* key : {"asked", "measured"})
    if (json.at("rate_hz").contains(key) && json.at("rate_hz").at(key).is_number())
      rate_hz = json.at("rate_hz").at(key).get<double>();
  return rate_hz;
}

std::vector<Recording> read_csv(const fs::path& file) {
  std::string text = read_text(file);
  ImportOptions options;
  options.rate_hz = rate_beside(file);
  std::vector<Recording> pieces = import_csv(text, file.string(), options).pieces;
  if (pieces.empty())
    throw Error{{.code = "recording.empty", .what = "the recording holds no samples", .where = file.string()}};
  return pieces;
}

/// Session and name from the place in the tree; pieces of a torn file are numbered.
void place(const fs::path& below, std::vector<Recording>& pieces) {
  const std::string folder = below.parent_path().generic_string();
  const std::string stem = below.stem().string();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i].session = folder.empty() ? stem : folder;
    pieces[i].name = pieces.size() == 1 ? stem : stem + "_" + std::to_string(i + 1);
  }
}

void read_one(const fs::path& folder, const fs::path& file, std::vector<Recording>& recordings) {
  const std::string ending = file.extension().string();
  if (ending != ".wav" && ending != ".csv") return;
  std::vector<Recording> pieces;
  if (ending == ".wav")
    pieces.push_back(read_wav(file));
  else
    pieces = read_csv(file);
  place(file.lexically_relative(folder), pieces);
  for (Recording& piece : pieces) {
    if (pieces.size() > 1 && fs::exists(sidecar_of(file)))
      fail_sidecar(sidecar_of(file), "blank lines or gaps tear " + file.filename().string() + " into pieces");
    apply_sidecar(file, piece);
    recordings.push_back(std::move(piece));
  }
}

Json to_json(const Recording& recording) {
  Json labels = Json::array();
  for (const Label& label : recording.labels)
    labels.push_back({{"from", label.from}, {"to", label.to}, {"label", label.label}, {"certainty", label.certainty}});
  return {{"session", recording.session},
          {"subject", recording.subject},
          {"device", recording.device},
          {"unit", recording.unit},
          {"rate_hz", {{"asked", recording.rate_asked_hz}, {"measured", recording.rate_hz}}},
          {"channels", recording.channels},
          {"counts", recording.counts},
          {"notes", recording.notes},
          {"tags", recording.tags},
          {"labels", labels}};
}

void check_writable(const Recording& recording) {
  for (const std::string& part : {recording.session, recording.name})
    if (part.empty() || part != safe_name(part))
      throw Error(ErrorKind::defect, {.code = "recording.name",
                                      .what = "session or name is no file name",
                                      .where = recording.id(),
                                      .expected = "as safe_name() makes them: " + safe_name(part),
                                      .found = part});
  if (!recording.counts) return;
  for (const float value : recording.samples)
    if (!(value >= -32768 && value <= 32767) || std::trunc(value) != value)
      throw Error{{.code = "recording.not_a_count",
                   .what = "a sample is not a 16-bit count",
                   .where = recording.id(),
                   .expected = "whole numbers from -32768 to 32767",
                   .found = std::to_string(value)}};
}

/// The .json first: one without its .wav is ignored.
void add_to(FileBatch& batch, const fs::path& folder, const Recording& recording) {
  check_writable(recording);
  const fs::path file = folder / recording.session / (recording.name + ".wav");
  const Sound sound = {std::max(1, static_cast<int>(std::lround(recording.rate_hz))),
                       static_cast<int>(recording.channels.size()), recording.counts, recording.samples};
  batch.add(sidecar_of(file), to_json(recording).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  batch.add(file, write_wav(sound, file.string()));
}

[[noreturn]] void fail_channels(const Recording& recording, const std::vector<std::string>& channels) {
  throw Error{{.code = "recording.channels",
               .what = "the recording's channels are not the project's",
               .where = recording.id(),
               .expected = join(channels),
               .found = join(recording.channels),
               .try_this = "import with --channels and --channel-names, or change [input] channels"}};
}

std::string hertz(double rate_hz) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g Hz", rate_hz);
  return text;
}

}  // namespace

std::string safe_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || (c == '.' && !name.empty()) || static_cast<unsigned char>(c) >= 0x80;
    name += plain ? c : '_';
  }
  return name.empty() ? "_" : name;
}

std::vector<Recording> read_recordings(const fs::path& folder) {
  std::vector<Recording> recordings;
  for (const fs::path& file : files_below(folder))
    read_one(folder, file, recordings);
  std::stable_sort(recordings.begin(), recordings.end(), [](const Recording& a, const Recording& b) {
    return a.session != b.session ? a.session < b.session : a.name < b.name;
  });
  return recordings;
}

void write_recording(const fs::path& folder, const Recording& recording) {
  write_recordings(folder, {recording});
}

void write_recordings(const fs::path& folder, const std::vector<Recording>& recordings) {
  FileBatch batch(folder);
  for (const Recording& recording : recordings)
    add_to(batch, folder, recording);
  batch.commit();
}

void check_recordings(const std::vector<Recording>& recordings, const std::vector<std::string>& channels,
                      double rate_hz) {
  for (const Recording& recording : recordings) {
    if (recording.channels != channels) fail_channels(recording, channels);
    if (std::fabs(recording.rate_hz - rate_hz) <= kSameRate * rate_hz) continue;
    throw Error{{.code = "recording.rate",
                 .what = "the recording's rate is not the project's",
                 .where = recording.id(),
                 .expected = hertz(rate_hz) + " within 2 %",
                 .found = hertz(recording.rate_hz),
                 .try_this = "set [input] rate_hz, or record at the project's rate"}};
  }
}

}  // namespace edgesmith::dataset
