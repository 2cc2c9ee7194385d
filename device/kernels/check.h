#pragma once
// Set-up checks: an operator whose check answers ok reads and writes inside its tensors, whatever the bytes in them.

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/kernels/params.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {

// Each answers plan_malformed unless dimensions are positive, products stay below 2^31, `input_bytes`, `output_bytes`
// and every span in `weights` have exactly the sizes that the parameters imply, filters reach only padding that the
// kernel handles, multipliers and shifts lie in range, and act_min <= act_max inside int8.
Status check_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes, size_t output_bytes);
Status check_depthwise_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes, size_t output_bytes);
Status check_fully_connected(const FullyConnectedParams& params, const Weights& weights, size_t input_bytes, size_t output_bytes);
Status check_pool2d(const Pool2dParams& params, size_t input_bytes, size_t output_bytes);
Status check_mean(const MeanParams& params, size_t input_bytes, size_t output_bytes);
Status check_softmax(const SoftmaxParams& params, size_t input_bytes, size_t output_bytes);
Status check_reshape(const ReshapeParams& params, size_t input_bytes, size_t output_bytes);

}  // namespace kernels
}  // namespace edgesmith
