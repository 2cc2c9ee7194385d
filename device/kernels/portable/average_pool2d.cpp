#include "device/kernels/portable/kernels.h"
#include "device/kernels/portable/pool.h"

namespace edgesmith {
namespace kernels {
namespace portable {
namespace {

struct Mean {
  static constexpr int32_t kBegin = 0;
  static int32_t join(int32_t sum, int32_t q) {
    return sum + q;
  }
  static int32_t finish(int32_t sum, int32_t count) {  // halves away from zero
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
  }
};

}  // namespace

void average_pool2d_s8(const Pool2dParams& params, Span<const int8_t> input, Span<int8_t> output) {
  pool2d<Mean>(params, input, output);
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
