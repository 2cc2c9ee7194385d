#include "host/workflow/runs.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "host/base/error.h"
#include "host/workflow/project_fixture.h"
#include "host/workflow/run_model.h"

namespace edgesmith {
namespace {

/// The Error that `act` ends in.
template <typename Act>
ErrorText error_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    return error.text;
  }
  return {.code = "none"};
}

TEST(Runs, AreNamedByDateKindAndNumber) {
  const ProjectFolder folder;
  const auto first = new_run(folder.project()), second = new_run(folder.project());
  EXPECT_TRUE(std::regex_match(first.name, std::regex("\\d{4}-\\d\\d-\\d\\d_imported_1"))) << first.name;
  EXPECT_TRUE(second.name.ends_with("_imported_2")) << second.name;
  EXPECT_TRUE(fs::is_empty(first.folder));
}

TEST(Runs, AreCurrentOnlyWhenSaid) {
  const ProjectFolder folder;
  const auto run = new_run(folder.project());
  EXPECT_FALSE(has_run(folder.project()));
  make_current(folder.project(), run);
  EXPECT_TRUE(has_run(folder.project()));
  EXPECT_EQ(find_run(folder.project(), "").name, run.name);
}

TEST(Runs, ACurrentOneThatIsGoneIsNone) {
  const ProjectFolder folder;
  const auto run = new_run(folder.project());
  make_current(folder.project(), run);
  fs::remove_all(run.folder);
  EXPECT_FALSE(has_run(folder.project()));
  EXPECT_EQ(error_of([&] { find_run(folder.project(), ""); }).code, "run.none");
}

TEST(Runs, AreFoundByName) {
  const ProjectFolder folder;
  const auto first = new_run(folder.project()), second = new_run(folder.project());
  make_current(folder.project(), second);
  EXPECT_EQ(find_run(folder.project(), first.name).folder, first.folder);
}

TEST(Runs, AWrongNameIsAnsweredWithTheRightOnes) {
  const ProjectFolder folder;
  const auto run = new_run(folder.project());
  const ErrorText error = error_of([&] { find_run(folder.project(), run.name + "x"); });
  EXPECT_EQ(error.code, "run.none");
  EXPECT_EQ(error.found, run.name + "x");
  EXPECT_NE(error.expected.find(run.name), std::string::npos);
}

TEST(Runs, AProjectWithoutOneIsToldToTrain) {
  const ProjectFolder folder;
  EXPECT_EQ(error_of([&] { find_run(folder.project(), ""); }).try_this, "edgesmith train");
}

/// A run whose road is the small project's.
struct FittedRun {
  ProjectFolder folder;
  Run run = new_run(folder.project());
  FittedRoad written = {{0.1f}, {1.0f / 3}, {1e-30f}, {16777215.0f}};

  FittedRun() {
    write_fitted_road(run, make_road_plan(folder.project()), written);
  }
  FittedRoad read() {
    FittedRoad fitted;
    road_of_run(folder.project(), run, fitted);
    return fitted;
  }
};

TEST(FittedRoad, IsReadBackBitByBit) {
  FittedRun fitted;
  const FittedRoad read = fitted.read();
  EXPECT_EQ(read.offset, fitted.written.offset);
  EXPECT_EQ(read.gain, fitted.written.gain);
  EXPECT_EQ(read.center, fitted.written.center);
  EXPECT_EQ(read.spread, fitted.written.spread);
}

TEST(FittedRoad, BelongsToTheRoadItWasFittedFor) {
  FittedRun fitted;
  fitted.folder.change("hop_samples = 2", "hop_samples = 1");
  EXPECT_EQ(error_of([&] { fitted.read(); }).code, "run.stale");
}

TEST(FittedRoad, ThatIsDamagedIsAnError) {
  for (const char* text : {"", "{", "{}", "[]", "{\"road\": 3}"}) {
    FittedRun fitted;
    write_text(fitted.run.features(), text);
    EXPECT_EQ(error_of([&] { fitted.read(); }).code, "run.unreadable") << text;
  }
  FittedRun fitted;
  nlohmann::json json = nlohmann::json::parse(read_text(fitted.run.features()));
  json["gain"] = {nullptr};
  write_text(fitted.run.features(), json.dump());
  EXPECT_EQ(error_of([&] { fitted.read(); }).code, "run.unreadable");
}

TEST(RunDecision, IsReadBackInTheClassesOrder) {
  const ProjectFolder folder;
  const auto run = new_run(folder.project());
  write_decision(run, folder.project(), {{0.25, 0.75}, "by hand"});
  const RunDecision read = read_decision(run, folder.project());
  EXPECT_EQ(read.thresholds, (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(read.source, "by hand");
}

TEST(RunDecision, ThatIsDamagedIsAnError) {
  const ProjectFolder folder;
  const auto run = new_run(folder.project());
  write_text(run.decision(), "{\"source\": \"x\", \"thresholds\": {\"high\": \"much\"}}");
  EXPECT_EQ(error_of([&] { read_decision(run, folder.project()); }).code, "run.unreadable");
}

TEST(GivenThresholds, AreTheSharedOneButForClassesNamed) {
  EXPECT_EQ(given_thresholds(small_project()), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(given_thresholds(small_project("[decision]\nthreshold = 0.7\n")), (std::vector<double>{0.7, 0.7}));
  EXPECT_EQ(given_thresholds(small_project("[decision]\nthreshold = {high = 0.9}\n")), (std::vector<double>{0.5, 0.9}));
}

}  // namespace
}  // namespace edgesmith
