#include "host/train/torch/network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/ir/interpreter.h"
#include "host/train/initial.h"
#include "host/train/to_graph.h"

namespace edgesmith::train {
namespace {

struct Case {
  NetworkConfig config;
  InputShape input;
};

const std::vector<Case> kCases = {
    {{.hidden = {8, 6}}, {1, 1, 10}},
    {{.hidden = {8}}, {1, 5, 3}},
    {{.architecture = "cnn1d", .filters = {4, 6}, .kernel = 5, .pool = 2}, {1, 13, 3}},
    {{.architecture = "cnn1d", .filters = {4, 6}, .kernel = 4, .pool = 1}, {1, 7, 2}},
    {{.architecture = "cnn1d", .filters = {4, 6, 5}, .kernel = 3, .pool = 2, .separable = true}, {1, 20, 3}},
};
constexpr int kClasses = 3;
constexpr std::size_t kWindows = 6;

std::vector<float> random_values(std::size_t n, Random& random) {
  std::vector<float> values(n);
  for (float& value : values)
    value = static_cast<float>(random.normal());
  return values;
}

/// Weights of a network that has already learned something: nothing is 0 or 1 any more.
Checkpoint random_weights(const std::vector<LayerSpec>& layers, Random& random) {
  Checkpoint weights = initial_weights(layers, 3);
  for (NamedTensor& tensor : weights.tensors) {
    for (float& value : tensor.values)
      value += 0.25f * random.uniform();
  }
  return weights;
}

std::vector<float> interpret(ir::Interpreter& interpreter, std::span<const float> window) {
  std::vector<std::uint8_t> bytes(window.size_bytes());
  std::memcpy(bytes.data(), window.data(), bytes.size());
  const std::vector<std::uint8_t> output = interpreter.run({bytes})[0];
  std::vector<float> scores(output.size() / sizeof(float));
  std::memcpy(scores.data(), output.data(), output.size());
  return scores;
}

TEST(Network, ScoresAsTheExportedGraphDoes) {
  use_this_thread_alone();
  for (const Case& c : kCases) {
    Random random(11);
    const auto layers = build_layers(c.config, c.input, kClasses);
    Checkpoint weights = random_weights(layers, random);
    Network network(layers, c.input, weights);
    const auto elems = static_cast<std::size_t>(c.input.elems());
    std::vector<float> features = random_values(kWindows * elems, random), scores(kWindows * kClasses);
    network.scores(features, scores);
    ir::Interpreter interpreter(to_graph(layers, c.input, kClasses, weights));
    for (std::size_t w = 0; w < kWindows; ++w) {
      const auto expected = interpret(interpreter, std::span(features).subspan(w * elems, elems));
      ASSERT_EQ(expected.size(), std::size_t{kClasses});
      for (std::size_t k = 0; k < kClasses; ++k)
        EXPECT_NEAR(scores[w * kClasses + k], expected[k], 1e-5f) << layers[0].name;  // libtorch sums in another order
    }
  }
}

/// The loss of a fresh network, divided as train() divides it before it goes back.
double loss_of(const std::vector<LayerSpec>& layers, const InputShape& input, Checkpoint& weights,
               std::vector<float>& features, const std::vector<std::int32_t>& labels, const Loss& loss) {
  Random random(1);
  return Network(layers, input, weights).train(features, labels, loss, 1, random);
}

TEST(Network, GradientIsTheSlopeOfTheLoss) {
  use_this_thread_alone();
  const Loss loss{{1, 2, 0.5f}, 0.1};
  const std::vector<std::int32_t> labels = {0, 1, 2, 1, 0, 2};
  for (const Case& c : kCases) {
    Random random(5);
    const auto layers = build_layers(c.config, c.input, kClasses);
    const auto parameters = parameters_of(layers);
    Checkpoint weights = random_weights(layers, random);
    std::vector<float> features = random_values(kWindows * static_cast<std::size_t>(c.input.elems()), random);
    Network network(layers, c.input, weights);
    Random unused(1);
    network.train(features, labels, loss, 2, unused);  // the gradient of half the sum
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto gradient = network.gradient(i);
      ASSERT_EQ(gradient.empty(), !parameters[i].trained);
      for (std::size_t k = 0; k < gradient.size(); k += 1 + gradient.size() / 7) {
        float& value = weights.tensors[i].values[k];
        const float centre = value, step = 2e-4f;
        value = centre + step;
        const double above = loss_of(layers, c.input, weights, features, labels, loss);
        value = centre - step;
        const double below = loss_of(layers, c.input, weights, features, labels, loss);
        value = centre;
        // A difference of float32 losses near 10 over a step of 4e-4 is good to about 1e-2; wider steps meet kinks.
        EXPECT_NEAR(2 * gradient[k], (above - below) / (2 * double{step}), 0.02 + 0.02 * std::abs(gradient[k]))
            << parameters[i].name << "[" << k << "]";
      }
    }
  }
}

TEST(Network, BatchNormFollowsTheData) {
  use_this_thread_alone();
  const NetworkConfig config{.architecture = "cnn1d", .filters = {1}, .kernel = 1, .pool = 1};
  const auto layers = build_layers(config, {1, 2, 1}, 2);
  Checkpoint weights = initial_weights(layers, 1);
  weights.tensors[0].values = {1};  // the convolution passes its input on
  Network network(layers, {1, 2, 1}, weights);
  std::vector<float> features = {1, 3, 5, 7};  // mean 4, unbiased variance 20 / 3
  Random random(1);
  network.train(features, std::vector<std::int32_t>{0, 1}, {{1, 1}, 0}, 2, random);
  ASSERT_EQ(parameters_of(layers)[3].name, "block1.conv.norm.mean");
  EXPECT_FLOAT_EQ(network.statistic(3)[0], 0.1f * 4);
  EXPECT_FLOAT_EQ(network.statistic(4)[0], 0.9f + 0.1f * 20 / 3);
  EXPECT_EQ(weights.tensors[3].values[0], 0);  // the shared weights stay as they are
}

TEST(Network, DropoutActsInTrainingOnly) {
  use_this_thread_alone();
  const auto layers = build_layers({.hidden = {64}, .dropout = 0.5}, {1, 1, 4}, 2);
  Checkpoint weights = initial_weights(layers, 1);
  Network network(layers, {1, 1, 4}, weights);
  std::vector<float> features = {1, 2, 3, 4}, first(2), second(2);
  const std::vector<std::int32_t> labels = {0};
  Random random(1);
  const double loss = network.train(features, labels, {{1, 1}, 0}, 1, random);
  EXPECT_NE(network.train(features, labels, {{1, 1}, 0}, 1, random), loss);
  network.scores(features, first);
  network.scores(features, second);
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace edgesmith::train
