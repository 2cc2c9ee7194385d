#pragma once
// Operator codes of the .tflite format: those that we read and write, and the names of all, for messages.

#include <string>

namespace edgesmith::convert {

enum class Builtin : int {
  average_pool_2d = 1,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  fully_connected = 9,
  max_pool_2d = 17,
  relu = 19,
  reshape = 22,
  softmax = 25,
  custom = 32,
  mean = 40,
  quantize = 114,
  dequantize = 6,
};

/// "CONV_2D" for 3; "operator 999" for a code newer than our table.
std::string builtin_name(int code);

}  // namespace edgesmith::convert
