#pragma once
// Where training starts from: values drawn by our own generator, so that a seed means the same start on every machine.

#include <cstdint>
#include <vector>

#include "host/train/checkpoint.h"
#include "host/train/layers.h"

namespace edgesmith::train {

/// Weights uniform in +- sqrt(6 / fan_in), which keeps the variance through ReLUs (He et al. 2015); the output layer's
/// in +- sqrt(1 / fan_in), so that the first scores are near equal. Biases, means and betas 0, gammas and variances 1.
Checkpoint initial_weights(const std::vector<LayerSpec>& layers, std::uint64_t seed);

/// Streams of Random that a training draws from; the augmentation of shard s draws from kAugmentation + s.
enum RandomStream : std::uint64_t { kInitialWeights = 0, kShuffle = 1, kAugmentation = 16 };

}  // namespace edgesmith::train
