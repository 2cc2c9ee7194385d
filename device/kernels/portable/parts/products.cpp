#include "device/kernels/portable/parts/products.h"

namespace edgesmith {
namespace kernels {
namespace portable {

void add_products(const int8_t* input, int32_t elems, const Filters& filters, int32_t* sums) {
  const int8_t* w = filters.first;
  int32_t left = filters.channels;
  for (; left >= 4; left -= 4) {
    add_four_products(input, w, filters.filter_elems, elems, sums);
    w += 4 * filters.filter_elems;
    sums += 4;
  }
  for (; left > 0; --left) {
    int32_t sum = 0;
    for (int32_t i = 0; i < elems; ++i)
      sum += input[i] * w[i];
    *sums++ += sum;
    w += filters.filter_elems;
  }
}

void add_products_of_two(const int8_t* input0, const int8_t* input1, int32_t elems, const Filters& filters,
                         int32_t* sums0, int32_t* sums1) {
  const int8_t* w = filters.first;
  int32_t i = 0;
  for (; i + 2 <= filters.channels; i += 2) {
    add_two_by_two_products(input0, input1, w, filters.filter_elems, elems, sums0 + i, sums1 + i);
    w += 2 * filters.filter_elems;
  }
  if (i < filters.channels) {
    const Filters last = {w, filters.filter_elems, 1};
    add_products(input0, elems, last, sums0 + i);
    add_products(input1, elems, last, sums1 + i);
  }
}

void add_weights(const Filters& filters, int32_t elems, int32_t factor, int32_t* sums) {
  const int8_t* w = filters.first;
  int32_t left = filters.channels;
  for (; left >= 4; left -= 4) {
    add_four_weights(w, filters.filter_elems, elems, factor, sums);
    w += 4 * filters.filter_elems;
    sums += 4;
  }
  for (; left > 0; --left) {
    int32_t weights = 0;
    for (int32_t i = 0; i < elems; ++i)
      weights += w[i];
    *sums++ += factor * weights;
    w += filters.filter_elems;
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
