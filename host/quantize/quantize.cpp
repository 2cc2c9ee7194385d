#include "host/quantize/quantize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "host/base/error.h"
#include "host/ir/verifier.h"
#include "host/quantize/scales.h"

namespace edgesmith::quantize {
namespace {

constexpr std::int32_t kMaxWeight = 127;
constexpr std::int32_t kMaxBias = 1 << 30;

bool can_quantize(ir::OpKind kind) {
  using ir::OpKind;
  constexpr OpKind kKinds[] = {OpKind::conv2d,     OpKind::depthwise_conv2d, OpKind::fully_connected,
                               OpKind::max_pool2d, OpKind::average_pool2d,   OpKind::mean,
                               OpKind::softmax,    OpKind::reshape};
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

void check_quantizable(const ir::Graph& graph, const Ranges& ranges) {
  if (ranges.size() != graph.tensors.size()) {
    throw Error{ErrorKind::defect,
                {.code = "quantize.ranges",
                 .what = "ranges of another network",
                 .where = graph.name,
                 .expected = std::to_string(graph.tensors.size()) + " ranges",
                 .found = std::to_string(ranges.size()),
                 .try_this = ""}};
  }
  for (const ir::Op& op : graph.ops) {
    if (can_quantize(op.kind)) continue;
    throw Error{{.code = "quantize.operator",
                 .what = std::string(ir::op_name(op.kind)) + " has no int8 form of its own",
                 .where = graph.name + ": '" + op.name + "'",
                 .expected = "a layer before it that it can be merged into, read by nobody else",
                 .found = "",
                 .try_this = "put it right behind a convolution or fully connected layer"}};
  }
  for (const ir::Tensor& tensor : graph.tensors) {
    if (tensor.dtype == ir::DType::f32) continue;
    throw Error{{.code = "quantize.dtype",
                 .what = "tensor '" + tensor.name + "' is " + ir::dtype_name(tensor.dtype),
                 .where = graph.name,
                 .expected = "a float32 network",
                 .found = "",
                 .try_this = "leave out quantization for a network that is int8 already"}};
  }
}

int channel_axis(ir::OpKind kind) {
  return kind == ir::OpKind::depthwise_conv2d ? 3 : 0;
}

bool has_weights(ir::OpKind kind) {
  return kind == ir::OpKind::conv2d || kind == ir::OpKind::depthwise_conv2d || kind == ir::OpKind::fully_connected;
}

/// Turns a copy of the float graph into int8, operator by operator.
class Quantizer {
 public:
  Quantizer(const ir::Graph& float_graph, const Ranges& ranges)
      : float_graph_(float_graph), graph_(float_graph), ranges_(ranges) {}

  ir::Graph run() {
    for (const ir::TensorId id : graph_.inputs)
      set_activation(id, activation_quantization(range(id)));
    for (ir::Op& op : graph_.ops) {
      set_activation(op.outputs[0], output_quantization(op));
      if (has_weights(op.kind)) quantize_layer(op);
    }
    return std::move(graph_);
  }

 private:
  Range range(ir::TensorId id) const {
    return ranges_[static_cast<std::size_t>(id)];
  }

  void set_activation(ir::TensorId id, ir::Quantization quantization) {
    graph_.tensor(id).dtype = ir::DType::s8;
    graph_.tensor(id).quantization = std::move(quantization);
  }

  ir::Quantization output_quantization(const ir::Op& op) const {
    switch (op.kind) {
      case ir::OpKind::max_pool2d:
      case ir::OpKind::average_pool2d:
      case ir::OpKind::reshape:
        return graph_.tensor(op.inputs[0]).quantization;  // these kernels move values without rescaling them
      case ir::OpKind::softmax:
        return {{1.0f / 256}, {-128}, 0};
      case ir::OpKind::conv2d:
      case ir::OpKind::depthwise_conv2d:
      case ir::OpKind::fully_connected:
      case ir::OpKind::mean:
      case ir::OpKind::relu:
      case ir::OpKind::batch_norm:
      case ir::OpKind::add:
      case ir::OpKind::sub:
      case ir::OpKind::mul:
      case ir::OpKind::pad:
      case ir::OpKind::transpose:
      case ir::OpKind::concatenation:
      case ir::OpKind::logistic:
      case ir::OpKind::tanh:
      case ir::OpKind::relu6:
      case ir::OpKind::leaky_relu:
      case ir::OpKind::hard_swish:
      case ir::OpKind::quantize:
      case ir::OpKind::dequantize:
      case ir::OpKind::conv2d_add:
      case ir::OpKind::lookup:
        break;
    }
    return activation_quantization(range(op.outputs[0]));
  }

  // Scales depend on the layer's input, so a constant that two layers share becomes two.
  ir::TensorId own(ir::TensorId id) {
    if (taken_.insert(id).second) return id;
    return graph_.add(float_graph_.tensor(id));
  }

  void quantize_layer(ir::Op& op) {
    op.inputs.resize(3, ir::kNoTensor);
    const bool has_bias = op.inputs[2] != ir::kNoTensor;
    op.inputs[1] = own(op.inputs[1]);
    if (has_bias) op.inputs[2] = own(op.inputs[2]);
    const double input_scale = graph_.tensor(op.inputs[0]).quantization.scale[0];
    const double output_scale = graph_.tensor(op.outputs[0]).quantization.scale[0];
    ir::Tensor& weights = graph_.tensor(op.inputs[1]);
    const auto channels = static_cast<std::size_t>(weights.shape[static_cast<std::size_t>(channel_axis(op.kind))]);
    const std::vector<float> bias = has_bias ? floats(graph_.tensor(op.inputs[2])) : std::vector<float>(channels, 0.0f);
    quantize_weights(weights, channel_axis(op.kind), bias, input_scale, output_scale);
    if (has_bias) quantize_bias(graph_.tensor(op.inputs[2]), bias, input_scale, weights.quantization.scale);
  }

  static void quantize_weights(ir::Tensor& weights, int axis, const std::vector<float>& bias, double input_scale,
                               double output_scale) {
    const std::vector<float> values = floats(weights);
    const std::size_t channels = bias.size(), inner = inner_elems(weights.shape, axis);
    std::vector<double> magnitude(channels, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      double& largest = magnitude[i / inner % channels];
      largest = std::max(largest, std::abs(double{values[i]}));
    }
    ir::Quantization quantization{{}, std::vector<std::int64_t>(channels, 0), axis};
    for (std::size_t c = 0; c < channels; ++c) {
      quantization.scale.push_back(weight_scale(magnitude[c], {input_scale, output_scale, bias[c]}));
    }
    weights.data.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double scale = quantization.scale[i / inner % channels];
      weights.data[i] = static_cast<std::uint8_t>(quantized(values[i], scale, -kMaxWeight, kMaxWeight));
    }
    weights.dtype = ir::DType::s8;
    weights.quantization = std::move(quantization);
  }

  static void quantize_bias(ir::Tensor& bias, const std::vector<float>& values, double input_scale,
                            const std::vector<float>& weight_scales) {
    bias.quantization = {{}, std::vector<std::int64_t>(values.size(), 0), 0};
    for (std::size_t c = 0; c < values.size(); ++c) {
      const double scale = input_scale * double{weight_scales[c]};
      const std::int32_t integer = quantized(values[c], scale, -kMaxBias, kMaxBias);
      std::memcpy(bias.data.data() + c * sizeof integer, &integer, sizeof integer);
      bias.quantization.scale.push_back(static_cast<float>(scale));
    }
    bias.dtype = ir::DType::s32;
  }

  const ir::Graph& float_graph_;
  ir::Graph graph_;
  const Ranges& ranges_;
  std::set<ir::TensorId> taken_;  // constants that a layer has made its own
};

}  // namespace

ir::Graph quantize(const ir::Graph& float_graph, const Ranges& ranges) {
  check_quantizable(float_graph, ranges);
  ir::Graph graph = Quantizer(float_graph, ranges).run();
  ir::verify(graph);
  return graph;
}

}  // namespace edgesmith::quantize
