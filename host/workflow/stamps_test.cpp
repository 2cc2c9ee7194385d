#include "host/workflow/stamps.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "host/workflow/project_fixture.h"

namespace edgesmith {
namespace {

TEST(Stamps, AreFreshForTheSameInputsOnly) {
  const ProjectFolder folder;
  Stamps stamps(folder.project());
  EXPECT_FALSE(stamps.fresh("train", "a"));
  stamps.set("train", "a");
  EXPECT_TRUE(stamps.fresh("train", "a"));
  EXPECT_FALSE(stamps.fresh("train", "b"));
  EXPECT_FALSE(stamps.fresh("plan", "a"));
}

TEST(Stamps, OutliveTheCommand) {
  const ProjectFolder folder;
  Stamps(folder.project()).set("train", "a");
  EXPECT_TRUE(Stamps(folder.project()).fresh("train", "a"));
}

TEST(Stamps, ThatAreDamagedOnlyMakeStepsRunAgain) {
  const ProjectFolder folder;
  for (const char* text : {"", "{", "[1, 2]", "{\"train\": 3}"}) {
    write_text(folder.path() / "build" / "stamps.json", text);
    EXPECT_FALSE(Stamps(folder.project()).fresh("train", "a")) << text;
  }
}

/// A project whose step "make" left runs/a/x and runs/a/y.
struct Made {
  const ProjectFolder folder;
  const fs::path place = folder.path() / "runs" / "a", x = place / "x", y = place / "y";

  Made() {
    write_text(x, "123");
    write_text(y, "456");
    Stamps stamps(folder.project());
    stamps.record("make", place, {x, y});
    stamps.set("make", "inputs");
  }
  fs::path damaged() const {
    return Stamps(folder.project()).damaged("make", place);
  }
};

TEST(StampedOutputs, AreFineAsTheyWereMade) {
  const Made made;
  EXPECT_EQ(made.damaged(), "");
  EXPECT_EQ(Stamps(made.folder.project()).damaged("other", made.place), "");
  EXPECT_EQ(Stamps(made.folder.project()).damaged("make", made.folder.path() / "runs" / "b"), "");
}

TEST(StampedOutputs, AreDamagedWhenCutShortChangedOrGone) {
  const Made made;
  fs::resize_file(made.y, 2);
  EXPECT_EQ(made.damaged(), made.y);
  write_text(made.y, "457");
  EXPECT_EQ(made.damaged(), made.y) << "the same size";
  write_text(made.y, "456");
  EXPECT_EQ(made.damaged(), "");
  fs::remove(made.x);
  EXPECT_EQ(made.damaged(), made.x);
}

TEST(StampedOutputs, ThatChangedRightAfterTheyWereRecordedAreNoticed) {
  const Made made;
  const auto time = fs::last_write_time(made.x);
  std::ofstream(made.x) << "321";  // maybe within one tick of the file system's clock
  fs::last_write_time(made.x, time);
  EXPECT_EQ(made.damaged(), made.x);
}

TEST(StampedOutputs, AreKnownByTheirTimeOnceTheyAreOld) {
  const Made made;
  const fs::path stamps = made.folder.path() / "build" / "stamps.json";
  const std::string young = read_text(stamps);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  made.damaged();
  const std::string old = read_text(stamps);
  EXPECT_NE(old, young) << "the times are in it now";
  made.damaged();
  EXPECT_EQ(read_text(stamps), old);
}

TEST(StampedOutputs, OfARunThatIsGoneAreForgotten) {
  const Made made;
  fs::remove_all(made.place);
  Stamps stamps(made.folder.project());
  stamps.record("make", made.folder.path() / "runs" / "b", {});
  EXPECT_EQ(stamps.damaged("make", made.place), "");
}

TEST(StampedOutputs, ThatCannotBeBelievedMakeEverythingStale) {
  const Made made;
  write_text(made.folder.path() / "build" / "stamps.json", R"({"make": "inputs", "outputs": {"runs/a/x": 3}})");
  EXPECT_FALSE(Stamps(made.folder.project()).fresh("make", "inputs"));
}

/// Hash of [decision] and [[conditioning]] in a project that ends in `text`.
std::string hash_with(const std::string& text) {
  ProjectFolder folder;
  folder.write(kSmallProject + text);
  return section_hash(folder.project(), {"conditioning", "decision"});
}

TEST(SectionHash, IgnoresCommentsBlanksAndTheOrderOfKeys) {
  const std::string plain = hash_with("[decision]\nthreshold = 0.5\nemit = \"change\"\n");
  EXPECT_EQ(hash_with("# why\n[decision]  # so\n\nthreshold  =  0.5  # or 0.6?\nemit = \"change\"\n"), plain);
  EXPECT_EQ(hash_with("[decision]\nemit = \"change\"\nthreshold = 0.5\n"), plain);
  EXPECT_EQ(hash_with("[ decision ]\nthreshold = 0.5\nemit = 'change'\n"), plain);
}

TEST(SectionHash, NoticesEveryValueHoweverItsSectionIsSpelled) {
  EXPECT_NE(hash_with("[decision]\nthreshold = 0.5\n"), hash_with("[decision]\nthreshold = 0.6\n"));
  EXPECT_NE(hash_with("[ decision ]\nthreshold = 0.5\n"), hash_with("[ decision ]\nthreshold = 0.6\n"));
  EXPECT_NE(hash_with("[decision.threshold]\nhigh = 0.5\n"), hash_with("[decision.threshold]\nhigh = 0.6\n"));
  EXPECT_NE(hash_with("[[conditioning]]\nkind = \"median\"\nlength = 3\n"),
            hash_with("[[conditioning]]\nkind = \"median\"\nlength = 5\n"));
}

TEST(SectionHash, NoticesTheOrderOfSteps) {
  const std::string median = "[[conditioning]]\nkind = \"median\"\n";
  const std::string ema = "[[conditioning]]\nkind = \"ema\"\nalpha = 0.5\n";
  EXPECT_NE(hash_with(median + ema), hash_with(ema + median));
}

TEST(SectionHash, IsBlindForOtherSections) {
  EXPECT_EQ(hash_with("[train]\nepochs = 3\n"), hash_with("[train]\nepochs = 4\n"));
}

TEST(FolderHash, NoticesContentsAndNames) {
  const TestFolder folder;
  const auto hash = [&] { return folder_hash(folder.path()); };
  const std::string empty = hash();
  write_text(folder / "a", "1");
  const std::string one = hash();
  EXPECT_NE(one, empty);
  write_text(folder / "a", "2");
  EXPECT_NE(hash(), one);
  std::filesystem::rename(folder / "a", folder / "b");
  write_text(folder / "b", "1");
  EXPECT_NE(hash(), one);
  std::filesystem::rename(folder / "b", folder / "a");
  EXPECT_EQ(hash(), one) << "times do not matter";
}

TEST(FolderHash, AFolderThatIsNotThereIsAnEmptyOne) {
  const TestFolder folder;
  EXPECT_EQ(folder_hash(folder / "none"), folder_hash(folder.path()));
}

TEST(ListingHash, NoticesSizesAndTimes) {
  const TestFolder folder;
  write_text(folder / "a", "1");
  const std::string one = listing_hash(folder.path());
  EXPECT_EQ(listing_hash(folder.path()), one);
  std::filesystem::last_write_time(folder / "a", std::filesystem::file_time_type{});
  EXPECT_NE(listing_hash(folder.path()), one);
}

}  // namespace
}  // namespace edgesmith
