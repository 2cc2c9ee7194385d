#include "host/base/text.h"

#include <gtest/gtest.h>

#include "host/base/error.h"

namespace edgesmith {
namespace {

TEST(Nearest, FindsInsertionDropChangeAndSwap) {
  const std::vector<std::string> words = {"channels", "include", "rate_hz"};
  EXPECT_EQ(nearest("chanels", words), "channels");
  EXPECT_EQ(nearest("inlcude", words), "include");
  EXPECT_EQ(nearest("rate_hx", words), "rate_hz");
  EXPECT_EQ(nearest("RATE_HZ", words), "rate_hz");
}

TEST(Nearest, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest("walking", {"sitting", "up"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Nearest, OfSeveralTakesTheFirstThatNeedsFewestEdits) {
  EXPECT_EQ(nearest("tapp", {"trap", "tap", "taps"}), "tap");
}

TEST(GlobMatch, StarStaysInsideAFolder) {
  EXPECT_TRUE(glob_match("s*/*_sw.csv", "s01/s01_01_sw.csv"));
  EXPECT_FALSE(glob_match("s*/x", "s01/x/y"));
  EXPECT_FALSE(glob_match("a/*", "a/b/c"));
  EXPECT_TRUE(glob_match("a/**", "a/b/c"));
  EXPECT_TRUE(glob_match("**/c", "c"));
  EXPECT_TRUE(glob_match("**/c", "a/b/c"));
  EXPECT_FALSE(glob_match("**/c", "a/bc"));
}

TEST(GlobMatch, WithoutASlashTheNameAloneCounts) {
  EXPECT_TRUE(glob_match("*_sw*", "s01/s01_01_sw.csv.gz"));
  EXPECT_FALSE(glob_match("*_sw*", "a_sw/x.csv"));
}

TEST(GlobMatch, QuestionMarkIsOneCharacterButNoSlash) {
  EXPECT_TRUE(glob_match("a?c", "abc"));
  EXPECT_FALSE(glob_match("a?c", "ac"));
  EXPECT_FALSE(glob_match("x/a?c", "x/a/c"));
}

TEST(GlobMatch, BracketsAreOneOfTheirCharacters) {
  EXPECT_TRUE(glob_match("s0[12].csv", "s01.csv"));
  EXPECT_FALSE(glob_match("s0[12].csv", "s03.csv"));
  EXPECT_FALSE(glob_match("s0[12].csv", "s0.csv"));
  EXPECT_TRUE(glob_match("s[0-2]/*[a-c]", "s1/walk_b"));
  EXPECT_FALSE(glob_match("s[0-2]/*[a-c]", "s1/walk_d"));
  EXPECT_TRUE(glob_match("[!a]*", "b.csv"));
  EXPECT_FALSE(glob_match("[!a]*", "a.csv"));
  EXPECT_FALSE(glob_match("x[!a]y", "x/y")) << "never a slash";
  EXPECT_TRUE(glob_match("x[a-]", "x-")) << "a dash at the end is one";
  EXPECT_TRUE(glob_match("x[]]", "x]"));
  EXPECT_TRUE(glob_match("x[1", "x[1")) << "nothing closes it";
  EXPECT_FALSE(glob_match("x[12]", "x"));
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join({}), "");
  EXPECT_EQ(join({"a"}), "a");
  EXPECT_EQ(join({"a", "b"}, "/"), "a/b");
}

TEST(ErrorText, SaysWhereWhatExpectedFoundAndTry) {
  EXPECT_EQ(to_text({.code = "c", .what = "w", .where = "f:1", .expected = "e", .found = "g", .try_this = "t"}),
            "f:1: w\n    expected e, found g;  try: t");
  EXPECT_EQ(to_text({.what = "w", .try_this = "t"}), "w\n    try: t");
  EXPECT_EQ(to_text({.what = "w"}), "w");
}

}  // namespace
}  // namespace edgesmith
