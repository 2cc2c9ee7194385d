#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/pool.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

struct Largest {
  static constexpr int32_t kBegin = INT8_MIN;
  static int32_t join(int32_t largest, int32_t q) {
    return q > largest ? q : largest;
  }
  static int32_t finish(int32_t largest, int32_t) {
    return largest;
  }
};

}  // namespace

void max_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output) {
  pool2d<Largest>(params, input, output);
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
