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
  int32_t rounding;  // Rounding
};

/// FULLY_CONNECTED, on `rows` independent rows (1 for a plain dense layer).
struct FullyConnectedParams {
  int32_t rows, input_elems, output_elems;
  int32_t input_zero_point, output_zero_point;
  int32_t act_min, act_max;
  int32_t rounding;
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

/// MEAN over height and width: input [h][w][channels], output [channels].
struct MeanParams {
  int32_t input_h, input_w, channels;
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier, shift;  // of input_scale / output_scale / (h * w); see int8 MEAN in TFLite
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
  int32_t elems;
};

}  // namespace kernels
}  // namespace edgesmith
