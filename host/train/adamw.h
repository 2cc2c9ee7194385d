#pragma once
// AdamW: Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019).

#include <span>
#include <vector>

namespace edgesmith::train {

struct AdamWConfig {
  double weight_decay = 0;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

class AdamW {
 public:
  explicit AdamW(const AdamWConfig& config) : config_(config) {}

  /// Registers a tensor; `values` stays the caller's memory. Returns its index, counted from 0.
  std::size_t add(std::span<float> values, bool decayed);

  /// Begins a step for all tensors; then update() each of them once.
  ///   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g g
  ///   w = w (1 - rate decay) - rate m' / (sqrt(v') + epsilon),   m' and v' freed of their bias to zero
  void begin_step(double learning_rate);
  void update(std::size_t index, std::span<const float> gradient);

 private:
  struct Slot {
    std::span<float> values;
    bool decayed;
    std::vector<float> first, second;  // moments
  };

  AdamWConfig config_;
  std::vector<Slot> slots_;
  double learning_rate_ = 0;
  double beta1_power_ = 1, beta2_power_ = 1;  // beta to the number of steps
};

}  // namespace edgesmith::train
