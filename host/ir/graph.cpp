#include "host/ir/graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

namespace edgesmith::ir {

std::size_t dtype_bytes(DType dtype) {
  switch (dtype) {
    case DType::s8:
    case DType::u8:
      return 1;
    case DType::f16:
    case DType::s16:
      return 2;
    case DType::f32:
    case DType::s32:
      return 4;
  }
  return 0;
}

const char* dtype_name(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "float32";
    case DType::f16:
      return "float16";
    case DType::s8:
      return "int8";
    case DType::u8:
      return "uint8";
    case DType::s16:
      return "int16";
    case DType::s32:
      return "int32";
  }
  return "?";
}

const char* op_name(OpKind kind) {
  switch (kind) {
    case OpKind::conv2d:
      return "CONV_2D";
    case OpKind::depthwise_conv2d:
      return "DEPTHWISE_CONV_2D";
    case OpKind::fully_connected:
      return "FULLY_CONNECTED";
    case OpKind::max_pool2d:
      return "MAX_POOL_2D";
    case OpKind::average_pool2d:
      return "AVERAGE_POOL_2D";
    case OpKind::mean:
      return "MEAN";
    case OpKind::softmax:
      return "SOFTMAX";
    case OpKind::reshape:
      return "RESHAPE";
    case OpKind::relu:
      return "RELU";
    case OpKind::batch_norm:
      return "BATCH_NORM";
    case OpKind::add:
      return "ADD";
    case OpKind::sub:
      return "SUB";
    case OpKind::mul:
      return "MUL";
    case OpKind::pad:
      return "PAD";
    case OpKind::transpose:
      return "TRANSPOSE";
    case OpKind::concatenation:
      return "CONCATENATION";
    case OpKind::logistic:
      return "LOGISTIC";
    case OpKind::tanh:
      return "TANH";
    case OpKind::relu6:
      return "RELU6";
    case OpKind::leaky_relu:
      return "LEAKY_RELU";
    case OpKind::hard_swish:
      return "HARD_SWISH";
    case OpKind::quantize:
      return "QUANTIZE";
    case OpKind::dequantize:
      return "DEQUANTIZE";
    case OpKind::conv2d_add:
      return "CONV_2D_ADD";
    case OpKind::lookup:
      return "LOOKUP";
  }
  return "?";
}

bool takes_weights(OpKind kind) {
  return kind == OpKind::conv2d || kind == OpKind::depthwise_conv2d || kind == OpKind::fully_connected ||
         kind == OpKind::conv2d_add;
}

std::int64_t elems(const std::vector<std::int64_t>& shape) {
  std::int64_t product = 1;
  for (const std::int64_t dim : shape) {
    if (dim <= 0) return 0;
    if (product > std::numeric_limits<std::int64_t>::max() / dim) return std::numeric_limits<std::int64_t>::max();
    product *= dim;
  }
  return product;
}

std::size_t tensor_bytes(const Tensor& tensor) {
  return static_cast<std::size_t>(elems(tensor.shape)) * dtype_bytes(tensor.dtype);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

}  // namespace edgesmith::ir
