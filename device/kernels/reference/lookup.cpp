#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void lookup_s8(const LookupParams& params, Span<const int8_t> table, Span<const int8_t> input, Span<int8_t> output) {
  for (int32_t i = 0; i < params.elems; ++i)
    output.data[i] = table.data[static_cast<uint8_t>(input.data[i])];
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
