#include "device/kernels/portable/parts/taps.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void add_four_taps(const Tap* taps, const Tap* end, int32_t c, int32_t* sums) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (; taps != end; ++taps) {
    const int8_t* x = taps->input + c;
    const int8_t* w = taps->weights + c;
    s0 += x[0] * w[0];
    s1 += x[1] * w[1];
    s2 += x[2] * w[2];
    s3 += x[3] * w[3];
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

void add_four_taps_shared(const Tap* taps, const Tap* end, int32_t c, int32_t o, int32_t* sums) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (; taps != end; ++taps) {
    const int32_t x = taps->input[c];
    const int8_t* w = taps->weights + o;
    s0 += x * w[0];
    s1 += x * w[1];
    s2 += x * w[2];
    s3 += x * w[3];
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

void add_one_tap(const Tap* taps, const Tap* end, int32_t c, int32_t o, int32_t* sums) {
  int32_t sum = sums[0];
  for (; taps != end; ++taps)
    sum += taps->input[c] * taps->weights[o];
  sums[0] = sum;
}

void add_four_tap_weights(const Tap* taps, const Tap* end, int32_t o, int32_t factor, int32_t* sums) {
  int32_t w0 = 0, w1 = 0, w2 = 0, w3 = 0;
  for (; taps != end; ++taps) {
    const int8_t* w = taps->weights + o;
    w0 += w[0];
    w1 += w[1];
    w2 += w[2];
    w3 += w[3];
  }
  sums[0] += factor * w0;
  sums[1] += factor * w1;
  sums[2] += factor * w2;
  sums[3] += factor * w3;
}

void add_one_tap_weight(const Tap* taps, const Tap* end, int32_t o, int32_t factor, int32_t* sums) {
  int32_t weights = 0;
  for (; taps != end; ++taps)
    weights += taps->weights[o];
  sums[0] += factor * weights;
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
