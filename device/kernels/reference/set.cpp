#include "device/kernels/reference/set.h"

#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

void run(const Operator& op, const Operands& operands) {
  const Span<const int8_t> input = operands.inputs[0];
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
  }
}

uint32_t scratch_bytes(const Operator&) {
  return 0;
}

/// The reference kernels write in the order of memory, but read as they like: only what works element by element may
/// lie on its input.
uint32_t overlap_bytes(const Operator& op, uint32_t) {
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::softmax:
    case OpCode::reshape:
      return 0;
    case OpCode::fully_connected:
    case OpCode::conv2d:
    case OpCode::depthwise_conv2d:
    case OpCode::max_pool2d:
    case OpCode::average_pool2d:
    case OpCode::mean:
      break;
  }
  return kNoOverlap;
}

}  // namespace

const KernelSet kSet = {1, 1, "reference", run, scratch_bytes, overlap_bytes};

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
