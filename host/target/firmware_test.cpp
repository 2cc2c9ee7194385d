// The image on the emulated Cortex-M4F: what it prints, what the harness sees, and planted faults by their names.
#include <gtest/gtest.h>

#include <iostream>

#include "host/base/error.h"
#include "host/target/emulator.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

using testing::make_tiny_samples;
using testing::trace_tiny;

class Firmware : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    request_ = new BuildRequest;
    request_->profile = load_profile("mps2-an386");
    request_->model = testing::make_tiny_folder(folder_->path() / "tiny");
    const Stretch replay = make_tiny_samples(400, 1);
    request_->replay = {replay.samples, replay.count};
    request_->work_folder = folder_->path() / "work";
    request_->elf = folder_->path() / "tiny.elf";
    built_ = new BuildResult(build_firmware(*request_));
    rebuilt_ = new BuildResult(build_firmware(*request_));
  }
  static void TearDownTestSuite() {
    delete built_;
    delete rebuilt_;
    delete request_;
    delete folder_;
  }

  static TargetProfile profile() {
    return load_profile("mps2-an386");
  }
  static fs::path elf() {
    return built_->elf;
  }

  static testing::TemporaryFolder* folder_;
  static BuildRequest* request_;
  static BuildResult* built_;
  static BuildResult* rebuilt_;
};
testing::TemporaryFolder* Firmware::folder_ = nullptr;
BuildRequest* Firmware::request_ = nullptr;
BuildResult* Firmware::built_ = nullptr;
BuildResult* Firmware::rebuilt_ = nullptr;

void report(const HarnessRun& run, const std::string& way) {
  std::cout << way << ": " << run.windows.size() << " windows, " << run.sample_bytes << " bytes of samples, "
            << run.seconds << " s, " << static_cast<double>(run.sample_bytes) / run.seconds / 1000 << " KB/s\n";
}

TEST_F(Firmware, HoldsNothingThatLinkedFirmwareMustNotHold) {
  EXPECT_EQ(built_->violations, std::vector<std::string>());
  EXPECT_GT(built_->sizes.flash_bytes, 1000u);
  EXPECT_LE(built_->sizes.data_bytes, 256u);
  EXPECT_EQ(built_->sizes.stack_bytes, 8192u);
}

TEST_F(Firmware, IsNotCompiledAgainWithoutNeed) {
  EXPECT_GT(built_->compiled, 10);
  EXPECT_EQ(rebuilt_->compiled, 0);
  EXPECT_EQ(rebuilt_->reused, built_->compiled);
}

TEST_F(Firmware, IsCompiledAgainWhereAnObjectIsDamaged) {
  for (const fs::path& file : files_below(request_->work_folder)) {
    if (file.extension() != ".o") continue;
    fs::resize_file(file, fs::file_size(file) / 2);
    break;
  }
  EXPECT_EQ(build_firmware(*request_).compiled, 1);
}

TEST_F(Firmware, SaysWhoItIsAndDecidesAsTheDesktopDoes) {
  const std::string text = run_live(profile(), elf());
  EXPECT_EQ(text.find("edgesmith tiny 1.2.3 plan 71419e0012345678 on mps2-an386, RAM "), 0u) << text;
  std::string events;
  std::size_t windows = 0;
  int count = 0;
  for (const WindowTrace& trace : trace_tiny({make_tiny_samples(400, 1)})) {
    ++windows;
    if (trace.event_kind == 0) continue;
    ++count;
    events += std::to_string(trace.time_us / 1000) + " ms  " +
              std::vector<std::string>{"left", "right", "up"}.at(static_cast<std::size_t>(trace.outcome.current)) +
              "\n";
  }
  std::string printed;
  std::size_t from = text.find('\n', text.find("input int8[60]")) + 1;
  for (std::size_t end; (end = text.find('\n', from)) != std::string::npos && text.compare(from, 6, "replay") != 0;
       from = end + 1) {
    printed += text.substr(from, text.rfind("  ", end) - from) + "\n";
  }
  EXPECT_EQ(printed, events);
  EXPECT_GT(count, 3);
  EXPECT_NE(text.find("replay ended: 400 samples, " + std::to_string(windows) + " windows, "), std::string::npos);
}

TEST_F(Firmware, GivesOverTheSerialLineWhatTheDesktopGives) {
  const std::vector<Stretch> stretches = {
      make_tiny_samples(900, 2), make_tiny_samples(15, 3), {}, make_tiny_samples(640, 4)};
  const HarnessRun run = run_over_link(profile(), elf(), stretches);
  report(run, "UART");
  const std::vector<WindowTrace> desktop = trace_tiny(stretches);
  const Comparison comparison = compare_windows(desktop, run.windows);
  EXPECT_EQ(comparison.windows, 89u + 63u);  // (900 - 20) / 10 + 1, and likewise
  EXPECT_EQ(comparison.mismatches, 0u) << (comparison.first ? to_text(*comparison.first) : "");
  EXPECT_EQ(run.info.begun, Status::ok);
  EXPECT_EQ(run.info.name, "tiny");
  EXPECT_EQ(run.info.plan_id.substr(0, 16), "71419e0012345678");
  EXPECT_EQ(run.status.samples, 640u);
  EXPECT_EQ(run.status.lost_samples, 0u);
  EXPECT_GT(run.status.stack_used_bytes, 200u);
  EXPECT_LT(run.status.stack_used_bytes, 8192u);
  EXPECT_EQ(run.repeated_stretches, 0);
}

