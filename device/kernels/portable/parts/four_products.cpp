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

void add_two_by_two_products(const int8_t* input0, const int8_t* input1, const int8_t* filter, int32_t filter_elems,
                             int32_t elems, int32_t* sums0, int32_t* sums1) {
  const int8_t* wa = filter;
  const int8_t* wb = wa + filter_elems;
  int32_t a0 = sums0[0], b0 = sums0[1], a1 = sums1[0], b1 = sums1[1];
  for (const int8_t* end = input0 + elems; input0 != end;) {
    const int32_t x0 = *input0++, x1 = *input1++;
    const int32_t a = *wa++, b = *wb++;
    a0 += x0 * a;
    a1 += x1 * a;
    b0 += x0 * b;
    b1 += x1 * b;
  }
  sums0[0] = a0;
  sums0[1] = b0;
  sums1[0] = a1;
  sums1[1] = b1;
}

void add_four_weights(const int8_t* filter, int32_t filter_elems, int32_t elems, int32_t factor, int32_t* sums) {
  const int8_t* wb = filter + filter_elems;
  const int8_t* wc = wb + filter_elems;
  const int8_t* wd = wc + filter_elems;
  int32_t a = 0, b = 0, c = 0, d = 0;
  for (const int8_t* end = filter + elems; filter != end;) {
    a += *filter++;
    b += *wb++;
    c += *wc++;
    d += *wd++;
  }
  sums[0] += factor * a;
  sums[1] += factor * b;
  sums[2] += factor * c;
  sums[3] += factor * d;
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
