#include "host/ir/lowering.h"

#include <fmt/format.h>

#include <cstring>

#include "device/kernels/check.h"
#include "host/ir/diagnostics.h"
#include "host/ir/requantization.h"
#include "host/ir/shapes.h"

namespace edgesmith::ir {
namespace {

// verify() bounds every tensor to 2^26 elements, so that each dimension fits.
std::int32_t s32(std::int64_t value) {
  return static_cast<std::int32_t>(value);
}

/// An operator with its first input and its output at hand.
struct Site {
  const Graph& graph;
  const Op& op;
  Rounding rounding;

  const Tensor& input() const {
    return graph.tensor(op.inputs[0]);
  }
  const Tensor& output() const {
    return graph.tensor(op.outputs[0]);
  }
  const Tensor& weights() const {
    return graph.tensor(op.inputs[1]);
  }
  float input_scale() const {
    return input().quantization.scale[0];
  }
  float output_scale() const {
    return output().quantization.scale[0];
  }
  std::int32_t input_zero_point() const {
    return s32(input().quantization.zero_point[0]);
  }
  std::int32_t output_zero_point() const {
    return s32(output().quantization.zero_point[0]);
  }
  ActivationRange range() const {
    return activation_range(op.attributes.activation, output_scale(), output_zero_point());
  }
};

kernels::Conv2dParams conv2d_params(const Site& site) {
  const Shape &x = site.input().shape, &w = site.weights().shape, &y = site.output().shape;
  const Attributes& a = site.op.attributes;
  const ActivationRange range = site.range();
  return {.input_h = s32(x[1]),
          .input_w = s32(x[2]),
          .input_c = s32(x[3]),
          .filter_h = s32(w[1]),
          .filter_w = s32(w[2]),
          .output_h = s32(y[1]),
          .output_w = s32(y[2]),
          .output_c = s32(y[3]),
          .stride_h = a.stride_h,
          .stride_w = a.stride_w,
          .dilation_h = a.dilation_h,
          .dilation_w = a.dilation_w,
          .pad_top = a.pad_top,
          .pad_left = a.pad_left,
          .input_zero_point = site.input_zero_point(),
          .output_zero_point = site.output_zero_point(),
          .act_min = range.min,
          .act_max = range.max,
          .rounding = static_cast<std::int32_t>(site.rounding)};
}

kernels::FullyConnectedParams fully_connected_params(const Site& site) {
  const Shape& w = site.weights().shape;
  const ActivationRange range = site.range();
  return {.rows = s32(elems(site.input().shape) / w[1]),
          .input_elems = s32(w[1]),
          .output_elems = s32(w[0]),
          .input_zero_point = site.input_zero_point(),
          .output_zero_point = site.output_zero_point(),
          .act_min = range.min,
          .act_max = range.max,
          .rounding = static_cast<std::int32_t>(site.rounding)};
}

kernels::Pool2dParams pool2d_params(const Site& site) {
  const Shape &x = site.input().shape, &y = site.output().shape;
  const Attributes& a = site.op.attributes;
  const ActivationRange range = site.range();
  return {.input_h = s32(x[1]),
          .input_w = s32(x[2]),
          .channels = s32(x[3]),
          .filter_h = a.filter_h,
          .filter_w = a.filter_w,
          .output_h = s32(y[1]),
          .output_w = s32(y[2]),
          .stride_h = a.stride_h,
          .stride_w = a.stride_w,
          .pad_top = a.pad_top,
          .pad_left = a.pad_left,
          .act_min = range.min,
          .act_max = range.max};
}

// The kernel averages everything but the last dimension: whatever is not averaged there must be 1.
void need_mean_before_channels(const Site& site) {
  Shape kept = site.input().shape;
  for (const int axis : reduced_axes(site.graph, site.op))
    kept[static_cast<std::size_t>(axis)] = 1;
  if (kept.size() >= 2 && elems(kept) == site.input().shape.back()) return;
  refuse(site.graph, site.op, "mean_axes",
         {.what = "int8 MEAN over these axes is not supported",
          .expected = "all axes but the first (batch) and the last (channels), as global average pooling has them",
          .found = fmt::format("{} axes of {}", site.op.attributes.axes.size(), shape_text(site.input().shape))});
}

kernels::MeanParams mean_params(const Site& site) {
  need_mean_before_channels(site);
  const Shape& x = site.input().shape;
  const std::int64_t channels = x.back(), width = x[x.size() - 2];
  const std::int64_t height = elems(x) / channels / width;
  const QuantizedMultiplier scaling = mean_multiplier(site.input_scale(), site.output_scale(), height * width);
  return {.input_h = s32(height),
          .input_w = s32(width),
          .channels = s32(channels),
          .input_zero_point = site.input_zero_point(),
          .output_zero_point = site.output_zero_point(),
          .multiplier = scaling.multiplier,
          .shift = scaling.shift,
          .rounding = static_cast<std::int32_t>(site.rounding)};
}

kernels::SoftmaxParams softmax_params(const Site& site) {
  const SoftmaxScaling scaling = softmax_scaling(site.op.attributes.beta, site.input_scale());
  if (!scaling.valid) {
    refuse(site.graph, site.op, "softmax_scale",
           {.what = "the input's scale is too small for int8 SOFTMAX",
            .expected = "beta * scale above 2^-26",
            .found = fmt::format("{:.6g} * {:.6g}", site.op.attributes.beta, site.input_scale())});
  }
  const Shape& x = site.input().shape;
  const std::int64_t depth = x.empty() ? 1 : x.back();
  return {.rows = s32(elems(x) / depth),
          .depth = s32(depth),
          .multiplier = scaling.multiplier.multiplier,
          .shift = scaling.multiplier.shift,
          .diff_min = scaling.diff_min};
}

void add_channel_scaling(const Site& site, std::int64_t channels, LoweredOp& lowered) {
  const std::vector<float>& scales = site.weights().quantization.scale;
  for (std::int64_t c = 0; c < channels; ++c) {
    const float weight_scale = scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(c)];
    const QuantizedMultiplier scaling = layer_multiplier(site.input_scale(), weight_scale, site.output_scale());
    lowered.multiplier.push_back(scaling.multiplier);
    lowered.shift.push_back(static_cast<std::int8_t>(scaling.shift));
  }
  lowered.weights = site.op.inputs[1];
  lowered.bias = site.op.inputs.size() > 2 ? site.op.inputs[2] : kNoTensor;
}

void fill(const Site& site, LoweredOp& lowered) {
  switch (site.op.kind) {
    case OpKind::conv2d:
    case OpKind::depthwise_conv2d:
      lowered.params = conv2d_params(site);
      return add_channel_scaling(site, site.output().shape.back(), lowered);
    case OpKind::fully_connected:
      lowered.params = fully_connected_params(site);
      return add_channel_scaling(site, site.output().shape.back(), lowered);
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
      lowered.params = pool2d_params(site);
      return;
    case OpKind::mean:
      lowered.params = mean_params(site);
      return;
    case OpKind::softmax:
      lowered.params = softmax_params(site);
      return;
    case OpKind::reshape:
      lowered.params = kernels::ReshapeParams{s32(elems(site.input().shape))};
      return;
    case OpKind::relu:
    case OpKind::batch_norm:
      break;
  }
  throw Error(
      ErrorKind::defect,
      {.code = "graph.no_kernel", .what = "the operator has no int8 form", .where = place_text(site.graph, site.op)});
}

struct Check {
  const LoweredOp& op;
  kernels::Weights weights;
  std::size_t input_bytes, output_bytes;

