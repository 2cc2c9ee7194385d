#include "device/runtime/operators.h"

#include <string.h>

#include "device/kernels/check.h"

namespace edgesmith {
namespace {

using plan::OpCode;

/// The parameters as the struct that the kernel takes. Copied, since the plan holds them as words.
template <typename Params>
Params params_of(const plan::ContractOp& op) {
  static_assert(sizeof(Params) <= sizeof(op.params), "kMaxParams is too small");
  Params params;
  memcpy(&params, op.params, sizeof params);
  return params;
}

}  // namespace

Status check_operator(const plan::ContractOp& op, const kernels::Weights& weights) {
  const size_t in = op.input_bytes;
  const size_t out = op.output_bytes;
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return kernels::check_fully_connected(params_of<kernels::FullyConnectedParams>(op), weights, in, out);
    case OpCode::conv2d:
      return kernels::check_conv2d(params_of<kernels::Conv2dParams>(op), weights, in, out);
    case OpCode::depthwise_conv2d:
      return kernels::check_depthwise_conv2d(params_of<kernels::Conv2dParams>(op), weights, in, out);
    case OpCode::max_pool2d:
    case OpCode::average_pool2d:
      return kernels::check_pool2d(params_of<kernels::Pool2dParams>(op), in, out);
    case OpCode::mean:
      return kernels::check_mean(params_of<kernels::MeanParams>(op), in, out);
    case OpCode::softmax:
      return kernels::check_softmax(params_of<kernels::SoftmaxParams>(op), in, out);
    case OpCode::reshape:
      return kernels::check_reshape(params_of<kernels::ReshapeParams>(op), in, out);
  }
  return Status::plan_malformed;
}

void run_operator(const plan::ContractOp& op, const kernels::Weights& weights, Span<const int8_t> input,
                  Span<int8_t> output) {
  namespace set = kernels::reference;
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return set::fully_connected_s8(params_of<kernels::FullyConnectedParams>(op), weights, input, output);
    case OpCode::conv2d:
      return set::conv2d_s8(params_of<kernels::Conv2dParams>(op), weights, input, output);
    case OpCode::depthwise_conv2d:
      return set::depthwise_conv2d_s8(params_of<kernels::Conv2dParams>(op), weights, input, output);
    case OpCode::max_pool2d:
      return set::max_pool2d_s8(params_of<kernels::Pool2dParams>(op), input, output);
    case OpCode::average_pool2d:
      return set::average_pool2d_s8(params_of<kernels::Pool2dParams>(op), input, output);
    case OpCode::mean:
      return set::mean_s8(params_of<kernels::MeanParams>(op), input, output);
    case OpCode::softmax:
      return set::softmax_s8(params_of<kernels::SoftmaxParams>(op), input, output);
    case OpCode::reshape:
      return set::reshape_s8(params_of<kernels::ReshapeParams>(op), input, output);
  }
}

}  // namespace edgesmith
