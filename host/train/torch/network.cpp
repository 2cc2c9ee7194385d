// Tensors are 4-D [windows][channels][1][width] as libtorch wants them, but lie in memory as
// [windows][width][channels]: so features, checkpoint and exported graph share one order, and oneDNN's channels-last
// kernels, twice as fast here, take them as they are. Parameters are views of the checkpoint's memory in the same
// manner. A dense layer is a convolution with one tap: libtorch's own goes through the system's BLAS, seven times
// slower where that is the reference BLAS.
#include "host/train/torch/network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

namespace edgesmith::train {
namespace {

using at::Tensor;

/// Memory in the order [a][b][c][d] seen as [a][d][b][c].
Tensor channels_second(float* data, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  return at::from_blob(data, {a, b, c, d}).permute({0, 3, 1, 2});
}

Tensor view_of(NamedTensor& tensor, const LayerSpec& layer) {
  const std::vector<std::int64_t>& s = tensor.shape;
  float* data = tensor.values.data();
  if (s.size() == 1) return at::from_blob(data, s);
  if (layer.kind == LayerKind::dense) return channels_second(data, s[0], 1, 1, s[1]);
  if (layer.kind == LayerKind::depthwise_conv1d) return at::from_blob(data, s).permute({3, 0, 1, 2});
  return channels_second(data, s[0], s[1], s[2], s[3]);
}

/// Zeros around the width, so that a convolution keeps it; symmetric padding is left to the convolution itself.
Tensor padded(const Tensor& x, int kernel) {
  return kernel % 2 == 1 ? x : at::constant_pad_nd(x, {pad_left(kernel), kernel - 1 - pad_left(kernel)});
}

Tensor convolve(const Tensor& x, const LayerSpec& layer, const Tensor& weight, const Tensor& bias) {
  const std::int64_t groups = layer.kind == LayerKind::depthwise_conv1d ? layer.input_channels : 1;
  const std::int64_t pad = layer.kernel % 2 == 1 ? layer.kernel / 2 : 0;
  return at::conv2d(padded(x, layer.kernel), weight, bias, 1, at::IntArrayRef({0, pad}), 1, groups);
}

/// Zeros with probability `rate`; what stays grows, so that sums keep their expectation.
Tensor dropout_mask(const Tensor& x, double rate, Random& random) {
  Tensor mask = at::empty_like(x);
  const auto kept = static_cast<float>(1 / (1 - rate));
  const std::span<float> values(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()));
  for (float& value : values)
    value = double{random.uniform()} < rate ? 0.0f : kept;
  return mask;
}

Tensor labels_tensor(std::span<const std::int32_t> labels) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(labels.size())}, at::kLong);
  std::copy(labels.begin(), labels.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

}  // namespace

void use_this_thread_alone() {
  at::set_num_threads(1);
  at::globalContext().setDeterministicAlgorithms(true, false);
}

struct Network::Parts {
  std::vector<LayerSpec> layers;
  InputShape input;
  std::vector<Tensor> tensors;      // as in the checkpoint; statistics are copies
  std::vector<std::size_t> firsts;  // per layer: its first tensor

  Tensor window_tensor(std::span<float> features) const {
    const auto windows = static_cast<std::int64_t>(features.size()) / input.elems();
    return channels_second(features.data(), windows, input.height, input.width, input.channels);
  }

  /// Logits [windows][classes]. `random` is null when the network is in use rather than trained.
  Tensor forward(Tensor x, Random* random) const {
    for (std::size_t i = 0; i < layers.size(); ++i)
      x = apply(layers[i], firsts[i], x, random);
    return x.flatten(1);
  }

  Tensor apply(const LayerSpec& layer, std::size_t first, const Tensor& x, Random* random) const {
    switch (layer.kind) {
      case LayerKind::conv1d:
      case LayerKind::depthwise_conv1d:
      case LayerKind::dense:
        return convolve(x, layer, tensors[first], layer.bias ? tensors[first + 1] : Tensor());
      case LayerKind::batch_norm:
        return at::batch_norm(x, tensors[first], tensors[first + 1], tensors[first + 2], tensors[first + 3],
                              random != nullptr, 0.1, double{kBatchNormEpsilon}, false);
      case LayerKind::relu:
        return at::relu(x);
      case LayerKind::max_pool:
        return at::max_pool2d(x, {1, layer.kernel}, {1, layer.kernel});
      case LayerKind::global_average_pool:
        return at::mean(x, {2, 3}, true);
      case LayerKind::flatten:
        return x.permute({0, 2, 3, 1}).reshape({x.size(0), layer.output_channels, 1, 1});
      case LayerKind::dropout:
        return random ? x * dropout_mask(x, layer.rate, *random) : x;
    }
    return x;
  }
};

Network::Network(std::vector<LayerSpec> layers, const InputShape& input, Checkpoint& weights)
    : parts_(std::make_unique<Parts>()) {
  parts_->layers = std::move(layers);
  parts_->input = input;
  for (const LayerSpec& layer : parts_->layers) {
    parts_->firsts.push_back(parts_->tensors.size());
    for (const ParameterSpec& parameter : parameters_of(layer)) {
      const Tensor view = view_of(weights.tensors[parts_->tensors.size()], layer);
      parts_->tensors.push_back(parameter.trained ? view.detach().requires_grad_(true) : view.clone());
    }
  }
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;

double Network::train(std::span<float> features, std::span<const std::int32_t> labels, const Loss& loss,
                      double total_weight, Random& random) {
  for (Tensor& tensor : parts_->tensors)
    tensor.mutable_grad() = Tensor();
  const Tensor logits = parts_->forward(parts_->window_tensor(features), &random);
  const Tensor class_weights = at::tensor(at::ArrayRef<float>(loss.class_weights));
  const Tensor sum = at::cross_entropy_loss(logits, labels_tensor(labels), class_weights, at::Reduction::Sum, -100,
                                            loss.label_smoothing);
  (sum / total_weight).backward();
  return sum.item<double>();
}

std::span<const float> Network::gradient(std::size_t index) const {
  const Tensor& gradient = parts_->tensors[index].grad();
  if (!gradient.defined()) return {};
  TORCH_CHECK(gradient.strides() == parts_->tensors[index].strides(), "gradient and parameter differ in layout");
  return {gradient.data_ptr<float>(), static_cast<std::size_t>(gradient.numel())};
}

std::span<float> Network::statistic(std::size_t index) {
  const Tensor& tensor = parts_->tensors[index];
  if (tensor.requires_grad()) return {};
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

void Network::scores(std::span<float> features, std::span<float> scores) {
  const at::NoGradGuard no_gradient;
  const Tensor probabilities = at::softmax(parts_->forward(parts_->window_tensor(features), nullptr), 1).contiguous();
  std::copy_n(probabilities.data_ptr<float>(), scores.size(), scores.data());
}

}  // namespace edgesmith::train
