// Codes are untrusted: they come from plan files.

#include "device/kernels/operators.h"

#include "device/kernels/check.h"

namespace edgesmith {
namespace kernels {

Status check_operator(const Operator& op, const Operands& operands) {
  const Weights& weights = operands.weights;
  const size_t in = operands.inputs[0].size();
  const size_t in2 = operands.inputs[1].size();
  const size_t out = operands.output.size();
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return check_fully_connected(params_of<FullyConnectedParams>(op), weights, in, out);
    case OpCode::conv2d:
      return check_conv2d(params_of<Conv2dParams>(op), weights, in, out);
    case OpCode::depthwise_conv2d:
      return check_depthwise_conv2d(params_of<Conv2dParams>(op), weights, in, out);
    case OpCode::max_pool2d:
    case OpCode::average_pool2d:
      return check_pool2d(params_of<Pool2dParams>(op), in, out);
    case OpCode::mean:
      return check_mean(params_of<MeanParams>(op), in, out);
    case OpCode::softmax:
      return check_softmax(params_of<SoftmaxParams>(op), in, out);
    case OpCode::reshape:
      return check_reshape(params_of<ReshapeParams>(op), in, out);
    case OpCode::add:
      return check_add(params_of<AddParams>(op), in, in2, out);
    case OpCode::mul:
      return check_mul(params_of<MulParams>(op), in, in2, out);
    case OpCode::pad:
      return check_pad(params_of<PadParams>(op), in, out);
    case OpCode::transpose:
      return check_transpose(params_of<TransposeParams>(op), in, out);
    case OpCode::concatenation:
      return check_concatenation(params_of<ConcatenationParams>(op), span_of(operands.inputs), out);
    case OpCode::lookup:
      return check_lookup(params_of<LookupParams>(op), weights.weights.size(), in, out);
    case OpCode::quantize:
      return check_quantize(params_of<QuantizeParams>(op), in, out);
    case OpCode::dequantize:
      return check_dequantize(params_of<QuantizeParams>(op), in, out);
    case OpCode::conv2d_add:
      return check_conv2d_add(params_of<Conv2dAddParams>(op), weights, in, in2, out);
  }
  return Status::plan_malformed;
}

}  // namespace kernels
}  // namespace edgesmith
