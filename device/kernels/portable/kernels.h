#pragma once
// The portable kernel set: the reference's results, in fewer instructions on any 32-bit core.
//
// Sums of four output channels are kept in registers at a time, so that each input is loaded once for four products;
// nothing inside a loop is wider than 32 bits, and no tap asks whether it lies in the padding. Contracts are those of
// reference/kernels.h, bit for bit; what is not declared here is the reference kernel itself.

#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace portable {

using namespace reference;  // a declaration below hides the reference's

void conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input, Span<int8_t> output);
void depthwise_conv2d_s8(const Conv2dParams& params, const Weights& weights, Span<const int8_t> input,
                         Span<int8_t> output);
void fully_connected_s8(const FullyConnectedParams& params, const Weights& weights, Span<const int8_t> input,
                        Span<int8_t> output);
void max_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);
void average_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output);
void add_s8(const AddParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output);
void conv2d_add_s8(const Conv2dAddParams& params, const Weights& weights, Span<const int8_t> input,
                   Span<const int8_t> skip, Span<int8_t> output);

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
