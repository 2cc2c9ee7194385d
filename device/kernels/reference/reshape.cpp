#include <string.h>

#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void reshape_s8(const ReshapeParams& params, Span<const int8_t> input, Span<int8_t> output) {
  memmove(output.data, input.data, static_cast<size_t>(params.bytes));
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
