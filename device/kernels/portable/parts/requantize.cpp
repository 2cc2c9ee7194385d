#include "device/kernels/portable/parts/requantize.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

// Where the short forms do not hold. The sum with the zero point might overflow: nothing beyond 1024 reaches int8.
int32_t any_shift(int32_t acc, int32_t multiplier, int32_t shift, const OutputStage& stage) {
  const Rounding rounding = stage.once ? Rounding::single : Rounding::tflm_double;
  return clamp_s32(requantize(acc, multiplier, shift, rounding), -1024, 1024) + stage.zero_point;
}

// Both short forms carry the zero point inside the last rounding: (y + 1) / 2 + z = (y + 1 + 2z) / 2.
struct Double {
  static int32_t scaled(int32_t acc, int32_t multiplier, int32_t shift, int32_t half_and_zero_point) {
    int32_t y = high_multiply_fast(acc, multiplier);
    y += y >> 31;
    return ((y >> ~shift) + half_and_zero_point) >> 1;  // ~shift = -1 - shift
  }
};

struct Single {
  static int32_t scaled(int32_t acc, int32_t multiplier, int32_t shift, int32_t half_and_zero_point) {
    return ((upper_word(acc, multiplier) >> (-2 - shift)) + half_and_zero_point) >> 1;
  }
};

// A loop for each rounding, so that it is asked for once.
template <typename Short>
void write(const OutputStage& stage, const Weights& weights, int32_t o, int32_t channels, const int32_t* sums,
           int8_t* out) {
  const int32_t* bias = weights.bias.data + o;
  const int32_t* multiplier = weights.multiplier.data + o;
  const int8_t* shift = weights.shift.data + o;
  const int32_t low = stage.act_min, high = stage.act_max, half_and_zero_point = 2 * stage.zero_point + 1;
  for (const int32_t* end = sums + channels; sums != end;) {
    const int32_t acc = add_wrapping(*sums++, *bias++), scale = *multiplier++, bits = *shift++;
    int32_t q = bits < -1 ? Short::scaled(acc, scale, bits, half_and_zero_point) : any_shift(acc, scale, bits, stage);
    if (q < low) q = low;
    if (q > high) q = high;
    *out++ = static_cast<int8_t>(q);
  }
}

}  // namespace

void write_channels(const OutputStage& stage, const Weights& weights, int32_t o, int32_t channels, const int32_t* sums,
                    int8_t* out) {
  if (stage.once) {
    write<Single>(stage, weights, o, channels, sums, out);
  } else {
    write<Double>(stage, weights, o, channels, sums, out);
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
