#include "host/convert/tflite/padding.h"

#include <algorithm>

namespace edgesmith::convert {

Pads same_padding(std::int64_t input, std::int64_t filter, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t output = (input + stride - 1) / stride;
  const std::int64_t reach = (filter - 1) * dilation + 1;
  const std::int64_t total = std::max<std::int64_t>((output - 1) * stride + reach - input, 0);
  return {static_cast<int>(total / 2), static_cast<int>(total - total / 2)};
}

}  // namespace edgesmith::convert
