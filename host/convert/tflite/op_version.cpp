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
      return pick(Builtin::relu, 2);
    case ir::OpKind::batch_norm:
      refuse_to_write(op, "batch normalisation has no operator in .tflite", "a layer that it is folded into",
                      "run the passes on the network first");
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
