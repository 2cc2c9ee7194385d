#include "host/train/to_graph.h"

#include <cstring>

namespace edgesmith::train {
namespace {

using ir::OpKind;

/// Appends operators one behind the other.
class GraphBuilder {
 public:
  explicit GraphBuilder(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  void input(std::vector<std::int64_t> shape) {
    current_ = activation("input", std::move(shape));
    graph_.inputs = {current_};
  }
  ir::Attributes& op(OpKind kind, const std::string& name, std::vector<std::int64_t> output_shape,
                     const std::vector<ir::TensorId>& constants = {}) {
    std::vector<ir::TensorId> inputs = {current_};
    inputs.insert(inputs.end(), constants.begin(), constants.end());
    current_ = activation(name, std::move(output_shape));
    graph_.ops.push_back({kind, std::move(inputs), {current_}, {}, name});
    return graph_.ops.back().attributes;
  }
  std::vector<ir::TensorId> constants(const LayerSpec& layer) {
    std::vector<ir::TensorId> ids;
    for (const ParameterSpec& parameter : parameters_of(layer))
      ids.push_back(constant(checkpoint_.at(parameter.name, parameter.shape)));
    return ids;
  }
  std::vector<std::int64_t> shape() const {
    return graph_.tensor(current_).shape;
  }
  ir::Graph finish() {
    graph_.outputs = {current_};
    return std::move(graph_);
  }

 private:
  ir::TensorId activation(const std::string& name, std::vector<std::int64_t> shape) {
    return graph_.add({name, ir::DType::f32, std::move(shape), {}, {}});
  }
  ir::TensorId constant(const NamedTensor& tensor) {
    std::vector<std::uint8_t> data(tensor.values.size() * sizeof(float));
    std::memcpy(data.data(), tensor.values.data(), data.size());
    return graph_.add({tensor.name, ir::DType::f32, tensor.shape, {}, std::move(data)});
  }

  const Checkpoint& checkpoint_;
  ir::Graph graph_;
  ir::TensorId current_ = ir::kNoTensor;
};

void pad(ir::Attributes& attributes, int kernel) {
  attributes.pad_left = pad_left(kernel);
  attributes.pad_right = kernel - 1 - attributes.pad_left;
}

/// Weights, then the bias or its absence.
std::vector<ir::TensorId> weights_and_bias(GraphBuilder& builder, const LayerSpec& layer) {
  std::vector<ir::TensorId> ids = builder.constants(layer);
  ids.resize(2, ir::kNoTensor);
  return ids;
}

void append(GraphBuilder& builder, const LayerSpec& layer) {
  const std::vector<std::int64_t> image = {1, 1, layer.output_width, layer.output_channels};
  const std::vector<std::int64_t> row = {1, layer.output_channels};
  switch (layer.kind) {
    case LayerKind::conv1d:
      pad(builder.op(OpKind::conv2d, layer.name, image, weights_and_bias(builder, layer)), layer.kernel);
      break;
    case LayerKind::depthwise_conv1d:
      pad(builder.op(OpKind::depthwise_conv2d, layer.name, image, weights_and_bias(builder, layer)), layer.kernel);
      break;
    case LayerKind::dense:
      builder.op(OpKind::fully_connected, layer.name, row, weights_and_bias(builder, layer));
      break;
    case LayerKind::batch_norm:
      builder.op(OpKind::batch_norm, layer.name, builder.shape(), builder.constants(layer)).epsilon = kBatchNormEpsilon;
      break;
    case LayerKind::relu:
      builder.op(OpKind::relu, layer.name, builder.shape());
      break;
    case LayerKind::max_pool: {
      ir::Attributes& attributes = builder.op(OpKind::max_pool2d, layer.name, image);
      attributes.filter_h = 1;
      attributes.filter_w = attributes.stride_w = layer.kernel;
      break;
    }
    case LayerKind::global_average_pool:
      builder.op(OpKind::mean, layer.name, row).axes = {1, 2};
      break;
    case LayerKind::flatten:
      builder.op(OpKind::reshape, layer.name, row);
      break;
    case LayerKind::dropout:
      break;
  }
}

}  // namespace

ir::Graph to_graph(const std::vector<LayerSpec>& layers, const InputShape& input, int classes,
                   const Checkpoint& checkpoint) {
  GraphBuilder builder(checkpoint);
  if (layers.front().kind == LayerKind::dense) {
    builder.input({1, input.elems()});
  } else {
    builder.input({1, input.height, input.width, input.channels});
  }
  for (const LayerSpec& layer : layers)
    append(builder, layer);
  builder.op(OpKind::softmax, "scores", {1, classes});
  return builder.finish();
}

}  // namespace edgesmith::train
