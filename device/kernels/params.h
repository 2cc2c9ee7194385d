#pragma once
// Parameters of every operator: one struct an operator, shared by all kernel sets. Plain data of fixed layout, filled
// from a plan file or printed as constants into generated code.
//
// Activations are int8 NHWC with the batch of one left out; real = scale * (q - zero_point). Weights are int8 with
// zero point 0: convolution OHWI, depthwise [h][w][out_channels], fully connected [out][in]. Bias is int32.
// Requantisation is per output channel: multiplier (Q31) and shift, see requantize().

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {
namespace kernels {

/// Constants of a layer with weights; every span but `weights` holds one entry per output channel.
struct Weights {
  Span<const int8_t> weights;
  Span<const int32_t> bias;
  Span<const int32_t> multiplier;
  Span<const int8_t> shift;
};

/// CONV_2D and DEPTHWISE_CONV_2D (there output_c = input_c * depth multiplier). 1-D is height 1.
struct Conv2dParams {
  int32_t input_h, input_w, input_c;
  int32_t filter_h, filter_w;
  int32_t output_h, output_w, output_c;
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left;
  int32_t input_zero_point, output_zero_point;
  int32_t act_min, act_max;
  int32_t rounding;            // Rounding
  int32_t zero_point_in_bias;  // 1: bias[o] already holds -input_zero_point * sum of the filter's weights
};

/// FULLY_CONNECTED, on `rows` independent rows (1 for a plain dense layer).
struct FullyConnectedParams {
  int32_t rows, input_elems, output_elems;
  int32_t input_zero_point, output_zero_point;
  int32_t act_min, act_max;
  int32_t rounding;
  int32_t zero_point_in_bias;  // as in Conv2dParams
};

/// MAX_POOL_2D and AVERAGE_POOL_2D; input and output share scale and zero point.
struct Pool2dParams {
  int32_t input_h, input_w, channels;
  int32_t filter_h, filter_w;
  int32_t output_h, output_w;
  int32_t stride_h, stride_w;
  int32_t pad_top, pad_left;
  int32_t act_min, act_max;
};

/// MEAN over neighbouring axes: input [outer][count][inner], output [outer][inner].
struct MeanParams {
  int32_t outer, count, inner;
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier, shift;  // of input_scale / output_scale / count; see int8 MEAN in TFLite
  int32_t rounding;
};

/// SOFTMAX over the last axis; output scale 1/256, zero point -128.
struct SoftmaxParams {
  int32_t rows, depth;
  int32_t multiplier, shift;  // input_scale * beta in Q5.26
  int32_t diff_min;           // smaller differences to the maximum give probability 0
};

/// RESHAPE: a copy, left out where the layout places both tensors in one spot.
struct ReshapeParams {
  int32_t bytes;
};

/// One side of a sum: how many elements it moves for a step along each output dimension (0 = broadcast), and how its
/// values enter the sum.
struct ElementwiseOperand {
  int32_t step[4];
  int32_t zero_point;
  int32_t multiplier, shift;  // to the common scale, on values shifted left by `left_shift`; shift <= 0
};

/// ADD and SUB. Dimensions may be joined where no side is broadcast: any one of `dims` may be as large as the tensor.
struct AddParams {
  int32_t dims[4];  // of the output
  ElementwiseOperand a, b;
  int32_t subtract;  // 1: a - b
  int32_t left_shift;
  int32_t output_zero_point, output_multiplier, output_shift;
  int32_t act_min, act_max;
  int32_t rounding;
};

/// MUL.
struct MulParams {
  int32_t dims[4];  // of the output
  int32_t step_a[4], step_b[4];
  int32_t zero_point_a, zero_point_b;
  int32_t output_zero_point, multiplier, shift;
  int32_t act_min, act_max;
  int32_t rounding;
};

/// PAD and PADV2 on four dimensions of elements of one byte: `before` elements in front of the input along each.
struct PadParams {
  int32_t input[4], before[4], output[4];
  int32_t value;  // of the elements outside of the input: its zero point for PAD; -128..127, as the int8 of its byte
};

/// TRANSPOSE of elements of one byte: output[i][j][k][l] = input[i*step[0] + j*step[1] + k*step[2] + l*step[3]].
struct TransposeParams {
  int32_t dims[4];  // of the output
  int32_t step[4];
};

constexpr int32_t kMaxInputs = 8;

/// CONCATENATION: input i is [outer][inner_bytes[i]], output [outer][sum of inner_bytes].
struct ConcatenationParams {
  int32_t outer, inputs;
  int32_t inner_bytes[kMaxInputs];
};

/// Any function of one int8 or uint8 value: output[i] = table[input[i] as its byte].
struct LookupParams {
  int32_t elems;
};

/// QUANTIZE from float32 and DEQUANTIZE to float32.
struct QuantizeParams {
  int32_t elems;
  float scale;
  int32_t zero_point;
  int32_t is_unsigned;  // 1: the quantised side is uint8
};

/// CONV_2D whose output enters an ADD at once: output = add(conv's output, skip), elementwise.
/// a is the convolution's side, whose zero point is conv.output_zero_point; b is the skip tensor's. Both round as
/// conv.rounding says. conv.act_min and conv.act_max limit the convolution's output, act_min and act_max the sum.
struct Conv2dAddParams {
  Conv2dParams conv;
  int32_t a_multiplier, a_shift;
  int32_t b_zero_point, b_multiplier, b_shift;
  int32_t left_shift;
  int32_t output_zero_point, output_multiplier, output_shift;
  int32_t act_min, act_max;
};

}  // namespace kernels
}  // namespace edgesmith
