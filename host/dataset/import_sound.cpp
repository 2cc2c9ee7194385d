#include "host/dataset/import_sound.h"

#include "host/base/error.h"
#include "host/base/text.h"
#include "host/dataset/sound_file.h"

namespace edgesmith::dataset {
namespace {

/// Number from 0 of a channel that was asked for as "1" or "audio".
std::size_t channel_of(const std::string& name, const Sound& sound, const std::string& file) {
  for (int channel = 0; channel < sound.channels; ++channel)
    if (name == std::to_string(channel + 1) || (name == "audio" && sound.channels == 1))
      return static_cast<std::size_t>(channel);
  throw Error{{.code = "import.no_such_column",
               .what = "the file has no channel '" + name + "'",
               .where = file,
               .expected = "a number from 1 to " + std::to_string(sound.channels),
               .found = name,
               .try_this = "--channels 1"}};
}

std::vector<std::size_t> wanted_channels(const Sound& sound, const std::string& file, const ImportOptions& options) {
  std::vector<std::size_t> wanted;
  for (const std::string& name : options.channels)
    wanted.push_back(channel_of(name, sound, file));
  for (int channel = 0; options.channels.empty() && channel < sound.channels; ++channel)
    wanted.push_back(static_cast<std::size_t>(channel));
  return wanted;
}

std::vector<std::string> names_of(const std::vector<std::size_t>& wanted, const Sound& sound, const std::string& file,
                                  const ImportOptions& options) {
  std::vector<std::string> names;
  for (const std::size_t channel : wanted)
    names.push_back(sound.channels == 1 ? "audio" : "ch" + std::to_string(channel + 1));
  if (options.channel_names.empty())
    return options.project_channels.size() == names.size() ? options.project_channels : names;
  if (options.channel_names.size() == names.size()) return options.channel_names;
  throw Error{{.code = "import.channel_names",
               .what = "there are not as many channel names as channels",
               .where = file,
               .expected = std::to_string(names.size()) + " names for " + join(names),
               .found = std::to_string(options.channel_names.size()) + ": " + join(options.channel_names),
               .try_this = "choose the channels by number: --channels 1"}};
}

}  // namespace

FileImport import_sound(const std::string& content, const std::string& file, const ImportOptions& options) {
  const Sound sound = read_sound(content, file);
  FileImport result;
  if (sound.samples.empty()) {
    result.skipped.push_back(file + ": no samples");
    return result;
  }
  if (options.counts && !sound.sixteen_bit)
    throw Error{{.code = "import.not_a_count",
                 .what = "this file does not hold 16-bit samples",
                 .where = file,
                 .try_this = "import without --counts"}};

  const std::vector<std::size_t> wanted = wanted_channels(sound, file, options);
  Recording recording;
  recording.channels = names_of(wanted, sound, file, options);
  recording.rate_hz = sound.rate_hz;
  recording.rate_asked_hz = options.rate_hz;
  recording.unit = options.unit;
  recording.counts = options.counts;
  const float scale = sound.sixteen_bit && !options.counts ? 1.0f / 32768 : 1.0f;
  for (std::size_t frame = 0; frame < sound.samples.size(); frame += static_cast<std::size_t>(sound.channels))
    for (const std::size_t channel : wanted)
      recording.samples.push_back(sound.samples[frame + channel] * scale);
  result.pieces.push_back(std::move(recording));
  return result;
}

}  // namespace edgesmith::dataset
