#pragma once
// Sums of a depthwise filter's taps. A list names those that lie inside the input; nothing here asks where they lie.

#include <stdint.h>

namespace edgesmith {
namespace kernels {
namespace portable {

/// The first channel of the input under a tap, and of the tap's weights.
struct Tap {
  const int8_t *input, *weights;
};

// Each adds the sum over taps..end-1 of input * weight to sums. Files of their own, so that the compiler has all
// registers for the loops.

/// sums[0..3] of channels c..c+3, each with an input of its own.
void add_four_taps(const Tap* taps, const Tap* end, int32_t c, int32_t* sums);
/// sums[0..3] of output channels o..o+3, all with input channel c.
void add_four_taps_shared(const Tap* taps, const Tap* end, int32_t c, int32_t o, int32_t* sums);
/// sums[0] of output channel o with input channel c.
void add_one_tap(const Tap* taps, const Tap* end, int32_t c, int32_t o, int32_t* sums);
/// sums[i] += factor * sum over taps of the weights of output channel o + i, of four channels or one: what a constant
/// input comes to.
void add_four_tap_weights(const Tap* taps, const Tap* end, int32_t o, int32_t factor, int32_t* sums);
void add_one_tap_weight(const Tap* taps, const Tap* end, int32_t o, int32_t factor, int32_t* sums);

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
