#include "host/train/checkpoint.h"

#include <gtest/gtest.h>

#include <limits>

#include "host/base/error.h"
#include "host/base/random.h"

namespace edgesmith::train {
namespace {

const Checkpoint kSmall{{{"a", {2, 1}, {1.5f, -2}}, {"b.bias", {1}, {0.25f}}, {"empty", {0, 7}, {}}}};

/// A file by hand: header text, then `data_bytes` zero bytes.
Bytes file(const std::string& header, std::size_t data_bytes) {
  const std::string length = static_cast<char>(header.size()) + std::string(7, '\0');
  const std::string text = length + header + std::string(data_bytes, '\0');
  return Bytes(text.begin(), text.end());
}

bool refused(const Bytes& bytes) {
  try {
    decode_checkpoint(bytes, "test");
    return false;
  } catch (const Error& error) {
    return error.text.code == "checkpoint.refused" && error.kind == ErrorKind::request;
  }
}

TEST(Checkpoint, IsASafetensorsFile) {
  const Bytes bytes = encode_checkpoint({{{"a", {2, 1}, {1.5f, -2}}}});
  const std::string header = R"({"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})";
  ASSERT_EQ(header.size(), 56u);  // a multiple of 8: no padding
  Bytes expected = file(header, 0);
  for (const int byte : {0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0})
    expected.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(bytes, expected);
}

TEST(Checkpoint, ReturnsWhatWasWritten) {
  const Checkpoint read = decode_checkpoint(encode_checkpoint(kSmall), "test");
  ASSERT_EQ(read.tensors.size(), kSmall.tensors.size());
  for (std::size_t i = 0; i < read.tensors.size(); ++i) {
    EXPECT_EQ(read.tensors[i].name, kSmall.tensors[i].name);
    EXPECT_EQ(read.tensors[i].shape, kSmall.tensors[i].shape);
    EXPECT_EQ(read.tensors[i].values, kSmall.tensors[i].values);
  }
}

TEST(Checkpoint, DataBeginsAtAMultipleOfEight) {
  EXPECT_EQ(encode_checkpoint(kSmall)[0] % 8, 0);
}

TEST(Checkpoint, TakesForeignOrderAndMetadata) {
  const Checkpoint read = decode_checkpoint(
      file(R"({"__metadata__":{"format":"pt"},"late":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
           R"("early":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
           8),
      "test");
  ASSERT_EQ(read.tensors.size(), 2u);
  EXPECT_EQ(read.tensors[0].name, "early");
}

TEST(Checkpoint, RefusesEveryTruncation) {
  const Bytes whole = encode_checkpoint(kSmall);
  for (std::size_t kept = 0; kept < whole.size(); ++kept)
    EXPECT_TRUE(refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept)))) << kept;
}

TEST(Checkpoint, SurvivesFlippedBits) {
  const Bytes whole = encode_checkpoint(kSmall);
  Random random(1);
  int refusals = 0;
  for (int i = 0; i < 5000; ++i) {
    Bytes bytes = whole;
    for (std::uint32_t flips = 1 + random.below(4); flips > 0; --flips)
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] ^= static_cast<std::uint8_t>(1u << random.below(8));
    refusals += refused(bytes);  // any other exception ends the test
  }
  EXPECT_GT(refusals, 2500);
}

TEST(Checkpoint, RefusesHeadersThatLie) {
  const auto tensor = [](const std::string& fields) { return "{\"a\":{" + fields + "}}"; };
  EXPECT_FALSE(refused(file(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F16","shape":[2],"data_offsets":[0,4])"), 4)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":7,"shape":[2],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("shape":[2],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,16])"), 8)));
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"), 8)));  // a gap
  EXPECT_TRUE(refused(file(tensor(R"("dtype":"F32","shape":[65536,65536,65536,65537],"data_offsets":[0,8])"), 8)));
  EXPECT_TRUE(refused(file("[1,2]", 0)));
  EXPECT_TRUE(refused(file("{", 0)));
  EXPECT_TRUE(refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                           R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                           4)));  // two in one place
}

TEST(Checkpoint, FindsTensorsByNameAndShape) {
  EXPECT_EQ(kSmall.at("b.bias", {1}).values, (std::vector<float>{0.25f}));
  EXPECT_THROW(kSmall.at("b.bias", {2}), Error);
  EXPECT_THROW(kSmall.at("c", {1}), Error);
  const Checkpoint infinite{{{"a", {1}, {std::numeric_limits<float>::infinity()}}}};
  EXPECT_THROW(infinite.at("a", {1}), Error);
}

}  // namespace
}  // namespace edgesmith::train
