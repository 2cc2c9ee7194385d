// Recordings on their way through a project: splits, windows, features, normalisation, the sensor's bytes.

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/workflow/desk.h"
#include "host/workflow/feature_set.h"
#include "host/workflow/project_fixture.h"
#include "host/workflow/sample_bytes.h"

namespace edgesmith {
namespace {

using dataset::Split;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <typename Act>
std::string code_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    return error.text.code;
  }
  return "";
}

ProjectData load(const ProjectFolder& folder) {
  return load_project_data(folder.project(), make_road_plan(folder.project()));
}

constexpr const char* kLists =
    "train_groups = [\"s01\", \"s02\"]\nvalidate_groups = [\"s03\"]\ntest_groups = [\"s04\"]\n";

TEST(ProjectData, FollowsTheListsOfGroups) {
  const ProjectFolder folder;
  const ProjectData data = load(folder);
  EXPECT_TRUE(data.in_split(data.recordings[0], Split::train));
  EXPECT_TRUE(data.in_split(data.recordings[2], Split::validate));
  EXPECT_TRUE(data.in_split(data.recordings[3], Split::test));
  EXPECT_TRUE(fs::exists(folder.path() / "splits.json"));
}

TEST(ProjectData, AGroupThatNoListNamesIsInNoSplit) {
  ProjectFolder folder;
  folder.record(small_recording("s05"));
  const ProjectData data = load(folder);
  for (const Split split : {Split::train, Split::validate, Split::test})
    EXPECT_FALSE(data.in_split(data.recordings[4], split));
}

TEST(ProjectData, SplitsAreDealtOnceAndKeptUntilSplitAsksForOthers) {
  ProjectFolder folder;
  folder.change(kLists, "");
  const auto dealt = load(folder).assignment;
  EXPECT_EQ(load(folder).assignment, dealt);
  bool differs = false;
  std::string seed = "seed = 1\n";
  folder.change("[split]\n", "[split]\n" + seed);
  for (int other = 2; other < 9; ++other) {
    const std::string next = "seed = " + std::to_string(other) + "\n";
    folder.change(seed, next);
    seed = next;
    differs = differs || load(folder).assignment != dealt;
  }
  EXPECT_TRUE(differs);
}

TEST(ProjectData, ARunKnowsWhenAGroupHasChangedSides) {
  ProjectFolder folder;
  load(folder);
  const fs::path then = folder.path() / "then.json";
  fs::copy_file(folder.path() / "splits.json", then);
  check_split(load(folder), then);
  folder.record(small_recording("s05"));
  check_split(load(folder), then);  // nobody trained on it
  folder.change("[\"s03\"]", "[\"s04\"]");
  folder.change("test_groups = [\"s04\"]", "test_groups = [\"s03\"]");
  EXPECT_EQ(code_of([&] { check_split(load(folder), then); }), "run.stale");
  check_split(load(folder), folder.path() / "nothing.json");
}

TEST(ProjectData, AGroupThatWasTakenOutStaysOut) {
  ProjectFolder folder;
  folder.change(kLists, "");
  load(folder);
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(read_text(folder.path() / "splits.json"));
  json["groups"] = {{"train", {"s04"}}, {"validate", {"s02"}}, {"test", {"s01"}}, {"none", {"s03"}}};
  write_text(folder.path() / "splits.json", json.dump());
  for (int again = 0; again < 2; ++again)
    EXPECT_EQ(load(folder).assignment.at("s03"), Split::none);
}

TEST(ProjectData, SplitsThatWereEditedAreObeyed) {
  ProjectFolder folder;
  folder.change(kLists, "");
  load(folder);
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(read_text(folder.path() / "splits.json"));
  json["groups"] = {
      {"train", {"s04", "s03"}}, {"validate", {"s02"}}, {"test", {"s01"}}, {"none", nlohmann::json::array()}};
  write_text(folder.path() / "splits.json", json.dump());
  const auto expected = std::map<std::string, Split>{
      {"s01", Split::test}, {"s02", Split::validate}, {"s03", Split::train}, {"s04", Split::train}};
  EXPECT_EQ(load(folder).assignment, expected);
  EXPECT_EQ(dataset::read_splits(folder.path() / "splits.json"), expected);
}

TEST(ProjectData, GroupsThatJoinMoveNobodyElse) {
  ProjectFolder folder;
  folder.change(kLists, "");
  const auto before = load(folder).assignment;
  for (int i = 5; i < 20; ++i)
    folder.record(small_recording("a" + std::to_string(i)));
  const auto after = load(folder).assignment;
  EXPECT_EQ(after.size(), 19u);
  for (const auto& [group, split] : before)
    EXPECT_EQ(after.at(group), split) << group;
}

TEST(ProjectData, SplitsFileIsWrittenOnlyWhenItChanges) {
  const ProjectFolder folder;
  load(folder);
  const fs::path file = folder.path() / "splits.json";
  fs::last_write_time(file, fs::file_time_type{});
  load(folder);
  EXPECT_EQ(fs::last_write_time(file), fs::file_time_type{});
}

