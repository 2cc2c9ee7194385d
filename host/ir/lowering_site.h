#pragma once
// What the sources of lowering share: an operator with its tensors at hand, and the parameters that each source makes.

#include <cstdint>

#include "device/kernels/params.h"
#include "device/tensor/quantization.h"
#include "host/ir/graph.h"
#include "host/ir/requantization.h"

namespace edgesmith::ir {

// verify() bounds every tensor to 2^26 elements, so that each dimension fits.
inline std::int32_t s32(std::int64_t value) {
  return static_cast<std::int32_t>(value);
}

/// An operator with its first input and its output at hand.
struct LoweringSite {
  const Graph& graph;
  const Op& op;
  Rounding rounding;

  const Tensor& input(std::size_t i = 0) const {
    return graph.tensor(op.inputs[i]);
  }
  const Tensor& output() const {
    return graph.tensor(op.outputs[0]);
  }
  const Tensor& weights() const {
    return input(1);
  }
  /// Of what the operator computes; of conv2d_add that is the convolution's side of the sum.
  const Quantization& result() const {
    return op.kind == OpKind::conv2d_add ? op.attributes.conv_output : output().quantization;
  }
  float input_scale() const {
    return input().quantization.scale[0];
  }
  float output_scale() const {
    return result().scale[0];
  }
  std::int32_t input_zero_point() const {
    return s32(input().quantization.zero_point[0]);
  }
  std::int32_t output_zero_point() const {
    return s32(result().zero_point[0]);
  }
  ActivationRange range() const {
    return activation_range(op.attributes.activation, output_scale(), output_zero_point());
  }
  std::int32_t rounding_code() const {
    return static_cast<std::int32_t>(rounding);
  }
};

// lowering_elementwise.cpp: operators without weights that need no sum over many values.
kernels::AddParams add_params(const LoweringSite& site);
kernels::MulParams mul_params(const LoweringSite& site);
kernels::PadParams pad_params(const LoweringSite& site);
kernels::TransposeParams transpose_params(const LoweringSite& site);
kernels::ConcatenationParams concatenation_params(const LoweringSite& site);
/// Of QUANTIZE and DEQUANTIZE; `quantized` is the side that is not float32.
kernels::QuantizeParams quantize_params(const Tensor& quantized);
/// The sum behind `conv`.
kernels::Conv2dAddParams conv2d_add_params(const LoweringSite& site, const kernels::Conv2dParams& conv);

}  // namespace edgesmith::ir
