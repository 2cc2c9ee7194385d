#include "host/train/adamw.h"

#include <cmath>

namespace edgesmith::train {

std::size_t AdamW::add(std::span<float> values, bool decayed) {
  slots_.push_back({values, decayed, std::vector<float>(values.size()), std::vector<float>(values.size())});
  return slots_.size() - 1;
}

void AdamW::begin_step(double learning_rate) {
  learning_rate_ = learning_rate;
  beta1_power_ *= config_.beta1;
  beta2_power_ *= config_.beta2;
}

void AdamW::update(std::size_t index, std::span<const float> gradient) {
  Slot& slot = slots_[index];
  const auto beta1 = static_cast<float>(config_.beta1), beta2 = static_cast<float>(config_.beta2);
  const auto keep = static_cast<float>(1 - (slot.decayed ? learning_rate_ * config_.weight_decay : 0));
  const auto rate = static_cast<float>(learning_rate_ / (1 - beta1_power_));
  const auto second_scale = static_cast<float>(1 / std::sqrt(1 - beta2_power_));
  const auto epsilon = static_cast<float>(config_.epsilon);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const float g = gradient[i];
    slot.first[i] = beta1 * slot.first[i] + (1 - beta1) * g;
    slot.second[i] = beta2 * slot.second[i] + (1 - beta2) * g * g;
    slot.values[i] =
        slot.values[i] * keep - rate * slot.first[i] / (std::sqrt(slot.second[i]) * second_scale + epsilon);
  }
}

}  // namespace edgesmith::train
