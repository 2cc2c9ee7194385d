#pragma once
// Audio files in memory, through libsndfile: WAV to keep recordings, FLAC and OGG too to import them.

#include <string>
#include <vector>

namespace edgesmith::dataset {

struct Sound {
  int rate_hz = 0;
  int channels = 0;
  bool sixteen_bit = false;    // stored as 16-bit integers: samples are these integers
  std::vector<float> samples;  // [length][channels]; other formats -1..1, float32 as it is
};

/// Throws Error naming `file`: "sound.unreadable", or "sound.cut_short" for WAV and FLAC that end before their header
/// says. A WAV header with a length of 2 GiB or so was written by a program that did not know it: all is read. Input is
/// untrusted.
Sound read_sound(const std::string& content, const std::string& file);

/// A WAV file: int16 when sound.sixteen_bit (whole numbers in range), else float32, bit for bit.
std::string write_wav(const Sound& sound, const std::string& file);

}  // namespace edgesmith::dataset
