#pragma once
// The layers of a network: the one list from which both the module that is trained and the graph that is exported are
// made.

#include <cstdint>
#include <string>
#include <vector>

namespace edgesmith::train {

/// Of one window: NHWC without the batch. A plain feature vector is 1 x 1 x elems.
struct InputShape {
  int height = 1, width = 1, channels = 1;
  std::int64_t elems() const {
    return std::int64_t{height} * width * channels;
  }
};

/// What [model] of a project says.
struct NetworkConfig {
  std::string architecture = "mlp";     // mlp | cnn1d
  std::vector<int> hidden = {32, 16};   // mlp: units per hidden layer; empty = a linear classifier
  std::vector<int> filters = {16, 32};  // cnn1d: per block: convolution, batch norm, ReLU, max pool
  int kernel = 5;                       // cnn1d: taps, zero-padded so that the width stays
  int pool = 2;                         // cnn1d: after every block; 1 = none
  bool separable = false;               // cnn1d: depthwise + pointwise from the second block on
  double dropout = 0;                   // mlp: after every hidden layer; cnn1d: before the output layer
};

enum class LayerKind {
  conv1d,
  depthwise_conv1d,
  batch_norm,
  relu,
  max_pool,
  global_average_pool,
  flatten,
  dense,
  dropout
};

/// One layer; its input and output are [width][channels].
struct LayerSpec {
  LayerKind kind;
  std::string name;  // unique; names of parameters and operators begin with it
  int input_width, input_channels;
  int output_width, output_channels;
  int kernel = 1;     // conv1d, depthwise_conv1d: taps; max_pool: length and stride
  bool bias = false;  // conv1d, dense; a convolution before a batch norm needs none
  double rate = 0;    // dropout
};

/// A tensor that belongs to a layer, in the layout of the graph's constants:
///   <conv1d>.weight            [out][1][kernel][in]
///   <depthwise_conv1d>.weight  [1][1][kernel][channels]
///   <dense>.weight             [out][in], columns in the order [width][channels]
///   <batch_norm>.gamma .beta .mean .variance, <conv1d>.bias, <dense>.bias   [out]
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  bool trained = true;   // false: batch norm's mean and variance, which follow the data
  bool decayed = false;  // weight decay pulls on it: weights, not biases
};

constexpr float kBatchNormEpsilon = 1e-3f;

/// The layers from the normalised input to the logits. Errors: an unknown architecture, sizes below 1, a dropout
/// outside [0, 1), more pooling than the window is long, an input with height, fewer than two classes.
std::vector<LayerSpec> build_layers(const NetworkConfig& config, const InputShape& input, int classes);

/// Tensors of one layer, and of all in order.
std::vector<ParameterSpec> parameters_of(const LayerSpec& layer);
std::vector<ParameterSpec> parameters_of(const std::vector<LayerSpec>& layers);

/// Zeros before the first sample such that the output is as wide as the input; kernel - 1 - this go behind the last.
constexpr int pad_left(int kernel) {
  return (kernel - 1) / 2;
}

/// Trained values of a layer, and multiply-accumulates for one window.
std::int64_t trained_values(const LayerSpec& layer);
std::int64_t macs(const LayerSpec& layer);

}  // namespace edgesmith::train