TEST(ProjectData, SaysWhatItLacks) {
  ProjectFolder folder;
  folder.change("length_samples = 4", "length_samples = 41");
  EXPECT_EQ(code_of([&] { load(folder); }), "window.too_long");
  folder.change("length_samples = 41", "length_samples = 40");
  EXPECT_EQ(code_of([&] { load(folder); }), "");
  folder.change("[split]", "[[conditioning]]\nkind = \"median\"\n[split]");
  EXPECT_EQ(code_of([&] { load(folder); }), "data.short") << "two more samples to settle";
  fs::remove_all(folder.path() / "recordings");
  fs::create_directories(folder.path() / "recordings");
  EXPECT_EQ(code_of([&] { load(folder); }), "data.none");
}

TEST(ProjectData, ForeignRecordingsAreInNoSplitAndLeaveTheProjectsAlone) {
  const ProjectFolder folder, other;
  const Project project = folder.project();
  const ProjectData data = load_foreign_data(project, make_road_plan(project), other.path() / "recordings");
  EXPECT_EQ(data.recordings.size(), 4u);
  EXPECT_FALSE(data.in_split(data.recordings[0], Split::train));
  EXPECT_FALSE(fs::exists(folder.path() / "splits.json"));
}

TEST(Windows, OfTheRoadAreThoseOfTheDataSet) {
  ProjectFolder folder;
  folder.write(std::string(kSmallProject) + "[[conditioning]]\nkind = \"median\"\nlength = 5\n");
  for (const std::size_t length : {3u, 7u, 8u, 9u, 10u, 11u}) {  // 4 to settle, 4 of the first window
    dataset::Recording recording = small_recording("t" + std::to_string(10 + length));
    recording.samples.resize(length);
    recording.labels.clear();
    folder.record(recording);
  }
  const Project project = folder.project();
  const RoadPlan road = make_road_plan(project);
  const ProjectData data = load_project_data(project, road);
  for (std::size_t r = 0; r < data.recordings.size(); ++r) {
    std::size_t seen = 0;
    visit_windows(road, data.recordings[r],
                  [&](std::size_t index, std::uint8_t, const std::vector<float>&) { EXPECT_EQ(index, seen++); });
    EXPECT_EQ(seen, data.window_count(r)) << data.recordings[r].id();
  }
  EXPECT_EQ(data.window_count(0), 17u);  // (40 - 4 - 4) / 2 + 1
}

TEST(Features, RawOnesAreTheWindowsSamples) {
  const ProjectFolder folder;
  const ProjectData data = load(folder);
  const FeatureSet set = extract_features(make_road_plan(folder.project()), data);
  ASSERT_EQ(set.elems, 4u);
  const auto window = [&](std::size_t w) {
    return std::vector<float>(set.values.begin() + static_cast<std::ptrdiff_t>(4 * w),
                              set.values.begin() + static_cast<std::ptrdiff_t>(4 * w + 4));
  };
  EXPECT_EQ(window(8), (std::vector<float>{-1, -1, -1, -1}));  // samples 16..19
  EXPECT_EQ(window(9), (std::vector<float>{-1, -1, 1, 1}));
  EXPECT_EQ(window(19), (std::vector<float>{-1, -1, -1, -1})) << "the second recording begins anew";
}

TEST(Features, WindowsWithBadSamplesAreFlaggedAndNotUsed) {
  ProjectFolder folder;
  dataset::Recording recording = small_recording("s01");
  recording.samples[5] = kNan;   // windows from 2 and 4
  recording.samples[30] = 9.0f;  // out of range: windows from 28 and 30
  folder.record(recording);
  const Project project = folder.project();
  const ProjectData data = load(folder);
  const FeatureSet set = extract_features(make_road_plan(project), data);
  std::vector<std::size_t> flagged;
  for (std::size_t w = 0; w < set.flags.size(); ++w) {
    if (set.flags[w] != 0) flagged.push_back(w);
  }
  EXPECT_EQ(flagged, (std::vector<std::size_t>{1, 2, 14, 15}));
  const WindowFlow flow = window_flow(project, data, set);
  EXPECT_EQ(flow.cut, 4 * 19);
  EXPECT_EQ(flow.flagged, 4);
  EXPECT_EQ(flow.below_purity, 4);  // the one at the change of label, half and half, in each recording
  EXPECT_EQ(flow.train, 14 + 18);
  EXPECT_EQ(usable_windows(project, data, set, Split::train).size(), 32u);
}

TEST(WindowFlow, GroupsOfNoSplitAreUnassigned) {
  const ProjectFolder folder;
  const Project project = folder.project();
  const RoadPlan road = make_road_plan(project);
  ProjectData data = load_project_data(project, road);
  const FeatureSet set = extract_features(road, data);
  const WindowFlow before = window_flow(project, data, set);
  EXPECT_EQ(before.unassigned, 0);
  data.assignment["s01"] = Split::none;
  data.assignment.erase("s04");
  const WindowFlow flow = window_flow(project, data, set);
  EXPECT_EQ(flow.unassigned, 2 * 18);
  EXPECT_EQ(flow.train, before.train - 18);
  EXPECT_EQ(flow.test, 0);
  EXPECT_EQ(flow.cut, flow.flagged + flow.unlabelled + flow.below_purity + flow.unassigned + flow.train +
                          flow.validate + flow.test);
}

