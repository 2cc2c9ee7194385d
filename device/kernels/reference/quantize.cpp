#include <string.h>

#include "device/base/exact_float.h"
#include "device/kernels/reference/kernels.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

/// round(x / scale); where that is far from any int8 or uint8 a value that is still outside of them, 0 for NaN.
int32_t rounded_quotient(float x, float scale) {
  constexpr float kFar = 1024;
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return 0;
  return round_half_away(clamp_f32(rounded(x / scale), -kFar, kFar));
}

}  // namespace

void quantize_s8(const QuantizeParams& params, Span<const int8_t> input, Span<int8_t> output) {
  const int32_t low = params.is_unsigned ? 0 : INT8_MIN;
  const int32_t high = params.is_unsigned ? UINT8_MAX : INT8_MAX;
  for (int32_t i = 0; i < params.elems; ++i) {
    float x;
    memcpy(&x, input.data + static_cast<size_t>(i) * sizeof x, sizeof x);
    const int32_t q = rounded_quotient(x, params.scale) + params.zero_point;
    output.data[i] = static_cast<int8_t>(clamp_s32(q, low, high));
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
