// Hashes, random numbers and arrays: values from their specifications and from NumPy's format description.
#include <gtest/gtest.h>

#include <fstream>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/npy.h"
#include "host/base/random.h"
#include "host/base/test_folder.h"

namespace edgesmith {
namespace {

TEST(Sha256, GivesTheStandardsExamples) {  // FIPS 180-2, appendix B.1, and the empty text
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(HashBuilder, PartsDoNotRunTogether) {
  EXPECT_NE(HashBuilder().add("ab").add("c").hex(), HashBuilder().add("a").add("bc").hex());
  EXPECT_EQ(HashBuilder().hex(), sha256(""));
}

TEST(Random, IsThePublishedPcg32) {  // first outputs of the reference program for seed 42, stream 54
  Random random(42, 54);
  for (const std::uint32_t expected : {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu})
    EXPECT_EQ(random.next(), expected);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(1);
  double sum = 0, squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_LT(sum / kDraws * (sum / kDraws), 1e-4);  // three standard errors are 0.0095
  EXPECT_NEAR(squares / kDraws, 1, 0.02);          // and 0.013
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
  Random random(7);
  int seen[3] = {};
  for (int i = 0; i < 300; ++i)
    ++seen[random.below(3)];
  for (const int count : seen)
    EXPECT_GT(count, 60);
}

TEST(Npy, HasNumPysBytes) {  // np.save of np.array([[1, 2, 3], [4, 5, 6]], np.int8), written down by hand
  const TestFolder folder;
  write_npy(folder / "a.npy", {"i1", {2, 3}, {1, 2, 3, 4, 5, 6}});
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }";
  expected.append(127 - expected.size(), ' ');
  expected += "\n\x01\x02\x03\x04\x05\x06";
  EXPECT_EQ(read_text(folder / "a.npy"), expected);
}

TEST(Npy, ReadsBackEveryShape) {
  const TestFolder folder;
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{}, {2}, {0, 4}, {1, 2}}) {
    NpyArray array{"f4", shape, {}};
    std::int64_t elems = 1;
    for (const std::int64_t extent : shape)
      elems *= extent;
    array.bytes.assign(static_cast<std::size_t>(elems) * 4, 0x3f);
    write_npy(folder / "a.npy", array);
    const NpyArray back = read_npy(folder / "a.npy");
    EXPECT_EQ(back.dtype, "f4");
    EXPECT_EQ(back.shape, shape);
    EXPECT_EQ(back.bytes, array.bytes);
  }
}

TEST(Npy, RefusesWhatItDoesNotTakeAndEveryTruncation) {
  const TestFolder folder;
  write_npy(folder / "a.npy", {"i2", {3}, {1, 0, 2, 0, 3, 0}});
  const std::string good = read_text(folder / "a.npy");
  for (std::size_t kept = 0; kept < good.size(); ++kept) {
    std::ofstream(folder / "b.npy", std::ios::binary) << good.substr(0, kept);  // unsynced: 134 files
    EXPECT_THROW(read_npy(folder / "b.npy"), Error) << kept;
  }
  std::string doubles = good;
  doubles.replace(doubles.find("<i2"), 3, "<f8");
  write_text(folder / "c.npy", doubles);
  EXPECT_THROW(read_npy(folder / "c.npy"), Error);
  std::string huge = good;
  huge.replace(huge.find("(3,)"), 4, "(9223372036854775807, 9223372036854775807)");
  write_text(folder / "d.npy", huge);
  EXPECT_THROW(read_npy(folder / "d.npy"), Error);
}

}  // namespace
}  // namespace edgesmith
