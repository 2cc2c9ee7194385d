#include "host/train/initial.h"

#include <cmath>

#include "host/base/random.h"

namespace edgesmith::train {
namespace {

std::size_t elems_of(const ParameterSpec& parameter) {
  std::int64_t elems = 1;
  for (const std::int64_t extent : parameter.shape)
    elems *= extent;
  return static_cast<std::size_t>(elems);
}

int fan_in(const LayerSpec& layer) {
  return layer.kind == LayerKind::depthwise_conv1d ? layer.kernel : layer.kernel * layer.input_channels;
}

float constant_start(const std::string& name) {
  return name.ends_with(".gamma") || name.ends_with(".variance") ? 1.0f : 0.0f;
}

}  // namespace

Checkpoint initial_weights(const std::vector<LayerSpec>& layers, std::uint64_t seed) {
  Random random(seed, kInitialWeights);
  Checkpoint checkpoint;
  for (const LayerSpec& layer : layers) {
    const double gain = &layer == &layers.back() ? 1 : 6;
    const auto bound = static_cast<float>(std::sqrt(gain / fan_in(layer)));
    for (const ParameterSpec& parameter : parameters_of(layer)) {
      std::vector<float> values(elems_of(parameter), constant_start(parameter.name));
      if (parameter.decayed) {
        for (float& value : values)
          value = (2 * random.uniform() - 1) * bound;
      }
      checkpoint.tensors.push_back({parameter.name, parameter.shape, std::move(values)});
    }
  }
  return checkpoint;
}

}  // namespace edgesmith::train
