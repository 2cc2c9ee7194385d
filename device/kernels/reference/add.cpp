#include "device/kernels/reference/common.h"
#include "device/kernels/reference/elementwise.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

int32_t side(const AddParams& p, const ElementwiseOperand& s, int8_t q) {
  return to_common_scale(q, s.zero_point, p.left_shift, s.multiplier, s.shift, p.rounding);
}

}  // namespace

void add_s8(const AddParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output) {
  const AddParams& p = params;
  const int32_t sign = p.subtract ? -1 : 1;
  combine_s8(p.dims, p.a.step, p.b.step, a, b, output, [&p, sign](int8_t x, int8_t y) {
    const int32_t sum = side(p, p.a, x) + sign * side(p, p.b, y);
    return to_s8(sum, p.output_multiplier, p.output_shift, p.rounding, p.output_zero_point, p.act_min, p.act_max);
  });
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
