// Damaged .onnx files, float and quantised: refused with a message, or run.

#include <gtest/gtest.h>

#include <limits>

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

// A few numbers of the file, of those that say how large and where, replaced by ones that mean trouble.
convert::SampleOnnx with_hostile_numbers(convert::SampleOnnx sample, Random& random) {
  constexpr std::int64_t kHostile[] = {-(std::int64_t{1} << 62),
                                       -2,
                                       -1,
                                       0,
                                       1,
                                       2,
                                       3,
                                       7,
                                       65536,
                                       std::int64_t{1} << 31,
                                       std::numeric_limits<std::int64_t>::max()};
  const auto one_of = [&](int count) { return static_cast<int>(random.below(static_cast<std::uint32_t>(count))); };
  const auto hostile = [&] { return kHostile[one_of(static_cast<int>(std::size(kHostile)))]; };
  const auto spoil = [&](auto& list) {
    if (list.size() > 0) list.Set(one_of(list.size()), hostile());
  };
  convert::onnx_wire::Graph& graph = sample.graph();
  for (std::uint32_t times = 1 + random.below(3); times > 0; --times) {
    convert::onnx_wire::Node& node = *graph.mutable_node(one_of(graph.node_size()));
    convert::onnx_wire::Tensor& tensor = *graph.mutable_initializer(one_of(graph.initializer_size()));
    switch (random.below(6)) {
      case 0:
        if (node.attribute_size() > 0) spoil(*node.mutable_attribute(one_of(node.attribute_size()))->mutable_ints());
        break;
      case 1:
        if (node.attribute_size() > 0) node.mutable_attribute(one_of(node.attribute_size()))->set_i(hostile());
        break;
      case 2:
        spoil(*tensor.mutable_int64_data());
        break;
      case 3:
        spoil(*tensor.mutable_dims());
        break;
      case 4:
        node.set_input(one_of(node.input_size()), graph.node(one_of(graph.node_size())).output(0));
        break;
      default:
        graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(
            hostile());
    }
  }
  return sample;
}

TEST(OnnxFuzz, TheWholeFilesRun) {
  EXPECT_TRUE(convert::fuzz_onnx(convert::sample_moving_onnx().bytes()));
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

TEST(OnnxFuzz, SurvivesFlippedBitsInANetworkThatMovesElements) {
  expect_survival(convert::sample_moving_onnx().bytes(), 7);
}

TEST(OnnxFuzz, SurvivesHostileNumbers) {
  Random random(8);
  int accepted = 0;
  for (int round = 0; round < rounds(); ++round) {
    for (const convert::SampleOnnx& whole :
         {convert::sample_float_onnx(), convert::sample_qdq_onnx(), convert::sample_moving_onnx()})
      accepted += convert::fuzz_onnx(with_hostile_numbers(whole, random).bytes());
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 3 * rounds());
}

}  // namespace
}  // namespace edgesmith::fuzz
