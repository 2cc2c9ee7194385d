#include "host/train/initial.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace edgesmith::train {
namespace {

const auto kLayers = build_layers({.architecture = "cnn1d", .filters = {64}, .kernel = 3}, {1, 10, 2}, 2);

TEST(InitialWeights, FillTheRangeThatFanInAllows) {
  const Checkpoint start = initial_weights(kLayers, 7);
  const auto& conv = start.at("block1.conv.weight", {64, 1, 3, 2}).values;
  EXPECT_LE(*std::max_element(conv.begin(), conv.end()), 1.0f);  // sqrt(6 / (3 * 2))
  EXPECT_GT(*std::max_element(conv.begin(), conv.end()), 0.9f);
  EXPECT_GE(*std::min_element(conv.begin(), conv.end()), -1.0f);
  EXPECT_LT(*std::min_element(conv.begin(), conv.end()), -0.9f);
  const auto& output = start.at("output.weight", {2, 64}).values;
  EXPECT_LE(*std::max_element(output.begin(), output.end()), 0.125f);  // sqrt(1 / 64)
  EXPECT_GT(*std::max_element(output.begin(), output.end()), 0.11f);
}

TEST(InitialWeights, BatchNormStartsAsTheIdentity) {
  const Checkpoint start = initial_weights(kLayers, 7);
  EXPECT_EQ(start.at("block1.conv.norm.gamma", {64}).values, std::vector<float>(64, 1.0f));
  EXPECT_EQ(start.at("block1.conv.norm.variance", {64}).values, std::vector<float>(64, 1.0f));
  EXPECT_EQ(start.at("block1.conv.norm.beta", {64}).values, std::vector<float>(64, 0.0f));
  EXPECT_EQ(start.at("block1.conv.norm.mean", {64}).values, std::vector<float>(64, 0.0f));
  EXPECT_EQ(start.at("output.bias", {2}).values, std::vector<float>(2, 0.0f));
}

TEST(InitialWeights, FollowTheSeed) {
  EXPECT_EQ(encode_checkpoint(initial_weights(kLayers, 7)), encode_checkpoint(initial_weights(kLayers, 7)));
  EXPECT_NE(encode_checkpoint(initial_weights(kLayers, 7)), encode_checkpoint(initial_weights(kLayers, 8)));
}

}  // namespace
}  // namespace edgesmith::train
