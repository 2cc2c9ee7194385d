#include "host/train/batches.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace edgesmith::train {

void shuffle(std::vector<std::uint32_t>& order, Random& random) {
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[random.below(static_cast<std::uint32_t>(left))]);
}

std::span<const std::uint32_t> part(std::span<const std::uint32_t> order, std::size_t index, std::size_t parts) {
  const std::size_t from = order.size() * index / parts;
  return order.subspan(from, order.size() * (index + 1) / parts - from);
}

void augment(std::span<float> window, double scale_jitter, double noise, Random& random) {
  if (scale_jitter > 0) {
    const auto factor = static_cast<float>(1 + scale_jitter * (2.0 * double{random.uniform()} - 1));
    for (float& value : window)
      value *= factor;
  }
  if (noise > 0) {
    for (float& value : window)
      value += static_cast<float>(noise * random.normal());
  }
}

std::vector<float> class_weights(const std::string& rule, std::span<const std::int32_t> labels, std::size_t classes) {
  if (rule == "none") return std::vector<float>(classes, 1.0f);
  std::vector<double> counts(classes, 0);
  for (const std::int32_t label : labels)
    ++counts[static_cast<std::size_t>(label)];
  const auto present = static_cast<double>(classes) - static_cast<double>(std::count(counts.begin(), counts.end(), 0));
  std::vector<float> weights;
  for (const double count : counts)
    weights.push_back(count == 0 ? 0.0f : static_cast<float>(static_cast<double>(labels.size()) / (present * count)));
  return weights;
}

double learning_rate(const std::string& schedule, double initial, int epoch, int epochs) {
  if (schedule == "constant") return initial;
  return initial * 0.5 * (1 + std::cos(std::numbers::pi * epoch / epochs));
}

}  // namespace edgesmith::train
