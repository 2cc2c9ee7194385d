#include "device/kernels/reference/common.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

// `input` points at the channel's first value.
int32_t sum_under_filter(const Pool2dParams& p, const Place& at, const int8_t* input) {
  int32_t sum = 0;
  for (int32_t y = at.start_y + at.y.begin; y < at.start_y + at.y.end; ++y) {
    for (int32_t x = at.start_x + at.x.begin; x < at.start_x + at.x.end; ++x) {
      sum += input[(y * p.input_w + x) * p.channels];
    }
  }
  return sum;
}

int32_t divide_half_away(int32_t sum, int32_t count) {
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

}  // namespace

void average_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t y = 0; y < params.output_h; ++y) {
    for (int32_t x = 0; x < params.output_w; ++x) {
      const Place at = place_of(params, y, x);
      const int32_t count = (at.y.end - at.y.begin) * (at.x.end - at.x.begin);
      for (int32_t c = 0; c < params.channels; ++c) {
        const int32_t mean = divide_half_away(sum_under_filter(params, at, input.data + c), count);
        *out++ = static_cast<int8_t>(clamp_s32(mean, params.act_min, params.act_max));
      }
    }
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
