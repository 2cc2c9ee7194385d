#include "device/kernels/reference/common.h"
#include "device/kernels/reference/elementwise.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {

void mul_s8(const MulParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output) {
  const MulParams& p = params;
  combine_s8(p.dims, p.step_a, p.step_b, a, b, output, [&p](int8_t x, int8_t y) {
    const int32_t product = (x - p.zero_point_a) * (y - p.zero_point_b);
    return to_s8(product, p.multiplier, p.shift, p.rounding, p.output_zero_point, p.act_min, p.act_max);
  });
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
