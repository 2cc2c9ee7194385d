#include "host/dataset/import_csv.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>

#include "host/base/error.h"

namespace edgesmith::dataset {
namespace {

FileImport read(std::string text, ImportOptions options = {}) {
  if (options.rate_hz == 0 && text.find("time") == std::string::npos) options.rate_hz = 50;
  return import_csv(text, "f.csv", options);
}

std::vector<float> samples(const std::string& text, const ImportOptions& options = {}) {
  return read(text, options).pieces.at(0).samples;
}

ErrorText error_of(const std::string& text, const ImportOptions& options = {}) {
  try {
    read(text, options);
  } catch (const Error& error) {
    return error.text;
  }
  return {};
}

const std::vector<float> kOneToFour = {1, 2, 3, 4};

TEST(ImportCsv, GuessesTheSeparator) {
  EXPECT_EQ(samples("a,b\n1,2\n3,4\n"), kOneToFour);
  EXPECT_EQ(samples("a;b\n1;2\n3;4\n"), kOneToFour);
  EXPECT_EQ(samples("a\tb\n1\t2\n3\t4\n"), kOneToFour);
  EXPECT_EQ(samples("  1   2\n 3 4 \n"), kOneToFour);
  EXPECT_EQ(samples("1, 2\n3, 4\n"), kOneToFour);
  EXPECT_EQ(samples("1\n2\n"), (std::vector<float>{1, 2}));
}

TEST(ImportCsv, TakesByteOrderMarkCrLfQuotesCommentsAndTrailingCommas) {
  EXPECT_EQ(samples("\xEF\xBB\xBF\"a\",\"b\"\r\n1,2\r\n3,4\r\n"), kOneToFour);
  EXPECT_EQ(samples("# logger 1.2\na,b\n\"1\",2\n3,\"4\""), kOneToFour);
  EXPECT_EQ(samples("a,b,\n1,2,\n3,4,\n"), kOneToFour);
  EXPECT_EQ(samples("1,2,\n3,4,\n"), kOneToFour);
  EXPECT_EQ(samples("a,b\r1,2\r3,4\r"), kOneToFour);
}

TEST(ImportCsv, ADecimalCommaNeedsAnotherSeparatorAndNoLocale) {
  EXPECT_EQ(samples("a;b\n0,5;-1,25\n"), (std::vector<float>{0.5f, -1.25f}));
  const char* before = std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed, strtod would read 0.5 as 0
  EXPECT_EQ(samples("a,b\n0.5,+1e-3\n"), (std::vector<float>{0.5f, 1e-3f}));
  if (before != nullptr) std::setlocale(LC_ALL, "C");
}

TEST(ImportCsv, ARowNumberThatTheHeaderLacksIsLeftOut) {
  const FileImport file = read("\"a\",\"b\"\n\"140\",1,2\n\"141\",3,4\n");
  EXPECT_EQ(file.pieces.at(0).samples, kOneToFour);
  EXPECT_EQ(file.pieces.at(0).channels, (std::vector<std::string>{"a", "b"}));
}

TEST(ImportCsv, ANamelessCounterIsLeftOut) {
  EXPECT_EQ(samples(",a,b\n0,1,2\n1,3,4\n"), kOneToFour);
}

TEST(ImportCsv, ANamelessFirstColumnIsTimeOnlyWhenItRisesToTheEnd) {
  std::string clock, wave;  // both rise steadily for 64 rows
  for (int i = 0; i < 200; ++i) {
    clock += std::to_string(i * 20) + ",1\n";
    wave += std::to_string(i < 100 ? i : 200 - i) + ",1\n";
  }
  EXPECT_EQ(read(clock).pieces.at(0).channels, (std::vector<std::string>{"ch2"}));
  EXPECT_EQ(read(wave).pieces.at(0).channels, (std::vector<std::string>{"ch1", "ch2"}));
  EXPECT_EQ(read(clock, {.channels = {"2", "1"}}).pieces.at(0).rate_hz, 50);  // what is a channel is no clock
}

TEST(ImportCsv, TheProjectsChannelsAreFoundByNameElseByPlace) {
  const std::vector<std::string> project = {"ax", "ay"};
  const FileImport named = read("ay,spare,ax\n2,9,1\n4,9,3\n", {.project_channels = project});
  EXPECT_EQ(named.pieces.at(0).samples, kOneToFour);
  EXPECT_EQ(named.pieces.at(0).channels, project);
  EXPECT_EQ(read("x,y\n1,2\n", {.project_channels = project}).pieces.at(0).channels, project);
  EXPECT_EQ(read("1,2\n", {.project_channels = project}).pieces.at(0).channels, project);
  const std::vector<std::string> half_known = {"ay", "az"};
  EXPECT_EQ(read("ay,az\n1,2\n", {.project_channels = project}).pieces.at(0).channels, half_known);
  const std::vector<std::string> one_more = {"x", "y", "z"};
  EXPECT_EQ(read("x,y,z\n1,2,3\n", {.project_channels = project}).pieces.at(0).channels, one_more);
}

TEST(ImportCsv, BlankLinesBeginANewRecording) {
  const FileImport file = read("a,b\n1,2\n3,4\n\n5,6\n7,8\n\n");
  ASSERT_EQ(file.pieces.size(), 2u);
  EXPECT_EQ(file.pieces[1].samples, (std::vector<float>{5, 6, 7, 8}));
  EXPECT_EQ(file.gaps, 0);
}

TEST(ImportCsv, BlankLinesAfterEveryRowMeanNothing) {
  EXPECT_EQ(samples("a,b\n\n1,2\n\n3,4\n\n"), kOneToFour);
}

TEST(ImportCsv, LabelsPerRowBecomeSegments) {
  const FileImport file = read("a,label\n1,up\n2,up\n3,\n4,down\n5,\"up \"\"2\"\"\"\n");
  const std::vector<Label>& labels = file.pieces.at(0).labels;
  ASSERT_EQ(labels.size(), 3u);
  EXPECT_EQ(labels[0].from, 0);
  EXPECT_EQ(labels[0].to, 2);
  EXPECT_EQ(labels[0].label, "up");
  EXPECT_EQ(labels[1].from, 3);
  EXPECT_EQ(labels[2].label, "up \"2\"");
}

TEST(ImportCsv, TextInANumberColumnNamesFileRowAndColumn) {
  const ErrorText error = error_of("a,b\n1,2\n3,oops\n5,6\n");
  EXPECT_EQ(error.code, "import.text");
  EXPECT_EQ(error.where, "f.csv: row 3, column 2 ('b')");
  EXPECT_EQ(error.found, "'oops'");
  EXPECT_NE(error.try_this, "");
}

TEST(ImportCsv, AColumnOfTextIsLeftOutUnlessItIsAskedFor) {
  EXPECT_EQ(samples("who,a\nme,1\nme,2\n"), (std::vector<float>{1, 2}));
  EXPECT_EQ(error_of("who,a\nme,1\nme,2\n", {.channels = {"who"}}).code, "import.text");
}

TEST(ImportCsv, EmptyAndNanAreKeptAsNanAndCounted) {
  const FileImport file = read("a,b\n1,\nnan,4\nNA,inf\n");
  EXPECT_EQ(file.missing_values, 3);
  const std::vector<float>& values = file.pieces.at(0).samples;
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(values[3], 4.0f);
  EXPECT_TRUE(std::isinf(values[5]));
}

TEST(ImportCsv, NumbersTooSmallForFloatAreZeroAndTooLargeOnesText) {
  EXPECT_EQ(samples("a\n1e-60\n-0.0\n"), (std::vector<float>{0, 0}));
  EXPECT_EQ(error_of("a\n1\n1e60\n").code, "import.text");
}

TEST(ImportCsv, UnequalRowsAreAnErrorAndACutLastRowIsLeftOut) {
  EXPECT_EQ(error_of("a,b\n1,2\n3\n5,6\n").where, "f.csv:3");
  const FileImport file = read("a,b\n1,2\n3,4\n5");
  EXPECT_EQ(file.pieces.at(0).samples, kOneToFour);
  EXPECT_EQ(file.skipped.size(), 1u);
}

TEST(ImportCsv, ChannelsAreChosenAndNamed) {
  const FileImport file = read("a,b,c\n9,1,2\n9,3,4\n", {.channels = {"b", "3"}, .channel_names = {"x", "y"}});
  EXPECT_EQ(file.pieces.at(0).samples, kOneToFour);
  EXPECT_EQ(file.pieces.at(0).channels, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(error_of("acc_x\n1\n", {.channels = {"acx_x"}}).try_this, "did you mean 'acc_x'?");
  EXPECT_EQ(error_of("a,b\n1,2\n", {.channel_names = {"x"}}).code, "import.channel_names");
}

TEST(ImportCsv, TimeTellsTheRateAndIsNoChannel) {
  std::string text = "time,a\n";
  for (int i = 0; i < 20; ++i)
    text += std::to_string(i * 10) + "," + std::to_string(i) + "\n";
  const FileImport file = read(text);
  EXPECT_EQ(file.pieces.at(0).channels.size(), 1u);
  EXPECT_EQ(std::round(file.pieces.at(0).rate_hz * 1000) / 1000, 100);
}

TEST(ImportCsv, WithoutTimeOrRateNothingIsGuessed) {
  std::string text = "a\n1\n2\n";
  EXPECT_THROW(import_csv(text, "f.csv", {}), Error);
}

TEST(ImportCsv, AGapSplitsAndKeepsOrderValuesAndLabels) {
  std::string text = "time_ms,a,label\n";
  for (int i = 0; i < 200; ++i)
    text +=
        std::to_string(i * 10 + (i >= 100 ? 500 : 0)) + "," + std::to_string(i) + "," + (i < 150 ? "x" : "y") + "\n";
  const FileImport file = read(text);
  EXPECT_EQ(file.gaps, 1);
  ASSERT_EQ(file.pieces.size(), 2u);
  EXPECT_EQ(file.pieces[0].samples.size(), 100u);
  EXPECT_EQ(file.pieces[1].samples.front(), 100.0f);
  EXPECT_EQ(file.pieces[1].labels.at(1).from, 50);
}

TEST(ImportCsv, CountsMustBeSixteenBitIntegers) {
  EXPECT_EQ(samples("a\n-32768\n32767\n", {.counts = true}), (std::vector<float>{-32768, 32767}));
  EXPECT_EQ(error_of("a\n1\n32768\n", {.counts = true}).code, "import.not_a_count");
  EXPECT_EQ(error_of("a\n1\n1.5\n", {.counts = true}).code, "import.not_a_count");
  EXPECT_EQ(error_of("a\n1\nnan\n", {.counts = true}).code, "import.not_a_count");
}

TEST(ImportCsv, BinaryFilesAreNoTables) {
  EXPECT_EQ(error_of(std::string("a\0b", 3)).code, "import.not_text");
  EXPECT_EQ(error_of("\xFF\xFE"
                     "a")
                .code,
            "import.not_text");
}

TEST(ImportCsv, NothingButAHeaderIsSkipped) {
  EXPECT_TRUE(read("a,b\n").pieces.empty());
  EXPECT_TRUE(read("").pieces.empty());
  EXPECT_EQ(read("\n\n").skipped.size(), 1u);
}

}  // namespace
}  // namespace edgesmith::dataset
