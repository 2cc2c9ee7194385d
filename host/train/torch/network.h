#pragma once
// The network as libtorch computes it: forward, loss and gradient. libtorch stays behind this header.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/base/random.h"
#include "host/train/checkpoint.h"
#include "host/train/layers.h"

namespace edgesmith::train {

struct Loss {
  std::vector<float> class_weights;
  double label_smoothing = 0;
};

/// Must be called once in every thread that uses a Network: computes in that thread alone, and only by deterministic
/// means. Small networks gain nothing from threads inside an operator, and lose much on a busy machine.
void use_this_thread_alone();

/// One replica. Weights are read from the checkpoint that all replicas share and an optimiser changes between calls;
/// batch norm's mean and variance are each replica's own.
class Network {
 public:
  /// `weights` has initial_weights()' tensors and outlives the network, which never writes it.
  Network(std::vector<LayerSpec> layers, const InputShape& input, Checkpoint& weights);
  ~Network();
  Network(Network&&) noexcept;

  /// The cross entropy of these windows, weighted by class and summed; leaves the gradient of that sum over
  /// `total_weight`. Dropout draws from `random`.
  /// features [windows][elems], labels [windows], at least one window
  double train(std::span<float> features, std::span<const std::int32_t> labels, const Loss& loss, double total_weight,
               Random& random);

  /// Gradient of tensor `index` of the checkpoint after train(); empty for those that are not trained.
  std::span<const float> gradient(std::size_t index) const;

  /// This replica's mean or variance; empty for tensors that are trained.
  std::span<float> statistic(std::size_t index);

  /// Probabilities as in use: no dropout, batch norm by its statistics.
  /// features [windows][elems], scores [windows][classes]
  void scores(std::span<float> features, std::span<float> scores);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace edgesmith::train
