// Damaged .onnx files, float and quantised: refused with a message, or run.

#include <gtest/gtest.h>

#include "fuzz/damage.h"
#include "host/convert/onnx/onnx.h"
#include "host/convert/onnx/sample_onnx.h"

namespace edgesmith::fuzz {
namespace {

void expect_survival(const Bytes& whole, std::uint32_t seed) {
  Random random(seed);
  int accepted = 0;
  for (int round = 0; round < rounds(); ++round)
    accepted += convert::fuzz_onnx(with_flipped_bits(whole, random));
  EXPECT_GT(accepted, 0);  // both ways were walked
  EXPECT_LT(accepted, rounds());
}

TEST(OnnxFuzz, TheWholeFilesRun) {
  EXPECT_TRUE(convert::fuzz_onnx(convert::sample_float_onnx().bytes()));
  EXPECT_TRUE(convert::fuzz_onnx(convert::sample_qdq_onnx().bytes()));
}

TEST(OnnxFuzz, SurvivesEveryTruncation) {
  for (const Bytes& whole : {convert::sample_float_onnx().bytes(), convert::sample_qdq_onnx().bytes()})
    for (std::size_t length = 0; length < whole.size(); ++length)
      convert::fuzz_onnx(cut(whole, length));
}

TEST(OnnxFuzz, SurvivesFlippedBitsInAFloatNetwork) {
  expect_survival(convert::sample_float_onnx().bytes(), 5);
}

TEST(OnnxFuzz, SurvivesFlippedBitsInAQuantisedNetwork) {
  expect_survival(convert::sample_qdq_onnx().bytes(), 6);
}

}  // namespace
}  // namespace edgesmith::fuzz
