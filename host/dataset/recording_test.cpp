#include "host/dataset/recording.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/test_folder.h"

namespace edgesmith::dataset {
namespace {

float from_bits(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

Recording example() {
  Recording recording;
  recording.session = "day1";
  recording.name = "walk";
  recording.subject = "anna";
  recording.unit = "g";
  recording.notes = "left \"wrist\"";
  recording.tags = {"watch"};
  recording.channels = {"x", "y"};
  recording.rate_hz = 104.25;
  recording.rate_asked_hz = 100;
  recording.samples = {0.1f, -2.5f, 1e-42f, 3e38f};
  recording.labels = {{0, 1, "walk", 0.5}};
  return recording;
}

std::string code_of(const std::filesystem::path& folder) {
  try {
    read_recordings(folder);
  } catch (const Error& error) {
    return error.text.code;
  }
  return "";
}

TEST(Recording, ComesBackAsItWasWritten) {
  const TestFolder folder;
  write_recording(folder.path(), example());
  const std::vector<Recording> back = read_recordings(folder.path());
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].id(), "day1/walk");
  EXPECT_EQ(back[0].subject, "anna");
  EXPECT_EQ(back[0].unit, "g");
  EXPECT_EQ(back[0].notes, "left \"wrist\"");
  EXPECT_EQ(back[0].tags, example().tags);
  EXPECT_EQ(back[0].channels, example().channels);
  EXPECT_EQ(back[0].rate_hz, 104.25);
  EXPECT_EQ(back[0].rate_asked_hz, 100);
  EXPECT_FALSE(back[0].counts);
  EXPECT_EQ(back[0].samples, example().samples);
  ASSERT_EQ(back[0].labels.size(), 1u);
  EXPECT_EQ(back[0].labels[0].to, 1);
  EXPECT_EQ(back[0].labels[0].certainty, 0.5);
}

TEST(Recording, FloatsKeepEveryBit) {
  const TestFolder folder;
  Recording recording = example();
  recording.samples = {from_bits(0x7fc00123),
                       from_bits(0xffc00000),
                       from_bits(0x7f800001),
                       std::numeric_limits<float>::infinity(),
                       -0.0f,
                       from_bits(1)};
  write_recording(folder.path(), recording);
  const std::vector<float> back = read_recordings(folder.path()).at(0).samples;
  ASSERT_EQ(back.size(), recording.samples.size());
  EXPECT_EQ(std::memcmp(back.data(), recording.samples.data(), back.size() * sizeof(float)), 0);
}

TEST(Recording, TheSameRecordingIsTheSameBytes) {
  const TestFolder a, b;
  write_recording(a.path(), example());
  write_recording(b.path(), example());
  EXPECT_EQ(read_bytes(a / "day1/walk.wav"), read_bytes(b / "day1/walk.wav"));
  EXPECT_EQ(read_bytes(a / "day1/walk.wav.json"), read_bytes(b / "day1/walk.wav.json"));
}

TEST(Recording, CountsAreSixteenBitIntegers) {
  const TestFolder folder;
  Recording recording = example();
  recording.counts = true;
  recording.samples = {-32768, 32767, 0, -1};
  write_recording(folder.path(), recording);
  const std::vector<Recording> back = read_recordings(folder.path());
  EXPECT_TRUE(back.at(0).counts);
  EXPECT_EQ(back[0].samples, recording.samples);
  recording.samples[2] = 0.5f;
  EXPECT_THROW(write_recording(folder.path(), recording), Error);
}

TEST(Recording, WithoutDescriptionTheSubjectIsTheSession) {
  const TestFolder folder;
  write_recording(folder.path(), example());
  fs::remove(folder / "day1/walk.wav.json");
  const Recording back = read_recordings(folder.path()).at(0);
  EXPECT_EQ(back.subject, "day1");
  EXPECT_EQ(back.rate_hz, 104);  // all that a WAV header holds
  EXPECT_TRUE(back.labels.empty());
}

TEST(Recording, ATableIsARecordingToo) {
  const TestFolder folder;
  write_text(folder / "s/a.csv", "x,y\n1,2\n3,4\n");
  write_text(folder / "s/a.csv.json",
             R"({"rate_hz": {"measured": 50}, "labels": [{"from": 0, "to": 2, "label": "up"}]})");
  const Recording back = read_recordings(folder.path()).at(0);
  EXPECT_EQ(back.id(), "s/a");
  EXPECT_EQ(back.channels, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(back.rate_hz, 50);
  EXPECT_EQ(back.samples, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(back.labels.at(0).label, "up");
}

TEST(Recording, DescriptionsThatCannotBeTrueAreRefused) {
  const TestFolder folder;
  write_recording(folder.path(), example());
  for (const char* json :
       {"{", "[]x", R"({"channels": ["x"]})", R"({"channels": 3})",
        R"({"labels": [{"from": 0, "to": 3, "label": "a"}]})", R"({"labels": [{"from": 1, "to": 1, "label": "a"}]})",
        R"({"labels": [{"from": -1, "to": 1, "label": "a"}]})",
        R"({"labels": [{"from": 0, "to": 2, "label": "a"}, {"from": 1, "to": 2, "label": "b"}]})"}) {
    write_text(folder / "day1/walk.wav.json", json);
    EXPECT_EQ(code_of(folder.path()), "recording.sidecar") << json;
  }
}

TEST(Recording, ThatIsCutShortIsRefusedAndNamed) {
  const TestFolder folder;
  write_recording(folder.path(), example());
  const fs::path file = folder / "day1/walk.wav";
  fs::resize_file(file, fs::file_size(file) - 2);
  EXPECT_EQ(code_of(folder.path()), "sound.cut_short");
}

TEST(Recording, BrokenSoundIsRefusedAndNamed) {
  const TestFolder folder;
  write_text(folder / "s/a.wav", "RIFF no sound");
  EXPECT_EQ(code_of(folder.path()), "sound.unreadable");
}

TEST(Recording, OrderIsSessionThenName) {
  const TestFolder folder;
  std::vector<Recording> some(3, example());
  some[0].session = "s10";
  some[1].session = "s01";
  some[2].session = "s01";
  some[2].name = "a";
  write_recordings(folder.path(), some);
  const std::vector<Recording> back = read_recordings(folder.path());
  EXPECT_EQ(back.at(0).id(), "s01/a");
  EXPECT_EQ(back.at(1).id(), "s01/walk");
  EXPECT_EQ(back.at(2).id(), "s10/walk");
}

TEST(CheckRecordings, NamesTheOneThatDoesNotFit) {
  std::vector<Recording> some(2, example());
  EXPECT_NO_THROW(check_recordings(some, {"x", "y"}, 104.25));
  EXPECT_NO_THROW(check_recordings(some, {"x", "y"}, 106));
  EXPECT_THROW(check_recordings(some, {"x", "y"}, 107), Error);
  some[1].name = "odd";
  some[1].channels = {"y", "x"};
  try {
    check_recordings(some, {"x", "y"}, 104.25);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.where, "day1/odd");
    EXPECT_EQ(error.text.found, "y, x");
  }
}

TEST(SafeName, HoldsNoSeparatorAndNothingHidden) {
  EXPECT_EQ(safe_name("a/b c\\d"), "a_b_c_d");
  EXPECT_EQ(safe_name("../x"), "_._x");
  EXPECT_EQ(safe_name(""), "_");
}

}  // namespace
}  // namespace edgesmith::dataset
