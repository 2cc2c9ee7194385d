#pragma once
// Walking two inputs and an output together, where an input may stand still along a dimension.

#include <stdint.h>

#include "device/base/span.h"

namespace edgesmith {
namespace kernels {
namespace reference {

/// output[i] = combine(a[sum of i[d] * step_a[d]], b[sum of i[d] * step_b[d]]) for all i in `dims`, in the order of
/// memory. A template, so that `combine` is compiled into the loop.
template <typename Combine>
void combine_s8(const int32_t (&dims)[4], const int32_t (&step_a)[4], const int32_t (&step_b)[4], Span<const int8_t> a,
                Span<const int8_t> b, Span<int8_t> output, Combine combine) {
  int8_t* out = output.data;
  for (int32_t i = 0; i < dims[0]; ++i) {
    for (int32_t j = 0; j < dims[1]; ++j) {
      for (int32_t k = 0; k < dims[2]; ++k) {
        const int8_t* row_a = a.data + i * step_a[0] + j * step_a[1] + k * step_a[2];
        const int8_t* row_b = b.data + i * step_b[0] + j * step_b[1] + k * step_b[2];
        for (int32_t l = 0; l < dims[3]; ++l)
          *out++ = combine(row_a[l * step_a[3]], row_b[l * step_b[3]]);
      }
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
