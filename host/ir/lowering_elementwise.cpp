#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/ir/diagnostics.h"
#include "host/ir/dimensions.h"
#include "host/ir/lowering_site.h"
#include "host/ir/shapes.h"

namespace edgesmith::ir {
namespace {

constexpr std::size_t kDims = 4;  // that the kernels walk through

/// The last entries of `to` become `from`; what stands before is left alone.
void align(std::int32_t (&to)[kDims], const Shape& from) {
  for (std::size_t d = 0; d < from.size(); ++d)
    to[kDims - from.size() + d] = s32(from[d]);
}

void need_few_dimensions(const LoweringSite& site, std::size_t found) {
  if (found <= kDims) return;
  refuse(
      site.graph, site.op, "rank",
      {.what = "it tells more dimensions apart than the int8 kernels do",
       .expected = fmt::format("at most {}, neighbours that are treated alike counting as one", kDims),
       .found = fmt::format("{} in {} -> {}", found, shape_text(site.input().shape), shape_text(site.output().shape)),
       .try_this = "reshape before it, so that dimensions which stay together become one"});
}

Broadcast broadcast_of(const LoweringSite& site) {
  Broadcast broadcast = merged_broadcast(site.input(0).shape, site.input(1).shape);
  need_few_dimensions(site, broadcast.dims.size());
  return broadcast;
}

SumScaling scaling_of_sum(const LoweringSite& site, float a, float b) {
  const float output = site.output().quantization.scale[0];
  const SumScaling scaling = site.op.kind == OpKind::sub ? difference_scaling(a, b, output) : sum_scaling(a, b, output);
  if (scaling.valid) return scaling;
  refuse(site.graph, site.op, "scale",
         {.what = "its inputs have a scale that is far too large for its output's",
          .expected = "less than 2^19 times the output's",
          .found = fmt::format("{:.6g} and {:.6g} -> {:.6g}", a, b, output),
          .try_this = "quantise the network again with inputs like those it will see"});
}

kernels::ElementwiseOperand operand(const Quantization& quantization, QuantizedMultiplier scaling) {
  return {.step = {},
          .zero_point = s32(quantization.zero_point[0]),
          .multiplier = scaling.multiplier,
          .shift = scaling.shift};
}

}  // namespace

kernels::AddParams add_params(const LoweringSite& site) {
  const Quantization &a = site.input(0).quantization, &b = site.input(1).quantization;
  const SumScaling scaling = scaling_of_sum(site, a.scale[0], b.scale[0]);
  const Broadcast broadcast = broadcast_of(site);
  const ActivationRange range = site.range();
  kernels::AddParams params = {.dims = {1, 1, 1, 1},
                               .a = operand(a, scaling.a),
                               .b = operand(b, scaling.b),
                               .subtract = site.op.kind == OpKind::sub,
                               .left_shift = kSumLeftShift,
                               .output_zero_point = site.output_zero_point(),
                               .output_multiplier = scaling.output.multiplier,
                               .output_shift = scaling.output.shift,
                               .act_min = range.min,
                               .act_max = range.max,
                               .rounding = site.rounding_code()};
  align(params.dims, broadcast.dims);
  align(params.a.step, broadcast.step_a);
  align(params.b.step, broadcast.step_b);
  return params;
}

kernels::MulParams mul_params(const LoweringSite& site) {
  const Quantization &a = site.input(0).quantization, &b = site.input(1).quantization;
  const QuantizedMultiplier scaling = layer_multiplier(a.scale[0], b.scale[0], site.output_scale());
  const Broadcast broadcast = broadcast_of(site);
  const ActivationRange range = site.range();
  kernels::MulParams params = {.dims = {1, 1, 1, 1},
                               .step_a = {},
                               .step_b = {},
                               .zero_point_a = s32(a.zero_point[0]),
                               .zero_point_b = s32(b.zero_point[0]),
                               .output_zero_point = site.output_zero_point(),
                               .multiplier = scaling.multiplier,
                               .shift = scaling.shift,
                               .act_min = range.min,
                               .act_max = range.max,
                               .rounding = site.rounding_code()};
  align(params.dims, broadcast.dims);
  align(params.step_a, broadcast.step_a);
  align(params.step_b, broadcast.step_b);
  return params;
}

kernels::PadParams pad_params(const LoweringSite& site) {
  const Attributes& a = site.op.attributes;
  const Padding padding = merged_padding(site.input().shape, a.pads_before, a.pads_after);
  need_few_dimensions(site, padding.input.size());
  const float steps = std::clamp(std::round(a.pad_value / site.output_scale()), -1024.0f, 1024.0f);
  const std::int32_t value = static_cast<std::int32_t>(steps) + site.output_zero_point();
  kernels::PadParams params = {
      .input = {1, 1, 1, 1}, .before = {}, .output = {1, 1, 1, 1}, .value = std::clamp(value, -128, 127)};
  align(params.input, padding.input);
  align(params.before, padding.before);
  Shape output = padding.input;
  for (std::size_t d = 0; d < output.size(); ++d)
    output[d] += padding.before[d] + padding.after[d];
  align(params.output, output);
  return params;
}

kernels::TransposeParams transpose_params(const LoweringSite& site) {
  const Movement movement = merged_transpose(site.input().shape, site.op.attributes.permutation);
  need_few_dimensions(site, movement.dims.size());
  kernels::TransposeParams params = {.dims = {1, 1, 1, 1}, .step = {}};
  align(params.dims, movement.dims);
  align(params.step, movement.step);
  return params;
}

kernels::ConcatenationParams concatenation_params(const LoweringSite& site) {
  const auto axis = static_cast<std::ptrdiff_t>(concatenation_axis(site.graph, site.op));
  const auto inner_bytes = [axis](const Shape& shape) { return elems(Shape(shape.begin() + axis, shape.end())); };
  const Shape& output = site.output().shape;
  kernels::ConcatenationParams params = {
      .outer = s32(elems(output) / inner_bytes(output)), .inputs = s32(std::ssize(site.op.inputs)), .inner_bytes = {}};
  for (std::size_t i = 0; i < site.op.inputs.size(); ++i)
    params.inner_bytes[i] = s32(inner_bytes(site.input(i).shape));
  return params;
}

kernels::QuantizeParams quantize_params(const Tensor& quantized) {
  return {.elems = s32(elems(quantized.shape)),
          .scale = quantized.quantization.scale[0],
          .zero_point = s32(quantized.quantization.zero_point[0]),
          .is_unsigned = quantized.dtype == DType::u8};
}

kernels::Conv2dAddParams conv2d_add_params(const LoweringSite& site, const kernels::Conv2dParams& conv) {
  const Quantization &skip = site.input(3).quantization, &output = site.output().quantization;
  const SumScaling scaling = scaling_of_sum(site, site.output_scale(), skip.scale[0]);
  const ActivationRange range =
      activation_range(site.op.attributes.sum_activation, output.scale[0], output.zero_point[0]);
  return {.conv = conv,
          .a_multiplier = scaling.a.multiplier,
          .a_shift = scaling.a.shift,
          .b_zero_point = s32(skip.zero_point[0]),
          .b_multiplier = scaling.b.multiplier,
          .b_shift = scaling.b.shift,
          .left_shift = kSumLeftShift,
          .output_zero_point = s32(output.zero_point[0]),
          .output_multiplier = scaling.output.multiplier,
          .output_shift = scaling.output.shift,
          .act_min = range.min,
          .act_max = range.max};
}

}  // namespace edgesmith::ir
