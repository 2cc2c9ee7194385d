#pragma once
// Operator codes of the .tflite format: those that we read and write, and the names of all, for messages.

#include <string>

namespace edgesmith::convert {

enum class Builtin : int {
  add = 0,
  average_pool_2d = 1,
  concatenation = 2,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  dequantize = 6,
  fully_connected = 9,
  logistic = 14,
  max_pool_2d = 17,
  mul = 18,
  relu = 19,
  relu6 = 21,
  reshape = 22,
  softmax = 25,
  tanh = 28,
  custom = 32,
  pad = 34,
  transpose = 39,
  mean = 40,
  sub = 41,
  div = 42,
  squeeze = 43,
  padv2 = 60,
  expand_dims = 70,
  leaky_relu = 98,
  quantize = 114,
  hard_swish = 117,
};

/// "CONV_2D" for 3; "operator 999" for a code newer than our table.
std::string builtin_name(int code);

}  // namespace edgesmith::convert
