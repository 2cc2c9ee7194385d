#include "host/dataset/windows.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/test_folder.h"

namespace edgesmith::dataset {
namespace {

const std::vector<std::string> kClasses = {"walk", "sit"};

Recording recording(const std::string& session, std::int64_t length_samples, std::vector<Label> labels,
                    const std::string& subject = "s") {
  Recording made;
  made.session = session;
  made.name = "r";
  made.subject = subject;
  made.channels = {"x"};
  made.rate_hz = 10;
  made.samples.assign(static_cast<std::size_t>(length_samples), 0.0f);
  made.labels = std::move(labels);
  return made;
}

TEST(CutWindows, OnlyWholeWindowsAfterTheFirstSample) {
  const auto windows = cut_windows({recording("a", 10, {})}, kClasses, 4, 3, 1);
  ASSERT_EQ(windows.size(), 2u);  // 1..4, 4..7; 7..10 is one sample short
  EXPECT_EQ(windows[0].from, 1);
  EXPECT_EQ(windows[1].from, 4);
  EXPECT_EQ(windows[1].label, kUnlabelled);
  EXPECT_EQ(windows[1].purity, 0);
}

TEST(CutWindows, TheMajorityOfAllSamplesDecides) {
  const auto windows = cut_windows({recording("a", 8, {{1, 4, "sit"}, {4, 5, "walk"}})}, kClasses, 8, 8, 0);
  EXPECT_EQ(windows.at(0).label, 1);
  EXPECT_EQ(windows[0].purity, 0.375);  // 3 of 8: unlabelled samples count against it
}

TEST(CutWindows, SegmentsOfOneClassAddUp) {
  const auto windows =
      cut_windows({recording("a", 8, {{0, 2, "sit"}, {2, 5, "walk"}, {5, 8, "sit"}})}, kClasses, 8, 8, 0);
  EXPECT_EQ(windows.at(0).label, 1);
  EXPECT_EQ(windows[0].purity, 0.625);
}

TEST(CutWindows, OfEqualsTheEarlierWins) {
  const auto both = cut_windows({recording("a", 8, {{0, 4, "sit"}, {4, 8, "walk"}})}, kClasses, 4, 2, 0);
  EXPECT_EQ(both.at(0).label, 1);
  EXPECT_EQ(both.at(1).label, 1);
  EXPECT_EQ(both.at(1).purity, 0.5);
  EXPECT_EQ(both.at(2).label, 0);
}

TEST(CutWindows, AnUndeclaredLabelNamesRecordingAndNearestClass) {
  try {
    cut_windows({recording("a", 8, {{0, 8, "wlak"}})}, kClasses, 4, 4, 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.where, "a/r");
    EXPECT_EQ(error.text.found, "wlak");
    EXPECT_EQ(error.text.try_this, "did you mean 'walk'?");
  }
}

TEST(CutWindows, AWindowLongerThanEveryRecordingIsAnError) {
  EXPECT_THROW(cut_windows({recording("a", 8, {})}, kClasses, 9, 1, 0), Error);
  EXPECT_THROW(cut_windows({recording("a", 8, {})}, kClasses, 4, 0, 0), Error);
  EXPECT_EQ(cut_windows({recording("a", 8, {}), recording("b", 9, {})}, kClasses, 9, 1, 0).size(), 1u);
}

/// Twelve people with the same mix but for one who only sits.
std::vector<Recording> people() {
  std::vector<Recording> made;
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::string(i < 10 ? "p0" : "p") + std::to_string(i);
    const std::int64_t walked = i == 0 ? 0 : 60;
    std::vector<Label> labels = {{walked, 100, "sit"}};
    if (walked > 0) labels.insert(labels.begin(), {0, walked, "walk"});
    made.push_back(recording("day" + std::to_string(i), 100, labels, name));
  }
  return made;
}

std::map<std::string, Split> assign(const std::vector<Recording>& recordings, const SplitRequest& request) {
  return assign_splits(recordings, cut_windows(recordings, kClasses, 10, 10, 0), 2, request);
}

std::string code_of(const std::vector<Recording>& recordings, const SplitRequest& request) {
  try {
    assign(recordings, request);
  } catch (const Error& error) {
    return error.text.code;
  }
  return "";
}

int in(const std::map<std::string, Split>& assignment, Split split) {
  int count = 0;
  for (const auto& [name, where] : assignment)
    count += where == split;
  return count;
}

TEST(AssignSplits, RatiosHoldOverWholeGroups) {
  const auto assignment = assign(people(), {.by_subject = true});
  EXPECT_EQ(assignment.size(), 12u);
  EXPECT_EQ(in(assignment, Split::train), 8);
  EXPECT_EQ(in(assignment, Split::validate), 2);
  EXPECT_EQ(in(assignment, Split::test), 2);
}

TEST(AssignSplits, ClassesAreSpreadOverTheSplits) {
  std::vector<Recording> made;  // six groups of each class: a split of two must not get one class alone
  for (int i = 0; i < 12; ++i)
    made.push_back(recording("d" + std::to_string(i), 100, {{0, 100, i < 6 ? "walk" : "sit"}}));
  const auto assignment = assign(made, {.train = 0.5, .validate = 0.25, .test = 0.25});
  int walks[3] = {};
  for (const auto& [name, split] : assignment)
    walks[static_cast<int>(split)] += std::stoi(name.substr(1)) < 6;
  EXPECT_EQ(walks[0], 3);
  EXPECT_EQ(walks[1] + walks[2], 3);
  EXPECT_GE(walks[1], 1);
  EXPECT_GE(walks[2], 1);
}

TEST(AssignSplits, TheSeedDecidesAndIsRepeatable) {
  SplitRequest request{.by_subject = true};
  const auto first = assign(people(), request);
  EXPECT_EQ(assign(people(), request), first);
  bool differs = false;
  for (request.seed = 2; request.seed < 6; ++request.seed)
    differs = differs || assign(people(), request) != first;
  EXPECT_TRUE(differs);
}

TEST(AssignSplits, EverySplitGetsAGroupWhenThereAreJustEnough) {
  const auto assignment =
      assign({recording("a", 900, {{0, 900, "sit"}}), recording("b", 20, {}), recording("c", 20, {})}, {});
  EXPECT_EQ(in(assignment, Split::train), 1);
  EXPECT_EQ(in(assignment, Split::validate), 1);
  EXPECT_EQ(in(assignment, Split::test), 1);
}

TEST(AssignSplits, OneSessionOnlyIsAnErrorThatSaysWhatToRecord) {
  const std::vector<Recording> one = {recording("a", 20, {}), recording("a", 20, {})};
  try {
    assign(one, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "split.too_few_groups");
    EXPECT_EQ(error.text.what, "there is one session only, and a session is never divided");
    EXPECT_NE(error.text.try_this, "");
  }
  EXPECT_EQ(code_of(one, {.train = 1, .validate = 0, .test = 0}), "");
}

TEST(AssignSplits, ListsAreTakenAsTheyAre) {
  const auto assignment =
      assign(people(),
             {.by_subject = true, .train_groups = {"p01", "p02"}, .validate_groups = {"p00"}, .test_groups = {"p11"}});
  const std::map<std::string, Split> expected = {
      {"p00", Split::validate}, {"p01", Split::train}, {"p02", Split::train}, {"p11", Split::test}};
  EXPECT_EQ(assignment, expected);
}

TEST(AssignSplits, ListsWithUnknownOrRepeatedGroupsAreErrors) {
  SplitRequest request{.by_subject = true, .train_groups = {"p01", "p99"}, .validate_groups = {"p02"}};
  EXPECT_EQ(code_of(people(), request), "split.unknown_group");
  request.train_groups = {"p01", "p02"};
  EXPECT_EQ(code_of(people(), request), "split.twice");
  request.train_groups = {};
  EXPECT_EQ(code_of(people(), request), "split.empty");
}

TEST(AssignSplits, RatiosMustDivideTheWhole) {
  EXPECT_EQ(code_of(people(), {.train = 0.7, .validate = 0.2, .test = 0.2}), "split.ratios");
  EXPECT_EQ(code_of(people(), {.train = 1.2, .validate = -0.1, .test = -0.1}), "split.ratios");
}

TEST(SplitsFile, ComesBackAsItWasWritten) {
  const TestFolder folder;
  const SplitRequest request{.by_subject = true};
  const std::vector<Recording> recordings = people();
  const auto windows = cut_windows(recordings, kClasses, 40, 40, 0);
  auto assignment = assign_splits(recordings, windows, 2, request);
  assignment.erase("p05");
  write_splits(folder / "splits.json", recordings, windows, kClasses, 0.75, request, assignment);
  assignment["p05"] = Split::none;
  EXPECT_EQ(read_splits(folder / "splits.json"), assignment);
  const std::string text = read_text(folder / "splits.json");
  EXPECT_NE(text.find("\"none\": [\"p05\"]"), std::string::npos);
  EXPECT_NE(text.find(R"("from":[0],"label":[0],"below_purity":[40])"), std::string::npos);  // 40..79 walks 20 of 40
}

TEST(SplitsFile, AnotherWayOfDealingIsNoticed) {
  const TestFolder folder;
  const std::vector<Recording> recordings = people();
  write_splits(folder / "s.json", recordings, {}, kClasses, 0.75, {.seed = 3}, {});
  EXPECT_TRUE(dealt_alike(folder / "s.json", {.seed = 3}));
  EXPECT_FALSE(dealt_alike(folder / "s.json", {.seed = 4}));
  EXPECT_FALSE(dealt_alike(folder / "s.json", {.by_subject = true, .seed = 3}));
  EXPECT_FALSE(dealt_alike(folder / "s.json", {.train = 0.6, .validate = 0.25, .seed = 3}));
  write_splits(folder / "s.json", recordings, {}, kClasses, 0.75, {.train_groups = {"p01"}}, {});
  EXPECT_FALSE(dealt_alike(folder / "s.json", {}));  // lists before, shares now
  write_text(folder / "s.json", R"({"groups": {}})");
  EXPECT_TRUE(dealt_alike(folder / "s.json", {}));
}

TEST(SplitsFile, AGroupInTwoSplitsIsRefused) {
  const TestFolder folder;
  for (const char* text :
       {R"({"groups": {"train": ["a"], "validate": ["a"], "test": []}})", R"({"groups": {}})", "{"}) {
    write_text(folder / "splits.json", text);
    EXPECT_THROW(read_splits(folder / "splits.json"), Error) << text;
  }
}

}  // namespace
}  // namespace edgesmith::dataset
