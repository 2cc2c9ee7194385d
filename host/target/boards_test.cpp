// Start-up, serial line, timer and semihosting of the boards whose code differs from the Cortex-M4F's.
#include <gtest/gtest.h>

#include "host/target/emulator.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

using testing::make_tiny_samples;
using testing::trace_tiny;

class Boards : public ::testing::TestWithParam<const char*> {};

TEST_P(Boards, RunLiveAndInTheHarnessAsTheDesktopDoes) {
  const testing::TemporaryFolder folder;
  BuildRequest request;
  request.profile = load_profile(GetParam());
  request.model = testing::make_tiny_folder(folder.path() / "tiny");
  const Stretch replay = make_tiny_samples(400, 1);
  request.replay = {replay.samples, replay.count};
  request.work_folder = folder.path() / "work";
  request.elf = folder.path() / "tiny.elf";
  const BuildResult built = build_firmware(request);
  EXPECT_EQ(built.violations, std::vector<std::string>());

  const std::vector<Stretch> stretches = {make_tiny_samples(500, 2), make_tiny_samples(500, 3)};
  const std::vector<WindowTrace> desktop = trace_tiny(stretches);
  ASSERT_EQ(desktop.size(), 98u);
  EXPECT_EQ(compare_windows(desktop, run_bulk(request.profile, built.elf, stretches, folder.path()).windows).mismatches,
            0u);
  EXPECT_EQ(compare_windows(desktop, run_over_link(request.profile, built.elf, stretches).windows).mismatches, 0u);
  EXPECT_NE(run_live(request.profile, built.elf).find("replay ended: 400 samples, 39 windows, "), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Emulated, Boards, ::testing::Values("microbit", "mps2-an505", "mps3-an547", "virt", "host"));

}  // namespace
}  // namespace edgesmith
