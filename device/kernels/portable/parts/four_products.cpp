#include "device/kernels/portable/parts/products.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void add_four_products(const int8_t* input, const int8_t* filter, int32_t filter_elems, int32_t elems, int32_t* sums) {
  const int8_t* wa = filter;
  const int8_t* wb = wa + filter_elems;
  const int8_t* wc = wb + filter_elems;
  const int8_t* wd = wc + filter_elems;
  int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  for (const int8_t* end = input + elems; input != end;) {
    const int32_t x = *input++;
    a += x * *wa++;
    b += x * *wb++;
    c += x * *wc++;
    d += x * *wd++;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
