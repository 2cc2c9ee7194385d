#include "host/convert/tflite/op_version.h"

#include <array>
#include <cstdio>

#include "host/base/error.h"

namespace edgesmith::convert {
namespace {

OpVersion fully_connected_version(const ir::Graph& graph, const ir::Op& op, bool quantized) {
  const bool per_channel = graph.tensor(op.inputs[1]).quantization.scale.size() > 1;
  if (per_channel) return {Builtin::fully_connected, 12, "2.17.0"};
  if (graph.tensor(op.outputs[0]).shape.size() > 2) return {Builtin::fully_connected, 5, "2.0.0"};
  return quantized ? OpVersion{Builtin::fully_connected, 4, "1.14.0"} : OpVersion{Builtin::fully_connected, 1, "1.5.0"};
}

OpVersion dequantize_version(ir::DType from) {
  if (from == ir::DType::u8) return {Builtin::dequantize, 1, "1.13.1"};
  if (from == ir::DType::s8) return {Builtin::dequantize, 2, "1.14.0"};
  return {Builtin::dequantize, 3, "1.15.0"};
}

// "1.14.0" before "2.1.0" before "2.17.0".
bool earlier(const std::string& a, const std::string& b) {
  const auto numbers = [](const std::string& text) {
    std::array<int, 3> parts{};
    std::sscanf(text.c_str(), "%d.%d.%d", &parts[0], &parts[1], &parts[2]);
    return parts;
  };
  return numbers(a) < numbers(b);
}

}  // namespace

OpVersion version_of(const ir::Graph& graph, const ir::Op& op) {
  const bool quantized = graph.tensor(op.inputs[0]).dtype == ir::DType::s8;
  const auto pick = [&](Builtin code, int quantized_version) {
    return quantized ? OpVersion{code, quantized_version, "1.14.0"} : OpVersion{code, 1, "1.5.0"};
  };
  switch (op.kind) {
    case ir::OpKind::conv2d:
      return pick(Builtin::conv_2d, 3);
    case ir::OpKind::depthwise_conv2d: {
      const bool dilated = op.attributes.dilation_h > 1 || op.attributes.dilation_w > 1;
      return !quantized && dilated ? OpVersion{Builtin::depthwise_conv_2d, 2, "1.12.0"}
                                   : pick(Builtin::depthwise_conv_2d, 3);
    }
    case ir::OpKind::fully_connected:
      return fully_connected_version(graph, op, quantized);
    case ir::OpKind::max_pool2d:
      return pick(Builtin::max_pool_2d, 2);
    case ir::OpKind::average_pool2d:
      return pick(Builtin::average_pool_2d, 2);
    case ir::OpKind::mean:
      return pick(Builtin::mean, 2);
    case ir::OpKind::softmax:
      return pick(Builtin::softmax, 2);
    case ir::OpKind::reshape:
      return {Builtin::reshape, 1, "1.5.0"};
    case ir::OpKind::relu:
      return quantized ? OpVersion{Builtin::relu, 2, "2.1.0"} : OpVersion{Builtin::relu, 1, "1.5.0"};
    case ir::OpKind::relu6:
      return quantized ? OpVersion{Builtin::relu6, 2, "2.1.0"} : OpVersion{Builtin::relu6, 1, "1.5.0"};
    case ir::OpKind::leaky_relu:
      return quantized ? OpVersion{Builtin::leaky_relu, 2, "2.3.0"} : OpVersion{Builtin::leaky_relu, 1, "1.13.1"};
    case ir::OpKind::hard_swish:
      return {Builtin::hard_swish, 1, "1.15.0"};
    case ir::OpKind::logistic:
      return pick(Builtin::logistic, 2);
    case ir::OpKind::tanh:
      return pick(Builtin::tanh, 2);
    case ir::OpKind::add:
      return pick(Builtin::add, 2);
    case ir::OpKind::sub:
      return pick(Builtin::sub, 2);
    case ir::OpKind::mul:
      return pick(Builtin::mul, 2);
    case ir::OpKind::pad:
      return pick(op.attributes.pad_value == 0 ? Builtin::pad : Builtin::padv2, 2);
    case ir::OpKind::transpose:
      return pick(Builtin::transpose, 2);
    case ir::OpKind::concatenation:
      return pick(Builtin::concatenation, 2);
    case ir::OpKind::quantize:
      return graph.tensor(op.inputs[0]).dtype == ir::DType::f32 ? OpVersion{Builtin::quantize, 1, "1.14.0"}
                                                                : OpVersion{Builtin::quantize, 2, "1.15.0"};
    case ir::OpKind::dequantize:
      return dequantize_version(graph.tensor(op.inputs[0]).dtype);
    case ir::OpKind::conv2d_add:
    case ir::OpKind::lookup:
      refuse_to_write(op, "it is made by our passes and has no operator in .tflite", "the network before the passes",
                      "convert the file that it comes from");
    case ir::OpKind::batch_norm:
      refuse_to_write(op, "batch normalisation has no operator in .tflite", "a layer that it is folded into",
                      "run the passes on the network first");
  }
  refuse_to_write(op, "unknown operator", "", "");
}

std::string min_runtime(const std::vector<OpVersion>& versions) {
  std::string newest = "1.5.0";
  for (const OpVersion& version : versions) {
    if (earlier(newest, version.min_runtime)) newest = version.min_runtime;
  }
  return newest;
}

void refuse_to_write(const ir::Op& op, const std::string& what, const std::string& expected,
                     const std::string& try_this) {
  throw Error{{.code = "tflite.cannot_write",
               .what = what,
               .where = std::string(ir::op_name(op.kind)) + " '" + op.name + "'",
               .expected = expected,
               .found = "",
               .try_this = try_this}};
}

}  // namespace edgesmith::convert
