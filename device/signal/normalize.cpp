#include "device/signal/normalize.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace signal {

Status check_normalize(const NormalizeSpec& spec, uint32_t features) {
  const size_t period = spec.offset.size();
  if (period == 0 || spec.gain.size() != period || features % period != 0) return Status::plan_malformed;
  for (size_t i = 0; i < period; ++i) {
    const bool bounded = abs_f32(spec.offset[i]) <= 1e24f && abs_f32(spec.gain[i]) <= 1e12f;
    if (!is_finite(spec.offset[i]) || !is_finite(spec.gain[i]) || !bounded) return Status::plan_malformed;
  }
  return is_finite(spec.clip) && spec.clip >= 0 ? Status::ok : Status::plan_malformed;
}

float normalize(const NormalizeSpec& spec, uint32_t index, float value) {
  const uint32_t entry = index % static_cast<uint32_t>(spec.offset.size());
  const float x = mul(sub(value, spec.offset[entry]), spec.gain[entry]);
  return spec.clip > 0 ? clamp_f32(x, -spec.clip, spec.clip) : x;
}

int8_t quantize_s8(float x, float inv_scale, int32_t zero_point) {
  // +-512 is beyond what any zero point can bring back into int8, and safe to convert.
  const float steps = clamp_f32(mul(x, inv_scale), -512.0f, 512.0f);
  const int32_t q = round_half_away(steps) + zero_point;
  return static_cast<int8_t>(q < -128 ? -128 : (q > 127 ? 127 : q));
}

}  // namespace signal
}  // namespace edgesmith
