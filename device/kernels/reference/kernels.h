#pragma once
// The reference kernel set: the definition of what each operator computes. One source file an operator.
// All shapes were checked by check_*() (kernels/check.h) at set-up; nothing here can fail.

#include <stdint.h>

#include "device/base/span.h"
#include "device/kernels/params.h"

namespace edgesmith {
namespace kernels {

/// Constants of a layer with weights; spans hold output_c (or output_elems) entries but for the weights.
struct Weights {
  Span<const int8_t> weights;
  Span<const int32_t> bias;
  Span<const int32_t> multiplier;
  Span<const int8_t> shift;
};

namespace reference {

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output);
void depthwise_conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output);
void fully_connected_s8(const FullyConnectedParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output);
void max_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);
void average_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);
void mean_s8(const MeanParams& params, Span<const int8_t> input, Span<int8_t> output);
void softmax_s8(const SoftmaxParams& params, Span<const int8_t> input, Span<int8_t> output);
void reshape_s8(const ReshapeParams& params, Span<const int8_t> input, Span<int8_t> output);

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
