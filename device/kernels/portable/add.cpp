#include "device/kernels/portable/parts/add.h"
#include "device/kernels/portable/kernels.h"
#include "device/kernels/reference/elementwise.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void add_s8(const AddParams& params, Span<const int8_t> a, Span<const int8_t> b, Span<int8_t> output) {
  const AddParams& p = params;
  const AddSide side_a = {p.a.zero_point, p.left_shift, p.a.multiplier, p.a.shift};
  const AddSide side_b = {p.b.zero_point, p.left_shift, p.b.multiplier, p.b.shift};
  const AddOutput to = {p.output_zero_point, p.output_multiplier, p.output_shift, p.act_min, p.act_max};
  const int32_t sign = p.subtract ? -1 : 1, rounding = p.rounding;
  reference::combine_s8(p.dims, p.a.step, p.b.step, a, b, output, [&](int8_t x, int8_t y) {
    return to_output(on_common_scale(x, side_a, rounding) + sign * on_common_scale(y, side_b, rounding), to, rounding);
  });
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
