#include "host/convert/onnx/weights.h"

#include <algorithm>
#include <cmath>

namespace edgesmith::convert::onnx {
namespace {

// int8 weights with zero point 0; uint8 ones are moved by 128 first. Throws Refusal where that leaves another.
Stored symmetric(Stored stored) {
  const Element element = stored.integers.element;
  require(element == Element::s8 || element == Element::u8,
          std::string("its weights are quantised to ") + element_name(element), "INT8", "quantise weights to 8 bits");
  const double moved = element == Element::u8 ? 128 : 0;
  for (double& value : stored.integers.values)
    value -= moved;
  for (const double zero_point : stored.zero_point) {
    require(zero_point == moved, "its weights have zero point " + std::to_string(static_cast<int>(zero_point)),
            std::string("0 for INT8, 128 for UINT8"),
            "quantise weights symmetrically (onnxruntime: extra_options={'WeightSymmetric': True})");
  }
  return stored;
}

void check_channels(const Stored& stored, int channel_axis) {
  require(stored.scale.size() == 1 || stored.axis == channel_axis,
          "its weights are scaled along dimension " + std::to_string(stored.axis),
          "dimension " + std::to_string(channel_axis) + ", that of the output channels", "quantise per output channel");
}

double scale_at(const std::vector<float>& scales, std::size_t channel) {
  return static_cast<double>(scales[scales.size() == 1 ? 0 : channel]);
}

// int32 at input scale times weight scale. Integers that the file holds at that scale already are kept as they are.
std::vector<double> bias_integers(const Layer& layer, double input_scale, const std::vector<float>& weight_scales) {
  constexpr double kSameScale = 1e-5;  // a float32 product of scales is off by 1e-7
  std::vector<double> integers;
  for (std::size_t c = 0; c < layer.bias.size(); ++c) {
    const double scale = input_scale * scale_at(weight_scales, c);
    double value = std::nearbyint(layer.bias[c] / scale);
    if (layer.stored_bias) {
      const double stored_scale = scale_at(layer.stored_bias->scale, c);
      if (std::abs(stored_scale / scale - 1) < kSameScale) value = layer.stored_bias->integers.values[c];
    }
    require(std::abs(value) < 2147483648.0, "its bias does not fit int32 at the scale of input times weights",
            "below 2^31", "check the scales of input and weights");
    integers.push_back(value);
  }
  return integers;
}

ir::Tensor output_tensor(const std::string& name, const Shape& shape) {
  ir::Tensor tensor;
  tensor.name = name;
  tensor.shape = shape;
  return tensor;
}

ir::TensorId emit_float(const Node& node, const Layer& layer) {
  const std::string& name = layer.name;
  Builder& build = node.importer.build;
  Constant weights = layer.arrange(layer.weights->constant, layer.with);
  for (double& value : weights.values)
    value *= layer.weight_factor;
  const ir::TensorId w = build.constant(name + "/weights", weights.shape, weights.values);
  const ir::TensorId b =
      layer.bias.empty() ? ir::kNoTensor
                         : build.constant(name + "/bias", {static_cast<std::int64_t>(layer.bias.size())}, layer.bias);
  return build.emit(layer.kind, {build.as_float(layer.input).tensor, w, b}, output_tensor(name, layer.output),
                    layer.attributes);
}

ir::TensorId emit_int8(const Node& node, const Layer& layer, const Sink& sink) {
  Builder& build = node.importer.build;
  const Stored stored = symmetric(*layer.weights->stored);
  check_channels(stored, layer.channel_axis);
  const Constant weights = layer.arrange(stored.integers, layer.with);
  ir::Quantization scales{stored.scale, std::vector<std::int64_t>(stored.scale.size(), 0), layer.our_axis};
  for (float& scale : scales.scale)
    scale = static_cast<float>(static_cast<double>(scale) * layer.weight_factor);
  if (scales.scale.size() == 1) scales.axis = 0;
  const double input_scale = static_cast<double>(build.tensor(layer.input).quantization.scale[0]);
  ir::Quantization bias_scales = scales;
  bias_scales.axis = 0;
  for (float& scale : bias_scales.scale)
    scale = static_cast<float>(static_cast<double>(scale) * input_scale);
  const ir::TensorId w = build.constant(sink.name + "/weights", weights.shape, weights.values, ir::DType::s8, scales);
  ir::TensorId b = ir::kNoTensor;
  if (!layer.bias.empty()) {
    b = build.constant(sink.name + "/bias", {static_cast<std::int64_t>(layer.bias.size())},
                       bias_integers(layer, input_scale, scales.scale), ir::DType::s32, bias_scales);
  }
  ir::Tensor output = output_tensor(sink.name, layer.output);
  output.dtype = ir::DType::s8;
  output.quantization = *sink.quantization;
  ir::Attributes attributes = layer.attributes;
  attributes.activation = sink.activation;
  return build.emit(layer.kind, {layer.input.tensor, w, b}, std::move(output), attributes);
}

}  // namespace

void set_bias(Layer& layer, const Value& bias, std::int64_t channels, double factor) {
  const auto count = static_cast<std::int64_t>(bias.constant.values.size());
  require(count == channels || count == 1, "its bias has shape " + ir::shape_text(bias.constant.shape),
          std::to_string(channels) + " values");
  layer.bias = bias.constant.values;
  layer.bias.resize(static_cast<std::size_t>(channels), layer.bias[0]);
  for (double& value : layer.bias)
    value *= factor;
  if (factor == 1 && count == channels && bias.stored && bias.stored->integers.element == Element::s32 &&
      std::all_of(bias.stored->zero_point.begin(), bias.stored->zero_point.end(), [](double z) { return z == 0; })) {
    layer.stored_bias = &*bias.stored;
  }
}

void take_bias_behind(const Node& node, Layer& layer, std::int64_t channels, std::size_t dim, std::size_t rank) {
  const std::string name = layer.name;
  Importer& importer = node.importer;
  const int next = layer.bias.empty() ? importer.only_reader(name) : -1;
  if (next < 0 || importer.node(next).kind() != "Add") return;
  const Node add = importer.node(next);
  const std::size_t other = add.has(0) && add.input_name(0) == name ? 1 : 0;
  if (!add.has(other) || !importer.knows(add.input_name(other)) || !add.is_constant(other)) return;
  if (add.has_attribute("broadcast")) return;
  Value bias = add.value(other);
  Shape wanted(rank - dim, 1);
  wanted[0] = channels;
  Shape found = bias.constant.shape;
  while (found.size() > wanted.size() && found[0] == 1)
    found.erase(found.begin());
  if (found != wanted && !(wanted.size() == 1 && found.empty())) return;
  set_bias(layer, bias, channels, 1);
  layer.stored_bias = nullptr;
  importer.absorb(next);
  layer.name = add.output_name();
}

Emitted emit_layer(const Node& node, Layer layer) {
  Importer& importer = node.importer;
  const Sink sink = importer.sink_of(layer.name, true);
  const bool is_int8 = layer.input.dequantized && layer.weights->stored && sink.quantization;
  if (!is_int8) return {emit_float(node, layer), false, layer.name};
  const ir::TensorId tensor = emit_int8(node, layer, sink);
  importer.take(sink);
  return {tensor, true, sink.name};
}

}  // namespace edgesmith::convert::onnx