TEST_F(Firmware, GivesThroughFilesWhatTheDesktopGives) {
  std::vector<Stretch> stretches;
  for (std::uint32_t i = 0; i < 20; ++i)
    stretches.push_back(make_tiny_samples(1000, 10 + i));
  const HarnessRun run = run_bulk(profile(), elf(), stretches, folder_->path());
  report(run, "files");
  const Comparison comparison = compare_windows(trace_tiny(stretches), run.windows);
  EXPECT_EQ(comparison.windows, 20u * 99u);
  EXPECT_EQ(comparison.mismatches, 0u) << (comparison.first ? to_text(*comparison.first) : "");
}

TEST_F(Firmware, CountsTheSameInstructionsInEveryRun) {
  const std::vector<Stretch> stretches = {make_tiny_samples(200, 5)};
  const HarnessRun line = run_over_link(profile(), elf(), stretches);
  const HarnessRun again = run_over_link(profile(), elf(), stretches);
  ASSERT_EQ(line.windows.size(), 19u);
  for (std::size_t i = 0; i < line.windows.size(); ++i) {
    EXPECT_NEAR(line.windows[i].network_ticks, again.windows[i].network_ticks, 1);  // one tick: where it begins
    EXPECT_NEAR(line.windows[i].features_ticks, again.windows[i].features_ticks, 1);
  }
  EXPECT_GT(line.windows[5].network_ticks, 10u);
  EXPECT_EQ(profile().emulator->instructions_per_tick(), 40.0);
}

TEST_F(Firmware, StopsAfterTheWindowsAskedFor) {
  HarnessOptions options;
  options.windows_max = 7;
  const std::vector<Stretch> stretches = {make_tiny_samples(900, 2)};
  EXPECT_EQ(run_over_link(profile(), elf(), stretches, options).windows.size(), 7u);
}

Contract broken(const std::vector<WindowTrace>& desktop, const HarnessRun& run) {
  if (const auto difference = compare_begin(run.info.begun)) return difference->contract;
  return compare_windows(desktop, run.windows).first.value().contract;
}

TEST_F(Firmware, CallsAChangedSampleInput) {
  const std::vector<Stretch> stretches = {make_tiny_samples(100, 2), make_tiny_samples(100, 3)};
  HarnessOptions options;
  options.faults.sample_bit = {1, (40 * 3 + 1) * 16 + 11};  // sample 40, second channel
  const std::vector<WindowTrace> desktop = trace_tiny(stretches);
  EXPECT_EQ(broken(desktop, run_over_link(profile(), elf(), stretches, options)), Contract::input);
  EXPECT_EQ(broken(desktop, run_bulk(profile(), elf(), stretches, folder_->path(), options)), Contract::input);
}

TEST_F(Firmware, CallsAChangedWeightExecution) {
  const std::vector<Stretch> stretches = {make_tiny_samples(100, 2)};
  const fs::path changed = folder_->path() / "changed.elf";
  flip_bit_in_elf(elf(), "weights", 8 * 4 + 2, changed);
  EXPECT_EQ(broken(trace_tiny(stretches), run_over_link(profile(), changed, stretches)), Contract::execution);
  EXPECT_EQ(broken(trace_tiny(stretches), run_bulk(profile(), changed, stretches, folder_->path())),
            Contract::execution);
}

TEST_F(Firmware, CallsAChangedThresholdDecision) {
  const std::vector<Stretch> stretches = {make_tiny_samples(400, 2)};
  HarnessOptions options;
  options.faults.threshold = {0, 0.99f};
  EXPECT_EQ(broken(trace_tiny(stretches), run_over_link(profile(), elf(), stretches, options)), Contract::decision);
  EXPECT_EQ(broken(trace_tiny(stretches), run_bulk(profile(), elf(), stretches, folder_->path(), options)),
            Contract::decision);
}

/// The other back end: what runs is a plan file in flash. These bytes are none.
TEST(PlanFileFirmware, ReportsThatItsPlanIsRefused) {
  const testing::TemporaryFolder folder;
  BuildRequest request;
  request.profile = load_profile("mps2-an386");
  request.model = PlanFileModel{Bytes(1000, 0x5a), 4096, "reference"};
  request.work_folder = folder.path() / "work";
  request.elf = folder.path() / "plan.elf";
  const BuildResult built = build_firmware(request);
  EXPECT_EQ(built.violations, std::vector<std::string>());
  EXPECT_EQ(find_in_file(built.elf, "edgesmith_plan").bytes, 1000u);
  const std::vector<Stretch> stretches = {make_tiny_samples(100, 2)};
  EXPECT_EQ(run_over_link(request.profile, built.elf, stretches).info.begun, Status::plan_magic);
  EXPECT_EQ(run_bulk(request.profile, built.elf, stretches, folder.path()).info.begun, Status::plan_magic);
  EXPECT_EQ(run_live(request.profile, built.elf), "edgesmith: begin() failed, status 5\n");
}

}  // namespace
}  // namespace edgesmith
