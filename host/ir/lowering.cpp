#include "host/ir/lowering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "device/kernels/check.h"
#include "host/ir/diagnostics.h"
#include "host/ir/lowering_site.h"
#include "host/ir/requantization.h"
#include "host/ir/shapes.h"
#include "host/ir/unary_tables.h"

namespace edgesmith::ir {
namespace {

kernels::Conv2dParams conv2d_params(const LoweringSite& site) {
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
          .rounding = site.rounding_code(),
          .zero_point_in_bias = site.op.attributes.zero_point_in_bias};
}

kernels::FullyConnectedParams fully_connected_params(const LoweringSite& site) {
  const Shape& w = site.weights().shape;
  const ActivationRange range = site.range();
  return {.rows = s32(elems(site.input().shape) / w[1]),
          .input_elems = s32(w[1]),
          .output_elems = s32(w[0]),
          .input_zero_point = site.input_zero_point(),
          .output_zero_point = site.output_zero_point(),
          .act_min = range.min,
          .act_max = range.max,
          .rounding = site.rounding_code(),
          .zero_point_in_bias = site.op.attributes.zero_point_in_bias};
}

kernels::Pool2dParams pool2d_params(const LoweringSite& site) {
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

/// A shape as [outer][count][inner], where `count` is what is averaged.
struct MeanSplit {
  std::int64_t outer = 1, count = 1, inner = 1;
};

// Dimensions of 1 may be averaged or not: they belong wherever they are.
MeanSplit mean_split(const LoweringSite& site) {
  const Shape& x = site.input().shape;
  const std::vector<int> axes = reduced_axes(site.graph, site.op);
  MeanSplit split;
  bool below = false;  // an averaged dimension was followed by a kept one
  for (std::size_t d = 0; d < x.size(); ++d) {
    const bool averaged = std::find(axes.begin(), axes.end(), static_cast<int>(d)) != axes.end();
    if (x[d] == 1) continue;
    if (averaged && below) {
      refuse(site.graph, site.op, "mean_axes",
             {.what = "int8 MEAN over axes that do not lie side by side is not supported",
              .expected = "neighbouring axes, such as height and width",
              .found = fmt::format("axes {} of {}", fmt::join(axes, ", "), shape_text(x)),
              .try_this = "use two MEANs, one after the other"});
    }
    below = below || (!averaged && split.count > 1);
    (averaged ? split.count : below ? split.inner : split.outer) *= x[d];
  }
  return split;
}

kernels::MeanParams mean_params(const LoweringSite& site) {
  const MeanSplit split = mean_split(site);
  const QuantizedMultiplier scaling = mean_multiplier(site.input_scale(), site.output_scale(), split.count);
  return {.outer = s32(split.outer),
          .count = s32(split.count),
          .inner = s32(split.inner),
          .input_zero_point = site.input_zero_point(),
          .output_zero_point = site.output_zero_point(),
          .multiplier = scaling.multiplier,
          .shift = scaling.shift,
          .rounding = site.rounding_code()};
}

kernels::SoftmaxParams softmax_params(const LoweringSite& site) {
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

template <typename T>
std::vector<T> values_of(const Tensor& constant) {
  std::vector<T> values(constant.data.size() / sizeof(T));
  std::memcpy(values.data(), constant.data.data(), constant.data.size());
  return values;
}

void add_layer_constants(const LoweringSite& site, LoweredOp& lowered) {
  const auto channels = static_cast<std::size_t>(site.output().shape.back());
  const std::vector<float>& scales = site.weights().quantization.scale;
  for (std::size_t c = 0; c < channels; ++c) {
    const float weight_scale = scales[scales.size() == 1 ? 0 : c];
    const QuantizedMultiplier scaling = layer_multiplier(site.input_scale(), weight_scale, site.output_scale());
    lowered.multiplier.push_back(scaling.multiplier);
    lowered.shift.push_back(static_cast<std::int8_t>(scaling.shift));
  }
  lowered.weights = values_of<std::int8_t>(site.weights());
  const bool biased = site.op.inputs.size() > 2 && site.op.inputs[2] != kNoTensor;
  lowered.bias =
      biased ? values_of<std::int32_t>(site.graph.tensor(site.op.inputs[2])) : std::vector<std::int32_t>(channels, 0);
}

template <typename Params>
void set(LoweredOp& lowered, kernels::OpCode code, const Params& params) {
  lowered.op.code = static_cast<std::uint32_t>(code);
  std::memcpy(lowered.op.params, &params, sizeof params);
}

void set_table(const LoweringSite& site, LoweredOp& lowered) {
  const UnaryTable table = unary_table(site.graph, site.op, site.rounding);
  lowered.weights.assign(table.begin(), table.end());
  set(lowered, kernels::OpCode::lookup, kernels::LookupParams{s32(elems(site.input().shape))});
}

void fill(const LoweringSite& site, LoweredOp& lowered) {
  using kernels::OpCode;
  switch (site.op.kind) {
    case OpKind::conv2d:
      set(lowered, OpCode::conv2d, conv2d_params(site));
      return add_layer_constants(site, lowered);
    case OpKind::depthwise_conv2d:
      set(lowered, OpCode::depthwise_conv2d, conv2d_params(site));
      return add_layer_constants(site, lowered);
    case OpKind::fully_connected:
      set(lowered, OpCode::fully_connected, fully_connected_params(site));
      return add_layer_constants(site, lowered);
    case OpKind::max_pool2d:
      return set(lowered, OpCode::max_pool2d, pool2d_params(site));
    case OpKind::average_pool2d:
      return set(lowered, OpCode::average_pool2d, pool2d_params(site));
    case OpKind::mean:
      return set(lowered, OpCode::mean, mean_params(site));
    case OpKind::softmax:
      return set(lowered, OpCode::softmax, softmax_params(site));
    case OpKind::reshape:
      return set(lowered, OpCode::reshape,
                 kernels::ReshapeParams{s32(static_cast<std::int64_t>(tensor_bytes(site.input())))});
    case OpKind::conv2d_add:
      set(lowered, OpCode::conv2d_add, conv2d_add_params(site, conv2d_params(site)));
      lowered.inputs = {site.op.inputs[0], site.op.inputs[3]};
      return add_layer_constants(site, lowered);
    case OpKind::add:
    case OpKind::sub:
      lowered.inputs = site.op.inputs;
      return set(lowered, OpCode::add, add_params(site));
    case OpKind::mul:
      lowered.inputs = site.op.inputs;
      return set(lowered, OpCode::mul, mul_params(site));
    case OpKind::concatenation:
      lowered.inputs = site.op.inputs;
      return set(lowered, OpCode::concatenation, concatenation_params(site));
    case OpKind::pad:
      return set(lowered, OpCode::pad, pad_params(site));
    case OpKind::transpose:
      return set(lowered, OpCode::transpose, transpose_params(site));
    case OpKind::dequantize:
      return set(lowered, OpCode::dequantize, quantize_params(site.input()));
    case OpKind::quantize:
      if (is_unary_on_bytes(site.graph, site.op)) return set_table(site, lowered);
      return set(lowered, OpCode::quantize, quantize_params(site.output()));
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
      return set_table(site, lowered);
    case OpKind::lookup:
      lowered.weights = values_of<std::int8_t>(site.weights());
      return set(lowered, OpCode::lookup, kernels::LookupParams{s32(elems(site.input().shape))});
    case OpKind::batch_norm:
      break;
  }
  throw Error(
      ErrorKind::defect,
      {.code = "graph.no_kernel", .what = "the operator has no int8 form", .where = place_text(site.graph, site.op)});
}

Span<const std::int8_t> signed_bytes(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

// The check looks at sizes only: all tensors may be the same bytes, as long as they are as many.
void need_within_kernel_limits(const LoweringSite& site, const LoweredOp& lowered) {
  std::vector<std::span<const std::uint8_t>> inputs;
  for (const TensorId id : lowered.inputs)
    inputs.push_back({static_cast<const std::uint8_t*>(nullptr), tensor_bytes(site.graph.tensor(id))});
  const std::span<std::uint8_t> output{static_cast<std::uint8_t*>(nullptr), tensor_bytes(site.output())};
  if (kernels::check_operator(lowered.op, operands_of(lowered, inputs, output)) == Status::ok) return;
  refuse(site.graph, site.op, "kernel_limit",
         {.what = "the operator is larger than the int8 kernels take",
          .expected = fmt::format("dimensions up to {}, up to {} products a sum, softmax over up to {} values",
                                  kernels::kMaxDimension, kernels::kMaxTaps, kernels::kMaxSoftmaxDepth),
          .found = fmt::format("{} -> {}", shape_text(site.input().shape), shape_text(site.output().shape))});
}

}  // namespace

LoweredOp lower(const Graph& graph, const Op& op, Rounding rounding) {
  LoweredOp lowered{};
  lowered.inputs = {op.inputs[0]};
  lowered.output = op.outputs[0];
  const LoweringSite site{graph, op, rounding};
  fill(site, lowered);
  need_within_kernel_limits(site, lowered);
  return lowered;
}

bool has_kernel(const Graph& graph, const Op& op) {
  const DType dtype = graph.tensor(op.inputs[0]).dtype;
  return dtype == DType::s8 || dtype == DType::u8 || op.kind == OpKind::quantize;
}

kernels::Operands operands_of(const LoweredOp& lowered, const std::vector<std::span<const std::uint8_t>>& inputs,
                              std::span<std::uint8_t> output) {
  kernels::Operands operands = {};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    operands.inputs[i] = signed_bytes(inputs[i]);
  operands.weights = lowered.constants();
  operands.output = {reinterpret_cast<std::int8_t*>(output.data()), output.size()};
  return operands;
}

}  // namespace edgesmith::ir
