#pragma once
// Set-up checks: after an operator's check answered ok its kernels read and write inside their tensors only, divide by
// nothing that is zero and overflow nothing, whatever the bytes of weights, bias and activations are.

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/kernels/params.h"

namespace edgesmith {
namespace kernels {

constexpr int32_t kMaxDimension = 65535;          // of a tensor, filter, stride, dilation or padding
constexpr int32_t kMaxTaps = 65535;               // products a sum over a filter may have
constexpr int32_t kMaxFilterPosition = 1 << 30;   // last output position times stride
constexpr int32_t kMaxMeanCount = (1 << 23) - 1;  // values under one mean
constexpr int32_t kMaxSoftmaxDepth = 4095;        // values in one softmax
constexpr int32_t kMaxLeftShift = 20;             // of the sides of a sum
constexpr size_t kLookupEntries = 256;            // of a table

// Each answers plan_malformed unless dimensions are within 1..kMaxDimension, products stay below 2^31, `input_bytes`,
// `output_bytes` and every span in `weights` have exactly the sizes that the parameters imply, zero points are int8,
// multipliers are not negative and shifts lie in -31..30, and act_min <= act_max inside int8. A convolution's filter
// may lie in the padding entirely (its output is then the bias); a pool's always covers some input.
Status check_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes, size_t output_bytes);
Status check_depthwise_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes,
                              size_t output_bytes);
Status check_fully_connected(const FullyConnectedParams& params, const Weights& weights, size_t input_bytes,
                             size_t output_bytes);
Status check_pool2d(const Pool2dParams& params, size_t input_bytes, size_t output_bytes);
Status check_mean(const MeanParams& params, size_t input_bytes, size_t output_bytes);
Status check_softmax(const SoftmaxParams& params, size_t input_bytes, size_t output_bytes);
Status check_reshape(const ReshapeParams& params, size_t input_bytes, size_t output_bytes);

// The following bound no single dimension: only their product, as the other sizes, stays below 2^31. An input that is
// walked in steps ends where the last step reaches.
Status check_add(const AddParams& params, size_t a_bytes, size_t b_bytes, size_t output_bytes);
Status check_mul(const MulParams& params, size_t a_bytes, size_t b_bytes, size_t output_bytes);
Status check_pad(const PadParams& params, size_t input_bytes, size_t output_bytes);
Status check_transpose(const TransposeParams& params, size_t input_bytes, size_t output_bytes);
/// `inputs` has kMaxInputs entries; those that the operator has not are empty.
Status check_concatenation(const ConcatenationParams& params, Span<const Span<const int8_t>> inputs,
                           size_t output_bytes);
Status check_lookup(const LookupParams& params, size_t table_bytes, size_t input_bytes, size_t output_bytes);
/// Scales must be positive, finite and no denormal, which some cores take for zero.
Status check_quantize(const QuantizeParams& params, size_t input_bytes, size_t output_bytes);
Status check_dequantize(const QuantizeParams& params, size_t input_bytes, size_t output_bytes);
Status check_conv2d_add(const Conv2dAddParams& params, const Weights& weights, size_t input_bytes, size_t skip_bytes,
                        size_t output_bytes);

}  // namespace kernels
}  // namespace edgesmith
