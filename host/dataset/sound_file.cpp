#include "host/dataset/sound_file.h"

#include <sndfile.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "host/base/error.h"

namespace edgesmith::dataset {
namespace {

/// A file that libsndfile reads and writes in memory.
struct MemoryFile {
  std::string bytes;
  sf_count_t at = 0;

  sf_count_t size() const {
    return static_cast<sf_count_t>(bytes.size());
  }
};

MemoryFile& memory(void* user) {
  return *static_cast<MemoryFile*>(user);
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  MemoryFile& file = memory(user);
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.at : file.size();
  file.at = std::max<sf_count_t>(0, base + offset);
  return file.at;
}

sf_count_t read(void* to, sf_count_t count_bytes, void* user) {
  MemoryFile& file = memory(user);
  const sf_count_t taken = std::clamp<sf_count_t>(file.size() - file.at, 0, count_bytes);
  if (taken == 0) return 0;
  std::memcpy(to, file.bytes.data() + file.at, static_cast<std::size_t>(taken));
  file.at += taken;
  return taken;
}

sf_count_t write(const void* from, sf_count_t count_bytes, void* user) {
  MemoryFile& file = memory(user);
  if (file.at + count_bytes > file.size()) file.bytes.resize(static_cast<std::size_t>(file.at + count_bytes));
  if (count_bytes > 0) std::memcpy(file.bytes.data() + file.at, from, static_cast<std::size_t>(count_bytes));
  file.at += count_bytes;
  return count_bytes;
}

SF_VIRTUAL_IO virtual_io() {
  SF_VIRTUAL_IO io = {};
  io.get_filelen = [](void* user) { return memory(user).size(); };
  io.seek = seek;
  io.read = read;
  io.write = write;
  io.tell = [](void* user) { return memory(user).at; };
  return io;
}

using Handle = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

Handle open(MemoryFile& file, int mode, SF_INFO& info) {
  SF_VIRTUAL_IO io = virtual_io();
  return Handle(sf_open_virtual(&io, mode, &info, &file), &sf_close);
}

[[noreturn]] void fail(const std::string& file, const std::string& code, const std::string& reason) {
  throw Error{{.code = code,
               .what = "this sound file cannot be used: " + reason,
               .where = file,
               .expected = "WAV, FLAC or OGG",
               .try_this = "check that it plays; convert it to WAV"}};
}

bool is_sixteen_bit(const SF_INFO& info) {
  return (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16;
}

[[noreturn]] void fail_short(const std::string& file, const std::string& unit, std::uint64_t expected,
                             std::uint64_t found) {
  throw Error{{.code = "sound.cut_short",
               .what = "the sound file is cut short: its header tells of more sound than there is",
               .where = file,
               .expected = std::to_string(expected) + " " + unit,
               .found = std::to_string(found),
               .try_this = "copy it again from its source; to keep what is there, let a sound editor write it anew"}};
}

std::uint32_t little_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// libsndfile plays a WAV file to its end, wherever that is. Input is untrusted; every offset is checked.
void check_wav_is_whole(const std::string& content, const std::string& file) {
  constexpr std::uint32_t kUnknownLength = 0x7fff'0000;  // and above: what programs write that could not seek back
  constexpr std::size_t kHeader = 8;                     // of a chunk: its name, and the length of what follows
  constexpr std::size_t kFirstChunk = 12;                // behind "RIFF", a length, "WAVE"
  if (!content.starts_with("RIFF") || content.size() < kFirstChunk || content.compare(8, 4, "WAVE") != 0) return;
  std::uint64_t at = kFirstChunk;
  while (at + kHeader <= content.size()) {
    const std::uint32_t length = little_endian(content, at + 4);
    const std::uint64_t there = content.size() - at - kHeader;
    if (content.compare(at, 4, "data") == 0) {
      if (length < kUnknownLength && there < length) fail_short(file, "bytes of samples", length, there);
      return;
    }
    at += kHeader + length + length % 2;
  }
  if (at < content.size()) fail(file, "sound.cut_short", "it ends before its samples begin");
}

}  // namespace

Sound read_sound(const std::string& content, const std::string& file) {
  check_wav_is_whole(content, file);
  MemoryFile memory_file{content};
  SF_INFO info = {};
  const Handle handle = open(memory_file, SFM_READ, info);
  if (!handle) fail(file, "sound.unreadable", sf_strerror(nullptr));
  Sound sound{info.samplerate, info.channels, is_sixteen_bit(info), {}};
  if (info.channels < 1) fail(file, "sound.unreadable", "it has no channel");

  // Block by block, because the length in a damaged header may be anything.
  constexpr sf_count_t kBlockFrames = 4096;
  std::vector<std::int16_t> integers(static_cast<std::size_t>(kBlockFrames * info.channels));
  std::vector<float> floats(integers.size());
  while (true) {
    const sf_count_t frames = sound.sixteen_bit ? sf_readf_short(handle.get(), integers.data(), kBlockFrames)
                                                : sf_readf_float(handle.get(), floats.data(), kBlockFrames);
    if (frames <= 0) break;
    const auto count = static_cast<std::ptrdiff_t>(frames * info.channels);
    if (sound.sixteen_bit)
      sound.samples.insert(sound.samples.end(), integers.begin(), integers.begin() + count);
    else
      sound.samples.insert(sound.samples.end(), floats.begin(), floats.begin() + count);
  }
  if (sf_error(handle.get()) != SF_ERR_NO_ERROR) fail(file, "sound.unreadable", sf_strerror(handle.get()));
  const std::uint64_t length = sound.samples.size() / static_cast<std::size_t>(info.channels);
  const bool flac = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
  if (flac && info.frames < SF_COUNT_MAX && length < static_cast<std::uint64_t>(info.frames))
    fail_short(file, "samples a channel", static_cast<std::uint64_t>(info.frames), length);
  return sound;
}

std::string write_wav(const Sound& sound, const std::string& file) {
  MemoryFile memory_file;
  SF_INFO info = {};
  info.samplerate = sound.rate_hz;
  info.channels = sound.channels;
  info.format = SF_FORMAT_WAV | (sound.sixteen_bit ? SF_FORMAT_PCM_16 : SF_FORMAT_FLOAT);
  Handle handle = open(memory_file, SFM_WRITE, info);
  if (!handle) fail(file, "sound.unwritable", sf_strerror(nullptr));
  sf_command(handle.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);  // it holds the time of writing

  const auto count = static_cast<sf_count_t>(sound.samples.size());
  sf_count_t written = 0;
  if (sound.sixteen_bit) {
    std::vector<std::int16_t> integers(sound.samples.size());
    std::transform(sound.samples.begin(), sound.samples.end(), integers.begin(),
                   [](float value) { return static_cast<std::int16_t>(value); });
    written = sf_write_short(handle.get(), integers.data(), count);
  } else {
    written = sf_write_float(handle.get(), sound.samples.data(), count);
  }
  if (written != count) fail(file, "sound.unwritable", sf_strerror(handle.get()));
  handle.reset();  // finishes the header
  return memory_file.bytes;
}

}  // namespace edgesmith::dataset
