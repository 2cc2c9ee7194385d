// Damaged binary files: arrays, checkpoints, recordings. Read, or refused as a request that is wrong.

#include <gtest/gtest.h>

#include "fuzz/damage.h"
#include "host/base/error.h"
#include "host/base/npy.h"
#include "host/base/test_folder.h"
#include "host/dataset/recording.h"
#include "host/train/checkpoint.h"

namespace edgesmith::fuzz {
namespace {

template <typename Read>
void expect_no_defect(const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request) << error.what();
  }
}

TEST(FileFuzz, SurvivesDamagedCheckpoints) {
  const Bytes whole = train::encode_checkpoint({{{"a.weight", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a.bias", {2}, {7, 8}}}});
  Random random(8);
  for (int round = 0; round < rounds(); ++round)
    expect_no_defect([&] { train::decode_checkpoint(with_flipped_bits(whole, random), "damaged.safetensors"); });
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(train::decode_checkpoint(cut(whole, length), "cut.safetensors"), Error) << length;
}

TEST(FileFuzz, SurvivesDamagedArrays) {
  const TestFolder folder;
  const fs::path file = folder.path() / "a.npy";
  write_npy(file, {"i2", {3, 2}, Bytes(12, 1)});
  const Bytes whole = read_bytes(file);
  Random random(9);
  for (int round = 0; round < rounds(); ++round) {
    overwrite(file, with_flipped_bits(whole, random));
    expect_no_defect([&] { read_npy(file); });
  }
}

TEST(FileFuzz, SurvivesDamagedRecordings) {
  const TestFolder folder;
  dataset::Recording recording;
  recording.session = "s01";
  recording.name = "walk";
  recording.channels = {"ax", "ay"};
  recording.rate_hz = 50;
  recording.samples = std::vector<float>(200, 0.25f);
  recording.labels = {{0, 60, "walk", 1}};
  dataset::write_recording(folder.path(), recording);
  Random random(10);
  for (const char* name : {"walk.wav", "walk.wav.json"}) {
    const fs::path file = folder.path() / "s01" / name;
    const Bytes whole = read_bytes(file);
    for (int round = 0; round < rounds(); ++round) {
      overwrite(file, with_flipped_bits(whole, random));
      expect_no_defect([&] { dataset::read_recordings(folder.path()); });
    }
    overwrite(file, whole);
  }
}

}  // namespace
}  // namespace edgesmith::fuzz
