#include "host/target/profile.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

ErrorText refusal(const std::string& text) {
  const testing::TemporaryFolder folder;
  write_text(folder.path() / "board.toml", text);
  try {
    read_profile(folder.path() / "board.toml");
  } catch (const Error& error) {
    return error.text;
  }
  return {};
}

const std::string kSmallest =
    "title = \"a\"\ncore = \"b\"\nkernel_set = \"reference\"\n"
    "[toolchain]\ncompiler = \"g++\"\nlinker = \"g++\"\ncpu_flags = []\nlink_flags = []\n";

TEST(Profile, EveryBoardCanBeRead) {
  std::vector<std::string> names;
  for (const TargetProfile& profile : list_targets()) {
    names.push_back(profile.name);
    EXPECT_FALSE(profile.title.empty());
    if (profile.name != "host") {
      ASSERT_TRUE(profile.flash && profile.ram) << profile.name;
      EXPECT_FALSE(profile.flash->source.empty());
      EXPECT_LT(profile.stack_bytes, profile.ram->bytes);
    }
    EXPECT_NE(profile.firmware.has_value(), !profile.missing.build.empty()) << profile.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"arduino_nano_33_ble", "host", "microbit", "mps2-an385", "mps2-an385-m0",
                                             "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "nrf52840dk",
                                             "raspberry_pi_pico", "virt"}));
}

TEST(Profile, HoldsTheFiguresOfTheDataSheet) {
  const TargetProfile nano = load_profile("arduino_nano_33_ble");
  EXPECT_EQ(nano.clock_hz, 64000000u);
  EXPECT_EQ(nano.ram->bytes, 256u * 1024);
  EXPECT_EQ(nano.flash->bytes + nano.flash->address, 1024u * 1024);
  EXPECT_EQ(load_profile("raspberry_pi_pico").ram->bytes, 264u * 1024);
  EXPECT_EQ(load_profile("microbit").ram->bytes, 16u * 1024);
}

TEST(Profile, NamesTheNearestBoard) {
  try {
    load_profile("mps2-an387");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "target.unknown");
    EXPECT_NE(error.text.try_this.find("mps2-an38"), std::string::npos) << error.text.try_this;
  }
  EXPECT_THROW(load_profile("../targets/host"), Error);
}

TEST(Profile, SaysWhatARealBoardLacks) {
  const TargetProfile board = load_profile("nrf52840dk");
  for (const char* verb : {"build", "flash", "test"}) {
    try {
      require(board, verb);
      FAIL() << verb;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::unavailable);
      EXPECT_EQ(error.text.code, std::string("target.cannot_") + verb);
      EXPECT_FALSE(error.text.expected.empty());
    }
  }
  EXPECT_NO_THROW(require(load_profile("mps2-an386"), "build"));
}

TEST(Profile, WrongFilesAreRefusedWithTheirLine) {
  EXPECT_EQ(refusal(kSmallest).code, "");
  EXPECT_EQ(refusal("title = ").code, "target.profile");
  EXPECT_EQ(refusal("core = \"a\"\n").what, "'title' is missing");
  EXPECT_EQ(refusal("clok_hz = 3\n" + kSmallest).what, "unknown key 'clok_hz'");
  EXPECT_EQ(refusal("clock_hz = \"fast\"\n" + kSmallest).what, "'clock_hz' has the wrong type");
  EXPECT_EQ(refusal("clock_hz = -1\n" + kSmallest).what, "'clock_hz' is negative");
  const ErrorText unknown = refusal(kSmallest + "cflags = []\n");
  EXPECT_EQ(unknown.what, "unknown key 'cflags'");
  EXPECT_EQ(unknown.where.substr(unknown.where.size() - 2), ":9");
}

TEST(Profile, ATickIsAsManyInstructionsAsNanoseconds) {
  EXPECT_EQ(load_profile("mps2-an386").emulator->instructions_per_tick(), 40.0);
  EXPECT_EQ(load_profile("mps2-an505").emulator->instructions_per_tick(), 50.0);
  EXPECT_EQ(load_profile("microbit").emulator->instructions_per_tick(), 62.5);
  EXPECT_EQ(load_profile("virt").emulator->instructions_per_tick(), 1.0);
}

TEST(Home, IsFoundWhereverTheProgramRuns) {
  EXPECT_TRUE(fs::exists(targets_folder() / "mps2-an386.toml"));
  setenv("EDGESMITH_HOME", "/nonexistent", 1);
  EXPECT_THROW(home_folder(), Error);
  unsetenv("EDGESMITH_HOME");
}

}  // namespace
}  // namespace edgesmith
