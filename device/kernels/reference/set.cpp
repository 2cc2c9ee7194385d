#include "device/kernels/reference/set.h"

#include "device/kernels/overlap.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

void run(const Operator& op, const Operands& operands) {
  const Span<const int8_t> input = operands.inputs[0];
  const Span<const int8_t> input2 = operands.inputs[1];
  const Weights& weights = operands.weights;
  const Span<int8_t> output = operands.output;
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return fully_connected_s8(params_of<FullyConnectedParams>(op), weights, input, output);
    case OpCode::conv2d:
      return conv2d_s8(params_of<Conv2dParams>(op), weights, input, output);
    case OpCode::depthwise_conv2d:
      return depthwise_conv2d_s8(params_of<Conv2dParams>(op), weights, input, output);
    case OpCode::max_pool2d:
      return max_pool2d_s8(params_of<Pool2dParams>(op), input, output);
    case OpCode::average_pool2d:
      return average_pool2d_s8(params_of<Pool2dParams>(op), input, output);
    case OpCode::mean:
      return mean_s8(params_of<MeanParams>(op), input, output);
    case OpCode::softmax:
      return softmax_s8(params_of<SoftmaxParams>(op), input, output);
    case OpCode::reshape:
      return reshape_s8(params_of<ReshapeParams>(op), input, output);
    case OpCode::add:
      return add_s8(params_of<AddParams>(op), input, input2, output);
    case OpCode::mul:
      return mul_s8(params_of<MulParams>(op), input, input2, output);
    case OpCode::pad:
      return pad_s8(params_of<PadParams>(op), input, output);
    case OpCode::transpose:
      return transpose_s8(params_of<TransposeParams>(op), input, output);
    case OpCode::concatenation:
      return concatenation_s8(params_of<ConcatenationParams>(op), span_of(operands.inputs), output);
    case OpCode::lookup:
      return lookup_s8(params_of<LookupParams>(op), weights.weights, input, output);
    case OpCode::quantize:
      return quantize_s8(params_of<QuantizeParams>(op), input, output);
    case OpCode::dequantize:
      return dequantize_s8(params_of<QuantizeParams>(op), input, output);
    case OpCode::conv2d_add:
      return conv2d_add_s8(params_of<Conv2dAddParams>(op), weights, input, input2, output);
  }
}

uint32_t scratch_bytes(const Operator&) {
  return 0;
}

const char* provider(uint32_t) {
  return "reference";
}

}  // namespace

const KernelSet kSet = {1, 1, "reference", run, scratch_bytes, overlap_bytes, never_overlaps, provider};

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
