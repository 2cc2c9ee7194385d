#pragma once
// Inner products of one input with several filters at a time.

#include <stdint.h>

#include "device/kernels/portable/parts/sums.h"

namespace edgesmith {
namespace kernels {
namespace portable {

/// `channels` neighbouring filters, 1..kChannelsAtOnce, each `filter_elems` long.
struct Filters {
  const int8_t* first;
  int32_t filter_elems, channels;
};

/// sums[i] += sum over `elems` neighbours of input * filter i, from the filters' first weights on.
void add_products(const int8_t* input, int32_t elems, const Filters& filters, int32_t* sums);

/// The same for two inputs.
void add_products_of_two(const int8_t* input0, const int8_t* input1, int32_t elems, const Filters& filters,
                         int32_t* sums0, int32_t* sums1);

/// sums[i] += factor * sum of the first `elems` weights of filter i: what a constant input comes to.
void add_weights(const Filters& filters, int32_t elems, int32_t factor, int32_t* sums);

/// One input against four filters that lie `filter_elems` apart: sums[0..3] += ... Each input is loaded once for four
/// products. A file of its own, so that the compiler has all registers for the loop.
void add_four_products(const int8_t* input, const int8_t* filter, int32_t filter_elems, int32_t elems, int32_t* sums);

/// Two inputs against two filters, in the same manner: sums0[0..1] and sums1[0..1].
void add_two_by_two_products(const int8_t* input0, const int8_t* input1, const int8_t* filter, int32_t filter_elems,
                             int32_t elems, int32_t* sums0, int32_t* sums1);

/// sums[0..3] += factor * sum of `elems` weights of four filters.
void add_four_weights(const int8_t* filter, int32_t filter_elems, int32_t elems, int32_t factor, int32_t* sums);

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
