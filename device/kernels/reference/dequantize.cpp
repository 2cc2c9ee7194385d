#include <string.h>

#include "device/base/exact_float.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

// Forwards: element i is written to bytes 4i..4i+3 of the output. With the input 3 * (elems - 1) bytes further, element
// i + 1 lies at byte 3 * elems - 2 + i or beyond, which is at least 4i + 4 for every i + 1 < elems.
void dequantize_s8(const QuantizeParams& params, Span<const int8_t> input, Span<int8_t> output) {
  for (int32_t i = 0; i < params.elems; ++i) {
    const int8_t byte = input.data[i];
    const int32_t q = params.is_unsigned ? static_cast<uint8_t>(byte) : byte;
    const float real = mul(params.scale, static_cast<float>(q - params.zero_point));
    memcpy(output.data + static_cast<size_t>(i) * sizeof real, &real, sizeof real);
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
