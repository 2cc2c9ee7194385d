#include "host/train/layers.h"

#include <gtest/gtest.h>

#include "host/base/error.h"

namespace edgesmith::train {
namespace {

std::vector<std::string> names(const std::vector<LayerSpec>& layers) {
  std::vector<std::string> all;
  for (const LayerSpec& layer : layers)
    all.push_back(layer.name);
  return all;
}

std::int64_t total(const std::vector<LayerSpec>& layers, std::int64_t (*count)(const LayerSpec&)) {
  std::int64_t sum = 0;
  for (const LayerSpec& layer : layers)
    sum += count(layer);
  return sum;
}

std::string refusal(const NetworkConfig& config, const InputShape& input, int classes) {
  try {
    build_layers(config, input, classes);
  } catch (const Error& error) {
    return error.text.where;
  }
  return "accepted";
}

TEST(Layers, MlpOnFeatureVectorNeedsNoFlatten) {
  const auto layers = build_layers({.hidden = {8, 4}}, {1, 1, 10}, 3);
  EXPECT_EQ(names(layers), (std::vector<std::string>{"dense1", "dense1.relu", "dense2", "dense2.relu", "output"}));
  // (10 + 1) * 8 + (8 + 1) * 4 + (4 + 1) * 3
  EXPECT_EQ(total(layers, trained_values), 139);
  EXPECT_EQ(total(layers, macs), 10 * 8 + 8 * 4 + 4 * 3);
}

TEST(Layers, MlpOnWindowFlattensFirst) {
  const auto layers = build_layers({.hidden = {}, .dropout = 0.5}, {1, 20, 3}, 2);
  ASSERT_EQ(names(layers), (std::vector<std::string>{"flatten", "output"}));
  EXPECT_EQ(layers[1].input_channels, 60);
}

TEST(Layers, DropoutFollowsEveryHiddenLayer) {
  const auto layers = build_layers({.hidden = {8}, .dropout = 0.25}, {1, 1, 10}, 3);
  EXPECT_EQ(names(layers), (std::vector<std::string>{"dense1", "dense1.relu", "dense1.dropout", "output"}));
  EXPECT_EQ(layers[2].rate, 0.25);
}

TEST(Layers, CnnHalvesTheWidthPerBlockAndDropsTheOddSample) {
  const auto layers = build_layers({.architecture = "cnn1d", .filters = {4, 8}, .kernel = 5, .pool = 2}, {1, 13, 6}, 3);
  EXPECT_EQ(names(layers), (std::vector<std::string>{"block1.conv", "block1.conv.norm", "block1.conv.relu",
                                                     "block1.pool", "block2.conv", "block2.conv.norm",
                                                     "block2.conv.relu", "block2.pool", "average", "output"}));
  EXPECT_EQ(layers[3].output_width, 6);
  EXPECT_EQ(layers[7].output_width, 3);
  // 4*5*6 + 2*4  +  8*5*4 + 2*8  +  (8 + 1)*3
  EXPECT_EQ(total(layers, trained_values), 128 + 176 + 27);
  EXPECT_EQ(total(layers, macs), 13 * 4 * 5 * 6 + 6 * 8 * 5 * 4 + 8 * 3);
}

TEST(Layers, SeparableSplitsFromTheSecondBlockOn) {
  const auto layers = build_layers(
      {.architecture = "cnn1d", .filters = {4, 8}, .kernel = 3, .pool = 1, .separable = true}, {1, 10, 2}, 2);
  EXPECT_EQ(names(layers),
            (std::vector<std::string>{"block1.conv", "block1.conv.norm", "block1.conv.relu", "block2.depthwise",
                                      "block2.depthwise.norm", "block2.depthwise.relu", "block2.pointwise",
                                      "block2.pointwise.norm", "block2.pointwise.relu", "average", "output"}));
  EXPECT_EQ(macs(layers[3]), 10 * 3 * 4);
  EXPECT_EQ(macs(layers[6]), 10 * 4 * 8);
  EXPECT_EQ(parameters_of(layers[3])[0].shape, (std::vector<std::int64_t>{1, 1, 3, 4}));
}

TEST(Layers, OnlyWeightsDecayAndStatisticsAreNotTrained) {
  const auto layers = build_layers({.architecture = "cnn1d", .filters = {4}}, {1, 10, 2}, 2);
  std::vector<std::string> decayed, untrained;
  for (const ParameterSpec& parameter : parameters_of(layers)) {
    if (parameter.decayed) decayed.push_back(parameter.name);
    if (!parameter.trained) untrained.push_back(parameter.name);
  }
  EXPECT_EQ(decayed, (std::vector<std::string>{"block1.conv.weight", "output.weight"}));
  EXPECT_EQ(untrained, (std::vector<std::string>{"block1.conv.norm.mean", "block1.conv.norm.variance"}));
}

TEST(Layers, PadsAsWideAsTheInput) {
  EXPECT_EQ(pad_left(5), 2);
  EXPECT_EQ(pad_left(4), 1);
  EXPECT_EQ(pad_left(1), 0);
}

TEST(Layers, RefusesWhatCannotBeBuiltAndNamesTheKey) {
  EXPECT_EQ(refusal({.architecture = "rnn"}, {1, 1, 4}, 2), "[model] architecture");
  EXPECT_EQ(refusal({.hidden = {8, 0}}, {1, 1, 4}, 2), "[model] hidden");
  EXPECT_EQ(refusal({.dropout = 1}, {1, 1, 4}, 2), "[model] dropout");
  EXPECT_EQ(refusal({.architecture = "cnn1d", .filters = {}}, {1, 9, 4}, 2), "[model] filters");
  EXPECT_EQ(refusal({.architecture = "cnn1d", .kernel = 0}, {1, 9, 4}, 2), "[model] kernel");
  EXPECT_EQ(refusal({.architecture = "cnn1d", .filters = {4, 4, 4}, .pool = 4}, {1, 16, 4}, 2), "[model] pool");
  EXPECT_EQ(refusal({}, {2, 8, 4}, 2), "[model] architecture");
  EXPECT_EQ(refusal({}, {1, 8, 4}, 1), "[model] architecture");
}

}  // namespace
}  // namespace edgesmith::train
