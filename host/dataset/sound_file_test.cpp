#include "host/dataset/sound_file.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/test_folder.h"

namespace edgesmith::dataset {
namespace {

constexpr std::size_t kLength = 1000;

Sound stereo() {
  Sound sound{16000, 2, true, {}};
  for (std::size_t i = 0; i < 2 * kLength; ++i)
    sound.samples.push_back(static_cast<float>(i % 700) - 350);
  return sound;
}

/// A WAV of 44 bytes of header and 4000 of samples.
std::string wav() {
  return write_wav(stereo(), "a.wav");
}

ErrorText error_of(const std::string& content) {
  try {
    read_sound(content, "a.wav");
  } catch (const Error& error) {
    return error.text;
  }
  return {.code = "none"};
}

TEST(SoundFile, IsReadBackAsItWasWritten) {
  ASSERT_EQ(wav().size(), 44u + 4 * kLength);
  EXPECT_EQ(read_sound(wav(), "a.wav").samples, stereo().samples);
}

TEST(SoundFile, AWavThatIsCutShortIsRefusedWithBothLengths) {
  const ErrorText error = error_of(wav().substr(0, 44 + 1234));
  EXPECT_EQ(error.code, "sound.cut_short");
  EXPECT_EQ(error.where, "a.wav");
  EXPECT_EQ(error.expected, "4000 bytes of samples");
  EXPECT_EQ(error.found, "1234");
  EXPECT_FALSE(error.try_this.empty());
}

TEST(SoundFile, AWavCutAnywhereIsRefused) {
  for (std::size_t bytes = 0; bytes < wav().size(); bytes += bytes < 60 ? 1 : 97)
    EXPECT_NE(error_of(wav().substr(0, bytes)).code, "none") << bytes;
  EXPECT_EQ(error_of(wav().substr(0, wav().size() - 1)).code, "sound.cut_short");
}

TEST(SoundFile, WhatStandsBehindTheSamplesOrBeforeThemDoesNotMatter) {
  EXPECT_EQ(read_sound(wav() + "LIST\4\0\0\0some", "a.wav").samples, stereo().samples);
  std::string before = wav();
  before.insert(36, std::string("junk\3\0\0\0abc\0", 12));  // an odd length is padded
  EXPECT_EQ(read_sound(before, "a.wav").samples, stereo().samples);
  EXPECT_EQ(error_of(before.substr(0, 3000)).code, "sound.cut_short");
}

TEST(SoundFile, ALengthThatItsWriterDidNotKnowMeansAllThereIs) {
  for (const std::string length : {"\xff\xff\xff\xff", "\xff\xff\xff\x7f"}) {
    std::string streamed = wav();
    streamed.replace(4, 4, length).replace(40, 4, length);
    EXPECT_EQ(read_sound(streamed, "a.wav").samples, stereo().samples);
  }
}

/// stereo() as FLAC.
std::string flac() {
  const TestFolder folder;
  const fs::path file = folder / "a.flac";
  SF_INFO info = {};
  info.samplerate = 16000;
  info.channels = 2;
  info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  SNDFILE* writer = sf_open(file.c_str(), SFM_WRITE, &info);
  std::vector<short> samples;
  for (int round = 0; round < 20; ++round)
    for (const float value : stereo().samples)
      samples.push_back(static_cast<short>(value));
  EXPECT_EQ(sf_write_short(writer, samples.data(), static_cast<sf_count_t>(samples.size())),
            static_cast<sf_count_t>(samples.size()));
  sf_close(writer);
  return read_text(file);
}

TEST(SoundFile, AFlacThatIsCutShortIsRefused) {
  const std::string whole = flac();
  EXPECT_EQ(read_sound(whole, "a.flac").samples.size(), 2 * 20 * kLength);
  for (const std::size_t bytes : {whole.size() / 4, whole.size() / 2, whole.size() - 100})
    EXPECT_NE(error_of(whole.substr(0, bytes)).code, "none") << bytes;
}

}  // namespace
}  // namespace edgesmith::dataset
