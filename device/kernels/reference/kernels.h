#pragma once
// The reference kernel set: the definition of what each operator computes. One source file an operator.
//
// check_*() (kernels/check.h) accepted parameters and sizes at set-up; nothing here can fail, whatever the bytes of
// weights, bias and input are. Outputs must not overlap inputs unless the operator says so. Rows, columns and channels
// are y, x, c; anything outside the input counts as padding, whose real value is zero.

#include <stdint.h>

#include "device/base/span.h"
#include "device/kernels/params.h"

namespace edgesmith {
namespace kernels {
namespace reference {

/// 2-D convolution on int8 tensors.
///   acc[y][x][o]    = bias[o] + sum over fy, fx, c of
///                     (input[y*stride_h - pad_top + fy*dilation_h][x*stride_w - pad_left + fx*dilation_w][c]
///                      - input_zero_point) * weights[o][fy][fx][c]
/// With zero_point_in_bias, bias[o] already holds the zero point's share: taps then multiply the raw input, and those
/// in the padding multiply input_zero_point. The sum is the same.
///   output[y][x][o] = clamp(requantize(acc, multiplier[o], shift[o]) + output_zero_point, act_min, act_max)
/// input int8 [input_h][input_w][input_c], weights int8 [output_c][filter_h][filter_w][input_c] with zero point 0,
/// output int8 [output_h][output_w][output_c].
/// Range:  filter_h * filter_w * input_c <= 65535 keeps the sum inside int32; adding the bias wraps.
/// Source: TFLite int8 quantization specification, CONV_2D.
void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output);

/// Depthwise convolution: as conv2d_s8, but output channel o sees input channel o / (output_c / input_c) alone.
/// weights int8 [filter_h][filter_w][output_c] with zero point 0.
/// Range:  filter_h * filter_w <= 65535; adding the bias wraps.
/// Source: TFLite int8 quantization specification, DEPTHWISE_CONV_2D.
void depthwise_conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input,
                         Span<int8_t> output);

/// Fully connected layer on `rows` independent rows.
///   acc[r][o]    = bias[o] + sum_i (input[r][i] - input_zero_point) * weights[o][i]
///   output[r][o] = clamp(requantize(acc, multiplier[o], shift[o]) + output_zero_point, act_min, act_max)
/// input int8 [rows][input_elems], weights int8 [output_elems][input_elems] with zero point 0,
/// output int8 [rows][output_elems].
/// Range:  input_elems <= 65535 keeps the sum inside int32; adding the bias wraps.
/// Source: TFLite int8 quantization specification, FULLY_CONNECTED.
void fully_connected_s8(const FullyConnectedParams& params, const Weights& weights, Span<const int8_t> input,
                        Span<int8_t> output);

/// Largest input under the filter, clamped to act_min..act_max; padding does not take part.
/// input int8 [input_h][input_w][channels], output int8 [output_h][output_w][channels], one scale and zero point.
/// Source: TFLite int8 quantization specification, MAX_POOL_2D.
void max_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Mean of the inputs under the filter, rounded half away from zero, clamped; padding does not count.
/// Shapes as in max_pool2d_s8. The rounding sees raw q, not q - zero_point.
/// Source: TFLite int8 quantization specification, AVERAGE_POOL_2D.
void average_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Mean over neighbouring axes, with a change of scale.
///   output[o][i] = clamp(requantize(sum over n of (input[o][n][i] - input_zero_point), multiplier, shift)
///                  + output_zero_point, -128, 127)
/// input int8 [outer][count][inner], output int8 [outer][inner].
/// Range:  count < 2^23 keeps the sum inside int32.
/// Source: TFLite int8 quantization specification, MEAN.
void mean_s8(const MeanParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Softmax along each row, in fixed point.
///   output[r][i] = 256 * exp(s * (input[r][i] - max_r)) / sum_j exp(s * (input[r][j] - max_r)) - 128
/// with s = multiplier * 2^(shift - 31) / 2^26. Differences below diff_min give -128.
/// input and output int8 [rows][depth]; they may be the same memory.
/// Range:  depth <= 4095 keeps the sum (Q12.19) inside int32.
/// Source: the fixed-point exponential and reciprocal of gemmlowp, which TFLite's int8 SOFTMAX is defined by.
void softmax_s8(const SoftmaxParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Copies `bytes` bytes; input and output may overlap.
void reshape_s8(const ReshapeParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Sum or difference of two tensors, with broadcasting.
///   side(s, q) = requantize((q - s.zero_point) << left_shift, s.multiplier, s.shift)
///   output[i]  = clamp(requantize(side(a, a[i.a]) + side(b, b[i.b]), output_multiplier, output_shift)
///                + output_zero_point, act_min, act_max)                          with `subtract`: side a - side b
/// where i walks through `dims` in the order of memory and i.s = sum over d of i[d] * s.step[d].
/// a, b int8; output int8 [dims]. An input that is not broadcast may be the output's memory.
/// Range:  left_shift <= 20 and shifts <= 0 keep a side below 2^28.
/// Source: TFLite int8 quantization specification, ADD; TensorFlow Lite Micro's reference kernels for ADD and SUB.
void add_s8(const AddParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output);

/// Product of two tensors, with broadcasting as in add_s8.
///   output[i] = clamp(requantize((a[i.a] - zero_point_a) * (b[i.b] - zero_point_b), multiplier, shift)
///               + output_zero_point, act_min, act_max)
/// Source: TFLite int8 quantization specification, MUL.
void mul_s8(const MulParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output);

/// The input with `value` around it.
///   output[i] = input[i - before] where that lies inside of the input, else `value`
/// input int8 or uint8 [input], output [output], four dimensions each.
/// Source: TFLite, PAD and PADV2.
void pad_s8(const PadParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Moves elements of one byte: output[i] = input[sum over d of i[d] * step[d]], where i walks through `dims`.
/// Source: TFLite, TRANSPOSE.
void transpose_s8(const TransposeParams& params, Span<const int8_t> input, Span<int8_t> output);

/// Rows of all inputs side by side: output[o] = inputs[0][o], inputs[1][o], ...
/// inputs[i] bytes [outer][inner_bytes[i]], output [outer][sum of inner_bytes]. Inputs may be one another.
/// Source: TFLite, CONCATENATION of tensors that share scale and zero point.
void concatenation_s8(const ConcatenationParams& params, Span<const Span<const int8_t>> inputs, Span<int8_t> output);

/// Any function of one value: output[i] = table[input[i]].
/// table int8 or uint8 [256], for the bytes 0..255 (int8: for 0..127, then for -128..-1); input, output [elems], which
/// may be the same memory.
/// Source: TFLite computes RELU, LOGISTIC, TANH, QUANTIZE and others on int8 from the element alone.
void lookup_s8(const LookupParams& params, Span<const int8_t> table, Span<const int8_t> input, Span<int8_t> output);

/// float32 to int8 or uint8.
///   output[i] = clamp(round(input[i] / scale) + zero_point), halves away from zero, to the range of the type
/// NaN gives zero_point, infinities the ends of the range.
/// input the bytes of float32 [elems], at any address; output int8 or uint8 [elems], which may begin where input does.
/// Source: TFLite, QUANTIZE.
void quantize_s8(const QuantizeParams& params, Span<const int8_t> input, Span<int8_t> output);

/// int8 or uint8 to float32: output[i] = scale * (input[i] - zero_point), one rounding.
/// input int8 or uint8 [elems]; output the bytes of float32 [elems], at any address. The output may lie over the input
/// when it begins at least 3 * (elems - 1) bytes before it.
/// Source: TFLite, DEQUANTIZE.
void dequantize_s8(const QuantizeParams& params, Span<const int8_t> input, Span<int8_t> output);

/// conv2d_s8, then add_s8 of its output (a) and a tensor of the same shape (b, `skip`), without a tensor in between.
/// weights and input as in conv2d_s8; skip and output int8 [output_h][output_w][output_c], which may be the same
/// memory. Source: TFLite int8 quantization specification, CONV_2D and ADD.
void conv2d_add_s8(const Conv2dAddParams& params, const Weights& weights, Span<const int8_t> input,
                   Span<const int8_t> skip, Span<int8_t> output);

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