FittedRoad fit(const ProjectFolder& folder) {
  const Project project = folder.project();
  const RoadPlan road = make_road_plan(project);
  const ProjectData data = load_project_data(project, road);
  return fit_road(project, road, data, extract_features(road, data));
}

TEST(FitRoad, StandardisesByTheTrainingWindows) {
  ProjectFolder folder;
  folder.change("kind = \"none\"", "kind = \"standard\"");
  const FittedRoad fitted = fit(folder);  // as many -1 as +1
  EXPECT_EQ(fitted.offset, std::vector<float>{0.0f});
  EXPECT_EQ(fitted.gain, std::vector<float>{1.0f});
  EXPECT_EQ(fitted.center, std::vector<float>{0.0f});
  EXPECT_EQ(fitted.spread, std::vector<float>{1.0f});
}

TEST(FitRoad, MinmaxCentresTheRange) {
  ProjectFolder folder;
  folder.change("kind = \"none\"", "kind = \"minmax\"");
  dataset::Recording recording = small_recording("s01");
  recording.samples[30] = 4.0f;
  folder.record(recording);
  const FittedRoad fitted = fit(folder);  // -1..4
  EXPECT_EQ(fitted.offset, std::vector<float>{1.5f});
  EXPECT_EQ(fitted.gain, std::vector<float>{0.4f});
}

TEST(FitRoad, LearnsNothingFromTestOrValidation) {
  ProjectFolder folder;
  folder.change("kind = \"none\"", "kind = \"standard\"");
  const FittedRoad before = fit(folder);
  for (const char* session : {"s03", "s04"}) {
    dataset::Recording recording = small_recording(session);
    recording.samples.assign(40, 7.0f);
    folder.record(recording);
  }
  const FittedRoad after = fit(folder);
  EXPECT_EQ(after.offset, before.offset);
  EXPECT_EQ(after.gain, before.gain);
  EXPECT_EQ(after.center, before.center);
  EXPECT_EQ(after.spread, before.spread);
}

TEST(FitRoad, AConstantFeatureIsDividedByTheFloor) {
  ProjectFolder folder;
  folder.change("kind = \"none\"", "kind = \"standard\"\nfloor = 0.125");
  for (const char* session : {"s01", "s02"}) {
    dataset::Recording recording = small_recording(session);
    recording.samples.assign(40, 1.0f);
    folder.record(recording);
  }
  EXPECT_EQ(fit(folder).gain, std::vector<float>{8.0f});
}

TEST(SampleBytes, AreTheSensorsOwn) {
  dataset::Recording recording;
  recording.channels = {"x"};
  recording.samples = {1.5f, -2.0f};
  const std::vector<std::uint8_t> f32 = sample_bytes(recording, SampleFormat::f32);
  EXPECT_EQ(std::memcmp(f32.data(), recording.samples.data(), 8), 0);
  recording.counts = true;
  recording.samples = {-32768.0f, 258.0f};
  EXPECT_EQ(sample_bytes(recording, SampleFormat::i16), (std::vector<std::uint8_t>{0x00, 0x80, 0x02, 0x01}));
  recording.samples = {0.0f, 255.0f};
  EXPECT_EQ(sample_bytes(recording, SampleFormat::u8), (std::vector<std::uint8_t>{0, 255}));
}

TEST(SampleBytes, CountsAndUnitsAreNotMixed) {
  dataset::Recording recording;
  recording.channels = {"x"};
  recording.samples = {1.0f};
  EXPECT_EQ(code_of([&] { sample_bytes(recording, SampleFormat::i16); }), "data.sample_type");
  recording.counts = true;
  EXPECT_EQ(code_of([&] { sample_bytes(recording, SampleFormat::f32); }), "data.sample_type");
}

TEST(SampleBytes, ACountThatTheFormatCannotHoldIsAnError) {
  dataset::Recording recording;
  recording.channels = {"x"};
  recording.counts = true;
  for (float count : {-1.0f, 256.0f, kNan}) {
    recording.samples = {count};
    EXPECT_EQ(code_of([&] { sample_bytes(recording, SampleFormat::u8); }), "data.count") << count;
  }
  recording.samples = {32768.0f};
  EXPECT_EQ(code_of([&] { sample_bytes(recording, SampleFormat::i16); }), "data.count");
}

TEST(SampleTime, CountsHopsExactlyAndWraps) {
  RoadSpec road = {};
  road.hop_us = 19231;  // two samples at 104 Hz
  road.hop_samples = 2;
  EXPECT_EQ(sample_time_us(road, 1), 9615u);
  EXPECT_EQ(sample_time_us(road, 2), 19231u);
  EXPECT_EQ(sample_time_us(road, 1000000), static_cast<std::uint32_t>(UINT64_C(9615500000)));
}

}  // namespace
}  // namespace edgesmith
