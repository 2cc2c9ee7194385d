#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void transpose_s8(const TransposeParams& params, Span<const int8_t> input, Span<int8_t> output) {
  const int32_t(&dims)[4] = params.dims;
  const int32_t(&step)[4] = params.step;
  int8_t* out = output.data;
  for (int32_t i = 0; i < dims[0]; ++i) {
    for (int32_t j = 0; j < dims[1]; ++j) {
      for (int32_t k = 0; k < dims[2]; ++k) {
        const int8_t* row = input.data + i * step[0] + j * step[1] + k * step[2];
        for (int32_t l = 0; l < dims[3]; ++l)
          *out++ = row[l * step[3]];
      }
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
