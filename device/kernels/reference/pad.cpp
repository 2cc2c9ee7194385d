#include <string.h>

#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

bool inside(int32_t position, int32_t input_elems) {
  return position >= 0 && position < input_elems;
}

}  // namespace

void pad_s8(const PadParams& params, Span<const int8_t> input, Span<int8_t> output) {
  const PadParams& p = params;
  const size_t row = static_cast<size_t>(p.input[3]);
  const int8_t* in = input.data;
  memset(output.data, p.value, output.size());
  for (int32_t i = 0; i < p.output[0]; ++i) {
    for (int32_t j = 0; j < p.output[1]; ++j) {
      for (int32_t k = 0; k < p.output[2]; ++k) {
        const bool holds_input = inside(i - p.before[0], p.input[0]) && inside(j - p.before[1], p.input[1]) &&
                                 inside(k - p.before[2], p.input[2]);
        if (!holds_input) continue;
        memcpy(output.data + ((i * p.output[1] + j) * p.output[2] + k) * p.output[3] + p.before[3], in, row);
        in += row;
      }
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
