#pragma once
// Which windows a step sees, and how they are varied.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/base/random.h"

namespace edgesmith::train {

/// A new order of 0..order.size()-1 (Fisher-Yates).
void shuffle(std::vector<std::uint32_t>& order, Random& random);

/// Part `index` of `order`, cut into `parts` pieces whose lengths differ by one at most.
std::span<const std::uint32_t> part(std::span<const std::uint32_t> order, std::size_t index, std::size_t parts);

/// Varies one window in place: all its values times one factor in 1 +- scale_jitter, then noise for each value.
void augment(std::span<float> window, double scale_jitter, double noise, Random& random);

/// Weight of each class in the loss; "balanced": windows / (classes that occur * windows of the class), 0 for a class
/// without windows.
std::vector<float> class_weights(const std::string& rule, std::span<const std::int32_t> labels, std::size_t classes);

/// Learning rate of an epoch, counted from 0; "cosine" falls from `initial` towards 0.
double learning_rate(const std::string& schedule, double initial, int epoch, int epochs);

}  // namespace edgesmith::train