  Status operator()(const kernels::Conv2dParams& p) const {
    return op.kind == OpKind::conv2d ? kernels::check_conv2d(p, weights, input_bytes, output_bytes)
                                     : kernels::check_depthwise_conv2d(p, weights, input_bytes, output_bytes);
  }
  Status operator()(const kernels::FullyConnectedParams& p) const {
    return kernels::check_fully_connected(p, weights, input_bytes, output_bytes);
  }
  Status operator()(const kernels::Pool2dParams& p) const {
    return kernels::check_pool2d(p, input_bytes, output_bytes);
  }
  Status operator()(const kernels::MeanParams& p) const {
    return kernels::check_mean(p, input_bytes, output_bytes);
  }
  Status operator()(const kernels::SoftmaxParams& p) const {
    return kernels::check_softmax(p, input_bytes, output_bytes);
  }
  Status operator()(const kernels::ReshapeParams& p) const {
    return kernels::check_reshape(p, input_bytes, output_bytes);
  }
};

void need_within_kernel_limits(const Site& site, const LoweredOp& lowered) {
  const std::vector<std::int32_t> bias = bias_values(site.graph, lowered);
  const Check check{lowered, weights_view(site.graph, lowered, bias), tensor_bytes(site.input()),
                    tensor_bytes(site.output())};
  if (std::visit(check, lowered.params) == Status::ok) return;
  refuse(site.graph, site.op, "kernel_limit",
         {.what = "the operator is larger than the int8 kernels take",
          .expected = fmt::format("dimensions up to {}, up to {} products a sum, softmax over up to {} values",
                                  kernels::kMaxDimension, kernels::kMaxTaps, kernels::kMaxSoftmaxDepth),
          .found = fmt::format("{} -> {}", shape_text(site.input().shape), shape_text(site.output().shape))});
}

}  // namespace

LoweredOp lower(const Graph& graph, const Op& op, Rounding rounding) {
  LoweredOp lowered{};
  lowered.kind = op.kind;
  lowered.input = op.inputs[0];
  lowered.output = op.outputs[0];
  const Site site{graph, op, rounding};
  fill(site, lowered);
  need_within_kernel_limits(site, lowered);
  return lowered;
}

std::vector<std::int32_t> bias_values(const Graph& graph, const LoweredOp& op) {
  std::vector<std::int32_t> bias(op.multiplier.size(), 0);
  if (op.bias == kNoTensor) return bias;
  std::memcpy(bias.data(), graph.tensor(op.bias).data.data(), bias.size() * sizeof(std::int32_t));
  return bias;
}

kernels::Weights weights_view(const Graph& graph, const LoweredOp& op, const std::vector<std::int32_t>& bias) {
  if (op.weights == kNoTensor) return {};
  const std::vector<std::uint8_t>& weights = graph.tensor(op.weights).data;
  return {.weights = {reinterpret_cast<const std::int8_t*>(weights.data()), weights.size()},
          .bias = {bias.data(), bias.size()},
          .multiplier = {op.multiplier.data(), op.multiplier.size()},
          .shift = {op.shift.data(), op.shift.size()}};
}

}  // namespace edgesmith::ir
