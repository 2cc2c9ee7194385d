#include <string.h>

#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void concatenation_s8(const ConcatenationParams& params, Span<const Span<const int8_t>> inputs, Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t o = 0; o < params.outer; ++o) {
    for (int32_t i = 0; i < params.inputs; ++i) {
      const int32_t bytes = params.inner_bytes[i];
      memcpy(out, inputs.data[i].data + o * bytes, static_cast<size_t>(bytes));
      out += bytes;
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
