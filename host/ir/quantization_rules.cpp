#include "host/ir/quantization_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/ir/diagnostics.h"

namespace edgesmith::ir {
namespace {

[[noreturn]] void refuse_tensor(const Graph& graph, const Op& op, TensorId id, const std::string& what,
                                std::string expected, std::string found) {
  refuse(graph, op, "quantization",
         {.what = tensor_text(graph, id) + " " + what,
          .expected = std::move(expected),
          .found = std::move(found),
          .try_this = "quantise the network again with the int8 scheme of TFLite"});
}

bool scales_usable(const Quantization& quantization) {
  return std::all_of(quantization.scale.begin(), quantization.scale.end(),
                     [](float scale) { return std::isfinite(scale) && scale > 0; });
}

void need_usable_scales(const Graph& graph, const Op& op, TensorId id) {
  const Quantization& q = graph.tensor(id).quantization;
  if (q.empty()) refuse_tensor(graph, op, id, "has no quantisation", "a scale and a zero point", "none");
  if (!scales_usable(q))
    refuse_tensor(graph, op, id, "has an unusable scale", "finite and above zero", "another value");
  if (q.zero_point.size() != q.scale.size()) {
    refuse_tensor(graph, op, id, "has unequal numbers of scales and zero points", fmt::format("{}", q.scale.size()),
                  fmt::format("{}", q.zero_point.size()));
  }
}

void need_activation(const Graph& graph, const Op& op, TensorId id) {
  need_usable_scales(graph, op, id);
  const Quantization& q = graph.tensor(id).quantization;
  if (q.scale.size() != 1) {
    refuse_tensor(graph, op, id, "is an activation quantised per channel", "one scale",
                  fmt::format("{}", q.scale.size()));
  }
  const std::int64_t low = graph.tensor(id).dtype == DType::u8 ? 0 : -128;
  if (q.zero_point[0] < low || q.zero_point[0] > low + 255) {
    refuse_tensor(graph, op, id, "has a zero point outside its type", fmt::format("{} to {}", low, low + 255),
                  fmt::format("{}", q.zero_point[0]));
  }
}

void need_weights(const Graph& graph, const Op& op) {
  const TensorId id = op.inputs[1];
  need_usable_scales(graph, op, id);
  const Tensor& weights = graph.tensor(id);
  const Quantization& q = weights.quantization;
  for (const std::int64_t zero_point : q.zero_point) {
    if (zero_point != 0)
      refuse_tensor(graph, op, id, "is not symmetric", "zero point 0", fmt::format("{}", zero_point));
  }
  if (q.scale.size() == 1) return;
  const int axis = op.kind == OpKind::depthwise_conv2d ? 3 : 0;
  const auto channels = weights.shape[static_cast<std::size_t>(axis)];
  if (q.axis != axis || static_cast<std::int64_t>(q.scale.size()) != channels) {
    refuse_tensor(graph, op, id, "is quantised along another axis than its output channels",
                  fmt::format("axis {} with {} scales, or one scale", axis, channels),
                  fmt::format("axis {} with {} scales", q.axis, q.scale.size()));
  }
}

// TFLite compares the bias scale of a dense layer with the accumulator's, with this much room.
void need_bias(const Graph& graph, const Op& op) {
  if (op.kind != OpKind::fully_connected || op.inputs.size() < 3 || op.inputs[2] == kNoTensor) return;
  const Quantization& bias = graph.tensor(op.inputs[2]).quantization;
  const Quantization& weights = graph.tensor(op.inputs[1]).quantization;
  if (bias.scale.size() != 1 || weights.scale.size() != 1) return;
  const double product = static_cast<double>(graph.tensor(op.inputs[0]).quantization.scale[0]) * weights.scale[0];
  const double output = graph.tensor(op.outputs[0]).quantization.scale[0];
  if (std::abs(product - static_cast<double>(bias.scale[0])) / output <= 0.02) return;
  refuse_tensor(graph, op, op.inputs[2], "has another scale than input times weights", fmt::format("{:.6g}", product),
                fmt::format("{:.6g}", bias.scale[0]));
}

void need_same(const Graph& graph, const Op& op, std::size_t input = 0) {
  const Quantization& in = graph.tensor(op.inputs[input]).quantization;
  const Quantization& out = graph.tensor(op.outputs[0]).quantization;
  if (in.scale == out.scale && in.zero_point == out.zero_point) return;
  refuse_tensor(graph, op, op.outputs[0], "must keep the input's quantisation",
                fmt::format("scale {:.9g}, zero point {}", in.scale[0], in.zero_point[0]),
                fmt::format("scale {:.9g}, zero point {}", out.scale[0], out.zero_point[0]));
}

void need_output(const Graph& graph, const Op& op, int steps, std::int64_t zero_point) {
  const Quantization& out = graph.tensor(op.outputs[0]).quantization;
  if (out.scale[0] == 1.0f / static_cast<float>(steps) && out.zero_point[0] == zero_point) return;
  refuse_tensor(graph, op, op.outputs[0], "has another quantisation than the int8 operator gives",
                fmt::format("scale 1/{}, zero point {}", steps, zero_point),
                fmt::format("scale {:.9g}, zero point {}", out.scale[0], out.zero_point[0]));
}

// Every tensor that holds quantised values and is no parameter of a layer.
void need_activations(const Graph& graph, const Op& op) {
  const auto check = [&](TensorId id) {
    const DType dtype = graph.tensor(id).dtype;
    if (dtype == DType::s8 || dtype == DType::u8) need_activation(graph, op, id);
  };
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    const bool parameter = op.kind == OpKind::lookup ? i == 1 : takes_weights(op.kind) && (i == 1 || i == 2);
    if (!parameter) check(op.inputs[i]);
  }
  check(op.outputs[0]);
}

void need_conv_output(const Graph& graph, const Op& op) {
  const Quantization& q = op.attributes.conv_output;
  const bool good = q.scale.size() == 1 && q.zero_point.size() == 1 && scales_usable(q) && q.zero_point[0] >= -128 &&
                    q.zero_point[0] <= 127;
  if (good) return;
  refuse(graph, op, "quantization",
         {.what = "its convolution has no usable quantisation of its own", .expected = "conv_output with one scale"});
}

void need_positive_alpha(const Graph& graph, const Op& op) {
  if (op.attributes.alpha >= 0) return;
  refuse(graph, op, "attribute",
         {.what = "its slope below zero is negative, which int8 does not say",
          .expected = "alpha of 0 or more",
          .found = fmt::format("{:.6g}", op.attributes.alpha)});
}

}  // namespace

void verify_quantization(const Graph& graph, const Op& op) {
  need_activations(graph, op);
  switch (op.kind) {
    case OpKind::conv2d:
    case OpKind::depthwise_conv2d:
    case OpKind::fully_connected:
      need_weights(graph, op);
      return need_bias(graph, op);
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
    case OpKind::reshape:
    case OpKind::pad:
    case OpKind::transpose:
      return need_same(graph, op);
    case OpKind::concatenation:
      for (std::size_t i = 0; i < op.inputs.size(); ++i)
        need_same(graph, op, i);
      return;
    case OpKind::conv2d_add:
      need_weights(graph, op);
      return need_conv_output(graph, op);
    case OpKind::leaky_relu:
      return need_positive_alpha(graph, op);
    case OpKind::softmax:
    case OpKind::logistic:
      return need_output(graph, op, 256, -128);
    case OpKind::tanh:
      return need_output(graph, op, 128, 0);
    case OpKind::mean:
    case OpKind::relu:
    case OpKind::batch_norm:
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
    case OpKind::relu6:
    case OpKind::hard_swish:
    case OpKind::quantize:
    case OpKind::dequantize:
    case OpKind::lookup:
      return;
  }
}

}  // namespace edgesmith::ir
