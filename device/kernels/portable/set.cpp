#include "device/kernels/portable/set.h"

#include "device/kernels/overlap.h"
#include "device/kernels/portable/kernels.h"
#include "device/kernels/reference/set.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

/// False: not tuned here.
bool run_own(const Operator& op, const Operands& operands) {
  const Span<const int8_t> input = operands.inputs[0];
  const Weights& weights = operands.weights;
  const Span<int8_t> output = operands.output;
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return fully_connected_s8(params_of<FullyConnectedParams>(op), weights, input, output), true;
    case OpCode::conv2d:
      return conv2d_s8(params_of<Conv2dParams>(op), weights, input, output), true;
    case OpCode::depthwise_conv2d:
      return depthwise_conv2d_s8(params_of<Conv2dParams>(op), weights, input, output), true;
    case OpCode::max_pool2d:
      return max_pool2d_s8(params_of<Pool2dParams>(op), input, output), true;
    case OpCode::average_pool2d:
      return average_pool2d_s8(params_of<Pool2dParams>(op), input, output), true;
    case OpCode::add:
      return add_s8(params_of<AddParams>(op), input, operands.inputs[1], output), true;
    case OpCode::conv2d_add:
      return conv2d_add_s8(params_of<Conv2dAddParams>(op), weights, input, operands.inputs[1], output), true;
    default:  // of the reference, and of whatever joins it
      return false;
  }
}

void run(const Operator& op, const Operands& operands) {
  if (!run_own(op, operands)) reference::kSet.run(op, operands);
}

uint32_t scratch_bytes(const Operator& op) {
  return reference::kSet.scratch_bytes(op);  // the kernels here need none
}

const char* provider(uint32_t code) {
  switch (static_cast<OpCode>(code)) {
    case OpCode::fully_connected:
    case OpCode::conv2d:
    case OpCode::depthwise_conv2d:
    case OpCode::max_pool2d:
    case OpCode::average_pool2d:
    case OpCode::add:
    case OpCode::conv2d_add:
      return "portable";
    default:
      return reference::kSet.provider(code);
  }
}

}  // namespace

const KernelSet kSet = {2, 1, "portable", run, scratch_bytes, overlap_bytes, overlap_backwards_bytes, provider};

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
