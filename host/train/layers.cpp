#include "host/train/layers.h"

#include <utility>

#include "host/base/error.h"
#include "host/base/text.h"

namespace edgesmith::train {
namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& what, const std::string& expected,
                         const std::string& found, const std::string& try_this = "") {
  throw Error{{.code = "model.refused",
               .what = what,
               .where = "[model] " + key,
               .expected = expected,
               .found = found,
               .try_this = try_this}};
}

void require_positive(const std::string& key, const std::vector<int>& values) {
  for (const int value : values) {
    if (value < 1) refuse(key, "a layer needs a size of at least 1", "whole numbers from 1 on", std::to_string(value));
  }
}

/// Appends layers; each starts from the shape that the one before leaves.
class Builder {
 public:
  explicit Builder(const InputShape& input) : width_(input.width), channels_(input.channels) {}

  LayerSpec& add(LayerKind kind, std::string name, int output_width, int output_channels) {
    layers_.push_back({kind, std::move(name), width_, channels_, output_width, output_channels});
    width_ = output_width;
    channels_ = output_channels;
    return layers_.back();
  }
  LayerSpec& same(LayerKind kind, std::string name) {
    return add(kind, std::move(name), width_, channels_);
  }

  void flatten() {
    if (width_ > 1) add(LayerKind::flatten, "flatten", 1, width_ * channels_);
  }
  void dense(std::string name, int units) {
    add(LayerKind::dense, std::move(name), 1, units).bias = true;
  }
  void dropout(std::string name, double rate) {
    if (rate > 0) same(LayerKind::dropout, std::move(name)).rate = rate;
  }
  void normalised_relu(const std::string& name) {
    same(LayerKind::batch_norm, name + ".norm");
    same(LayerKind::relu, name + ".relu");
  }
  void convolution(const std::string& name, int filters, int kernel) {
    add(LayerKind::conv1d, name, width_, filters).kernel = kernel;
    normalised_relu(name);
  }
  void depthwise(const std::string& name, int kernel) {
    same(LayerKind::depthwise_conv1d, name).kernel = kernel;
    normalised_relu(name);
  }
  void max_pool(std::string name, int length) {
    if (length == 1) return;
    if (length > width_) {
      refuse("pool", "the window is shorter than the pooling of all blocks together",
             "at least " + std::to_string(length) + " values before '" + name + "'", std::to_string(width_),
             "fewer filters, a smaller pool, or a longer window");
    }
    add(LayerKind::max_pool, std::move(name), width_ / length, channels_).kernel = length;
  }

  std::vector<LayerSpec> take() {
    return std::move(layers_);
  }

 private:
  int width_, channels_;
  std::vector<LayerSpec> layers_;
};

void build_mlp(Builder& builder, const NetworkConfig& config) {
  require_positive("hidden", config.hidden);
  builder.flatten();
  for (std::size_t i = 0; i < config.hidden.size(); ++i) {
    const std::string name = "dense" + std::to_string(i + 1);
    builder.dense(name, config.hidden[i]);
    builder.same(LayerKind::relu, name + ".relu");
    builder.dropout(name + ".dropout", config.dropout);
  }
}

void build_cnn1d(Builder& builder, const NetworkConfig& config) {
  if (config.filters.empty()) refuse("filters", "a convolutional network needs a block", "[16, 32]", "[]");
  require_positive("filters", config.filters);
  require_positive("kernel", {config.kernel});
  require_positive("pool", {config.pool});
  for (std::size_t i = 0; i < config.filters.size(); ++i) {
    const std::string block = "block" + std::to_string(i + 1);
    if (config.separable && i > 0) {
      builder.depthwise(block + ".depthwise", config.kernel);
      builder.convolution(block + ".pointwise", config.filters[i], 1);
    } else {
      builder.convolution(block + ".conv", config.filters[i], config.kernel);
    }
    builder.max_pool(block + ".pool", config.pool);
  }
  builder.add(LayerKind::global_average_pool, "average", 1, config.filters.back());
  builder.dropout("dropout", config.dropout);
}

}  // namespace

