#include "host/dataset/import.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/process.h"
#include "host/base/random.h"
#include "host/base/test_folder.h"
#include "host/dataset/archive.h"
#include "host/dataset/windows.h"

namespace edgesmith::dataset {
namespace {

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

ImportOptions at_50_hz() {
  ImportOptions options;
  options.rate_hz = 50;
  return options;
}

std::string code_of(const fs::path& source, const ImportOptions& options) {
  try {
    import_files(source, options);
  } catch (const Error& error) {
    return error.text.code;
  }
  return "";
}

TEST(Import, SessionIsTheFolderOrTheStemAndSubjectTheSession) {
  const TestFolder folder;
  put(folder / "s01/a.csv", "1\n2\n");
  put(folder / "x/y/b.csv", "1\n2\n");
  put(folder / "c.csv", "1\n2\n");
  put(folder / "README.md", "no table");
  const auto recordings = import_files(folder.path(), at_50_hz()).recordings;
  ASSERT_EQ(recordings.size(), 3u);
  EXPECT_EQ(recordings[0].id(), "c/c");
  EXPECT_EQ(recordings[1].id(), "s01/a");
  EXPECT_EQ(recordings[1].subject, "s01");
  EXPECT_EQ(recordings[2].id(), "x_y/b");
}

TEST(Import, NamesThatWouldCollideStayApart) {
  const TestFolder folder;
  put(folder / "x/y/b.csv", "1\n2\n");
  put(folder / "x_y/b.csv", "1\n2\n");
  put(folder / "x_y/b.txt", "1\n2\n");
  const auto recordings = import_files(folder.path(), at_50_hz()).recordings;
  ASSERT_EQ(recordings.size(), 3u);
  EXPECT_EQ(recordings[0].id(), "x_y/b");
  EXPECT_EQ(recordings[1].id(), "x_y-2/b");
  EXPECT_EQ(recordings[2].id(), "x_y-2/b-2");
}

TEST(Import, SubjectSessionAndLabelComeFromThePath) {
  const TestFolder folder;
  put(folder / "walk/anna_day1_3.csv", "1\n2\n3\n");
  ImportOptions options = at_50_hz();
  options.subject_from = "/([a-z]+)_";
  options.session_from = "_(day[0-9]+)_";
  options.label_from = "^([^/]+)/";
  const Recording recording = import_files(folder.path(), options).recordings.at(0);
  EXPECT_EQ(recording.subject, "anna");
  EXPECT_EQ(recording.id(), "day1/anna_day1_3");
  ASSERT_EQ(recording.labels.size(), 1u);
  EXPECT_EQ(recording.labels[0].label, "walk");
  EXPECT_EQ(recording.labels[0].to, 3);
}

TEST(Import, AnExpressionNeedsOneGroupAndAMatch) {
  const TestFolder folder;
  put(folder / "a.csv", "1\n2\n");
  ImportOptions options = at_50_hz();
  for (const char* pattern : {"a", "(a)(b)", "("}) {
    options.label_from = pattern;
    EXPECT_EQ(code_of(folder.path(), options), "import.bad_pattern") << pattern;
  }
  options.label_from = "(zzz)";
  EXPECT_EQ(code_of(folder.path(), options), "import.no_match");
  options.label_from = "(a)";
  options.label_column = "1";
  EXPECT_EQ(code_of(folder.path(), options), "import.two_labels");
}

TEST(Import, NothingFoundIsAnErrorAndNoFolderToo) {
  const TestFolder folder;
  EXPECT_EQ(code_of(folder.path(), {}), "import.nothing");
  put(folder / "a.csv", "1\n2\n");
  ImportOptions options = at_50_hz();
  options.include = "*.tsv";
  EXPECT_EQ(code_of(folder.path(), options), "import.nothing");
  EXPECT_EQ(code_of(folder / "none", {}), "import.no_source");
  options.format = "cvs";
  EXPECT_EQ(code_of(folder.path(), options), "import.format");
}

TEST(Import, PiecesOfAFileAreNumbered) {
  const TestFolder folder;
  put(folder / "s/a.csv", "1,2\n3,4\n\n5,6\n7,8\n");
  const auto recordings = import_files(folder.path(), at_50_hz()).recordings;
  ASSERT_EQ(recordings.size(), 2u);
  EXPECT_EQ(recordings[0].name, "a_1");
  EXPECT_EQ(recordings[1].name, "a_2");
}

class Packed : public testing::Test {
 protected:
  void SetUp() override {
    put(folder_ / "in/s1/a.csv", "1\n2\n");
    put(folder_ / ("in/s2/" + std::string(60, 'm') + "/" + std::string(60, 'n') + ".csv"),
        "3\n4\n");  // a name that needs a header of its own
  }
  void pack(const std::vector<std::string>& options, const std::string& into) {
    std::vector<std::string> argv = {"tar", "-C", (folder_ / "in").string()};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(), {"-cf", (folder_ / into).string(), "s1", "s2"});
    ASSERT_EQ(run_process(argv).status, 0);
  }
  TestFolder folder_;
};

TEST_F(Packed, TarOfEveryKindReadsLikeTheFolder) {
  for (const char* format : {"--format=ustar", "--format=gnu", "--format=pax"}) {
    pack({format, "-z"}, "x.tar.gz");
    const auto recordings = import_files(folder_ / "x.tar.gz", at_50_hz()).recordings;
    ASSERT_EQ(recordings.size(), 2u) << format;
    EXPECT_EQ(recordings[0].id(), "s1/a");
    EXPECT_EQ(recordings[1].id(), "s2_" + std::string(60, 'm') + "/" + std::string(60, 'n'));
    EXPECT_EQ(recordings[1].samples, (std::vector<float>{3, 4}));
  }
}

TEST_F(Packed, GzipReadsLikeTheFile) {
  ASSERT_EQ(run_process({"gzip", (folder_ / "in/s1/a.csv").string()}).status, 0);
  const Recording recording = import_files(folder_ / "in", at_50_hz()).recordings.at(0);
  EXPECT_EQ(recording.id(), "s1/a");
  EXPECT_EQ(recording.samples, (std::vector<float>{1, 2}));
}

TEST_F(Packed, MembersThatPointOutsideAreLeftOut) {
  pack({"-P", "--transform=s,^s1/,../s1/,"}, "x.tar");
  const ImportReport report = import_files(folder_ / "x.tar", at_50_hz());
  EXPECT_EQ(report.recordings.size(), 1u);
  EXPECT_EQ(report.skipped.size(), 1u);
}

TEST_F(Packed, DamagedArchivesAreRefusedOrReadNeverOverrun) {
  pack({"--format=gnu"}, "x.tar");
  const std::string good = read_text(folder_ / "x.tar");
  const SourceVisitor visitor = {[](const std::string&) { return true; }, [](const std::string&, std::string) {},
                                 [](const std::string&, const std::string&) {}};
  Random random(3);
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bad = round % 2 == 0 ? good.substr(0, random.below(static_cast<std::uint32_t>(good.size()))) : good;
    for (int flips = 0; flips < 4 && !bad.empty(); ++flips)
      bad[random.below(static_cast<std::uint32_t>(bad.size()))] ^= static_cast<char>(1 << random.below(8));
    put(folder_ / "bad.tar", bad);
    try {
      visit_files(folder_ / "bad.tar", visitor);
    } catch (const Error& error) {
      EXPECT_EQ(error.text.code, "archive.corrupt");
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST_F(Packed, GzipThatIsCutOffIsRefused) {
  pack({"-z"}, "x.tgz");
  const std::string good = read_text(folder_ / "x.tgz");
  for (const std::size_t kept : {3u, 20u, 100u})
    EXPECT_THROW(gunzip(good.substr(0, kept), "x"), Error);
  EXPECT_EQ(gunzip(good + good, "x").size(), 2 * gunzip(good, "x").size());
}

/// Real recordings; skipped, visibly, where they are not.
class RealData : public testing::Test {
 protected:
  void SetUp() override {
    const char* told = std::getenv("EDGESMITH_DATA");
    data_ = told != nullptr ? told : "../shared/data";
    if (!fs::is_directory(data_)) GTEST_SKIP() << "no recordings at " << data_;
  }
  fs::path data_;
};

TEST_F(RealData, WatchStampsThatArriveInBurstsAreOneRecordingEach) {
  ImportOptions options;
  options.include = "*_sw*";
  const ImportReport report = import_files(data_ / "activity_watch_phone", options);
  EXPECT_EQ(report.files, 115);
  EXPECT_EQ(report.recordings.size(), 115u);
  EXPECT_EQ(report.gaps, 0);
  int whole = 0, pure = 0;
  for (const Window& window :
       cut_windows(report.recordings, {"SEATED", "STANDING_UP", "WALKING", "TURNING", "SITTING_DOWN"}, 104, 52, 0)) {
    const std::string& subject = report.recordings[static_cast<std::size_t>(window.recording)].subject;
    if (subject != "s11" && subject != "s12") continue;
    ++whole;
    pure += window.purity >= 0.75;
  }
  EXPECT_EQ(whole, 424);
  EXPECT_EQ(pure, 295);
}

TEST_F(RealData, GesturesAreSplitAtBlankLines) {
  ImportOptions options;
  options.rate_hz = 119;
  options.label_from = "^(.*)\\.csv$";
  const ImportReport report = import_files(data_ / "gesture_punch", options);
  for (const Recording& recording : report.recordings)
    EXPECT_EQ(recording.length_samples(), 119) << recording.id();
  EXPECT_EQ(report.recordings.size(), 35u);
}

TEST_F(RealData, OccupancyHasARowNumberDatesAndOneSampleAMinute) {
  ImportOptions options;
  options.include = "data*.txt";
  options.label_column = "Occupancy";
  const ImportReport report = import_files(data_ / "occupancy", options);
  ASSERT_EQ(report.recordings.size(), 2u);
  EXPECT_EQ(report.recordings[0].length_samples(), 2665);
  EXPECT_EQ(report.recordings[0].channels.front(), "Temperature");
  EXPECT_EQ(report.recordings[0].samples[0], 23.7f);
  EXPECT_NEAR(report.recordings[0].rate_hz * 60, 1, 1e-3);  // stamps are rounded to seconds
  EXPECT_EQ(report.gaps, 0);
}

TEST_F(RealData, SpokenDigitsAreCounts) {
  ImportOptions options;
  options.format = "audio";
  options.include = "7_*.flac";
  options.counts = true;
  options.subject_from = "_([a-z]+)_";
  options.label_from = "^([0-9])";
  const ImportReport report = import_files(data_ / "fsdd", options);
  EXPECT_EQ(report.recordings.size(), 200u);
  EXPECT_EQ(report.recordings[0].rate_hz, 8000);
  EXPECT_EQ(report.recordings[0].labels.at(0).label, "7");
  EXPECT_TRUE(report.recordings[0].counts);
}

}  // namespace
}  // namespace edgesmith::dataset