std::vector<LayerSpec> build_layers(const NetworkConfig& config, const InputShape& input, int classes) {
  if (input.height != 1 || input.width < 1 || input.channels < 1) {
    refuse("architecture", "this network takes windows of values over time", "height 1, width and channels from 1 on",
           std::to_string(input.height) + "x" + std::to_string(input.width) + "x" + std::to_string(input.channels));
  }
  if (classes < 2) refuse("architecture", "nothing to tell apart", "at least 2 classes", std::to_string(classes));
  if (!(config.dropout >= 0 && config.dropout < 1)) {
    refuse("dropout", "no share of values that can be dropped", "0 to below 1", std::to_string(config.dropout));
  }
  Builder builder(input);
  if (config.architecture == "mlp") {
    build_mlp(builder, config);
  } else if (config.architecture == "cnn1d") {
    build_cnn1d(builder, config);
  } else {
    refuse("architecture", "there is no such network", "mlp or cnn1d", config.architecture,
           did_you_mean(config.architecture, {"mlp", "cnn1d"}));
  }
  builder.dense("output", classes);
  return builder.take();
}

std::vector<ParameterSpec> parameters_of(const LayerSpec& layer) {
  const std::int64_t in = layer.input_channels, out = layer.output_channels, kernel = layer.kernel;
  std::vector<ParameterSpec> parameters;
  switch (layer.kind) {
    case LayerKind::conv1d:
      parameters.push_back({layer.name + ".weight", {out, 1, kernel, in}, true, true});
      break;
    case LayerKind::depthwise_conv1d:
      parameters.push_back({layer.name + ".weight", {1, 1, kernel, out}, true, true});
      break;
    case LayerKind::dense:
      parameters.push_back({layer.name + ".weight", {out, in}, true, true});
      break;
    case LayerKind::batch_norm:
      parameters = {{layer.name + ".gamma", {out}},
                    {layer.name + ".beta", {out}},
                    {layer.name + ".mean", {out}, false},
                    {layer.name + ".variance", {out}, false}};
      break;
    case LayerKind::relu:
    case LayerKind::max_pool:
    case LayerKind::global_average_pool:
    case LayerKind::flatten:
    case LayerKind::dropout:
      break;
  }
  if (layer.bias) parameters.push_back({layer.name + ".bias", {out}});
  return parameters;
}

std::vector<ParameterSpec> parameters_of(const std::vector<LayerSpec>& layers) {
  std::vector<ParameterSpec> all;
  for (const LayerSpec& layer : layers) {
    for (ParameterSpec& parameter : parameters_of(layer))
      all.push_back(std::move(parameter));
  }
  return all;
}

std::int64_t trained_values(const LayerSpec& layer) {
  std::int64_t total = 0;
  for (const ParameterSpec& parameter : parameters_of(layer)) {
    std::int64_t elems = parameter.trained ? 1 : 0;
    for (const std::int64_t extent : parameter.shape)
      elems *= extent;
    total += elems;
  }
  return total;
}

std::int64_t macs(const LayerSpec& layer) {
  const std::int64_t outputs = std::int64_t{layer.output_width} * layer.output_channels;
  switch (layer.kind) {
    case LayerKind::conv1d:
      return outputs * layer.kernel * layer.input_channels;
    case LayerKind::depthwise_conv1d:
      return outputs * layer.kernel;
    case LayerKind::dense:
      return outputs * layer.input_channels;
    case LayerKind::batch_norm:
    case LayerKind::relu:
    case LayerKind::max_pool:
    case LayerKind::global_average_pool:
    case LayerKind::flatten:
    case LayerKind::dropout:
      return 0;
  }
  return 0;
}

}  // namespace edgesmith::train
