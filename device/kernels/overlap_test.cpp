#include "device/kernels/overlap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "device/kernels/place.h"
#include "device/kernels/portable/set.h"
#include "device/kernels/reference/kernels_fixture.h"
#include "device/kernels/reference/set.h"

namespace edgesmith::kernels {
namespace {

using reference::below;
using reference::between;
using reference::in;
using reference::Int8s;
using reference::Layer;
using reference::out;
using reference::random_int8s;

template <typename Params>
Operator operator_of(OpCode code, const Params& params) {
  Operator op = {static_cast<std::uint32_t>(code), {}};
  std::memcpy(op.params, &params, sizeof params);
  return op;
}

/// Both sets, with the output at the stated distance before the input in one block of memory.
void expect_safe(const Operator& op, const Layer* layer, const Int8s& input, int output_bytes) {
  const auto distance = static_cast<std::ptrdiff_t>(overlap_bytes(op, 0));
  ASSERT_NE(overlap_bytes(op, 0), kNoOverlap);
  Int8s expected(static_cast<std::size_t>(output_bytes));
  Operands operands = {};
  operands.inputs[0] = in(input);
  if (layer) operands.weights = layer->view();
  operands.output = out(expected);
  ASSERT_EQ(check_operator(op, operands), Status::ok);
  reference::kSet.run(op, operands);
  for (const KernelSet* set : {&reference::kSet, &portable::kSet}) {
    ASSERT_EQ(set->overlap_bytes(op, 0), overlap_bytes(op, 0));
    Int8s memory(std::max(expected.size(), static_cast<std::size_t>(distance) + input.size()));
    std::copy(input.begin(), input.end(), memory.begin() + distance);
    operands.inputs[0] = {memory.data() + distance, input.size()};
    operands.output = {memory.data(), expected.size()};
    set->run(op, operands);
    memory.resize(expected.size());
    ASSERT_EQ(memory, expected) << set->name << " at " << distance;
  }
}

/// The portable set with the output's end at the stated distance behind the input's.
void expect_safe_backwards(const Operator& op, const Layer& layer, const Int8s& input, int output_bytes) {
  const auto distance = static_cast<std::ptrdiff_t>(portable::kSet.overlap_backwards_bytes(op, 0));
  Int8s expected(static_cast<std::size_t>(output_bytes));
  Operands operands = {};
  operands.inputs[0] = in(input);
  operands.weights = layer.view();
  operands.output = out(expected);
  reference::kSet.run(op, operands);
  const auto input_bytes = static_cast<std::ptrdiff_t>(input.size());
  const std::ptrdiff_t lead = input_bytes + distance - output_bytes;  // of the output's start over the input's
  const std::ptrdiff_t input_at = std::max<std::ptrdiff_t>(0, -lead), output_at = std::max<std::ptrdiff_t>(0, lead);
  Int8s memory(static_cast<std::size_t>(std::max(input_at + input_bytes, output_at + output_bytes)));
  std::copy(input.begin(), input.end(), memory.begin() + input_at);
  operands.inputs[0] = {memory.data() + input_at, input.size()};
  operands.output = {memory.data() + output_at, expected.size()};
  portable::kSet.run(op, operands);
  ASSERT_TRUE(std::equal(expected.begin(), expected.end(), memory.begin() + output_at)) << distance;
}

/// Pairs from the last even position on; what a pair or an earlier one reads must lie before what it writes.
std::int64_t backwards_by_search(const Conv2dParams& p) {
  const int positions = p.output_h * p.output_w;
  std::int64_t distance = 0;
  for (int x = 0; x < positions; x += 2) {
    const int behind = positions - std::min(x + 2, positions);
    distance = std::max<std::int64_t>(distance, (positions - x) * p.output_c - behind * p.input_c);
  }
  return distance;
}

TEST(Overlap, PointwiseLayersMayEndTheStatedDistanceBehindTheirInput) {
  for (int trial = 0; trial < 1000; ++trial) {
    Conv2dParams p{};
    p.input_h = p.output_h = between(1, 5), p.input_w = p.output_w = between(1, 5);
    p.input_c = between(1, 20), p.output_c = between(1, 20);
    p.filter_h = p.filter_w = p.stride_h = p.stride_w = p.dilation_h = p.dilation_w = 1;
    p.act_min = -128, p.act_max = 127, p.input_zero_point = between(-128, 127), p.zero_point_in_bias = below(2);
    const Operator op = operator_of(OpCode::conv2d, p);
    SCOPED_TRACE(trial);
    ASSERT_EQ(overlap_backwards_bytes(op, 0), backwards_by_search(p));
    const Layer layer(p.output_c * p.input_c, p.output_c);
    ASSERT_NO_FATAL_FAILURE(expect_safe_backwards(op, layer, random_int8s(p.input_h * p.input_w * p.input_c),
                                                  p.output_h * p.output_w * p.output_c));
  }
}

TEST(Overlap, OnlyPointwiseLayersOfThePortableSetWalkBackwards) {
  const Conv2dParams p{25, 5, 64, 3, 3, 25, 5, 64, 1, 1, 1, 1, 1, 1, 0, 0, -128, 127, 0, 0};
  EXPECT_EQ(overlap_backwards_bytes(operator_of(OpCode::conv2d, p), 0), kNoOverlap);
  EXPECT_EQ(overlap_backwards_bytes(operator_of(OpCode::depthwise_conv2d, p), 0), kNoOverlap);
  EXPECT_EQ(reference::kSet.overlap_backwards_bytes(operator_of(OpCode::conv2d, p), 0), kNoOverlap);
}

/// The distance from its definition: every read of every position, from the last position to the first.
template <typename Params>
std::int64_t distance_by_search(const Params& p, int input_c, int output_c, int dilation_h, int dilation_w,
                                bool in_pairs = false) {
  std::int64_t lowest = INT64_MAX, distance = 0;
  for (int block = p.output_h * p.output_w - 1; block >= 0; --block) {
    for (int fy = 0; fy < p.filter_h; ++fy) {
      for (int fx = 0; fx < p.filter_w; ++fx) {
        const int y = block / p.output_w * p.stride_h - p.pad_top + fy * dilation_h;
        const int x = block % p.output_w * p.stride_w - p.pad_left + fx * dilation_w;
        if (y < 0 || y >= p.input_h || x < 0 || x >= p.input_w) continue;
        lowest = std::min<std::int64_t>(lowest, (y * p.input_w + x) * input_c);
      }
    }
    const int x = block % p.output_w, behind = in_pairs && x + 1 < p.output_w ? 2 : 1;
    if (in_pairs && x % 2 == 1) continue;
    if (lowest != INT64_MAX) distance = std::max<std::int64_t>(distance, (block + behind) * output_c - lowest);
  }
  return distance;
}

Conv2dParams any_conv() {
  Conv2dParams p{};
  p.input_h = between(1, 8), p.input_w = between(1, 8), p.input_c = between(1, 9);
  p.filter_h = between(1, 4), p.filter_w = between(1, 4);
  p.output_h = between(1, 8), p.output_w = between(1, 8), p.output_c = between(1, 20);
  p.stride_h = between(1, 6), p.stride_w = between(1, 6);  // larger than the filter too
  p.dilation_h = below(2) ? 1 : between(1, 3), p.dilation_w = below(2) ? 1 : between(1, 3);
  p.pad_top = below(2) ? 0 : between(0, 6), p.pad_left = below(2) ? 0 : between(0, 6);
  if (below(3) == 0) {  // pointwise, growing or not
    p.filter_h = p.filter_w = 1, p.pad_top = p.pad_left = 0;
    p.stride_h = between(1, 2), p.stride_w = between(1, 2);
    p.output_h = (p.input_h - 1) / p.stride_h + 1, p.output_w = (p.input_w - 1) / p.stride_w + 1;
  }
  p.input_zero_point = between(-128, 127), p.output_zero_point = between(-128, 127);
  p.act_min = -128, p.act_max = 127;
  p.rounding = below(2), p.zero_point_in_bias = below(2);
  return p;
}

TEST(Overlap, ConvolutionsMayLieOverTheirInputAtTheStatedDistance) {
  for (int trial = 0; trial < 3000; ++trial) {
    Conv2dParams p = any_conv();
    const Int8s input = random_int8s(p.input_h * p.input_w * p.input_c);
    const Layer layer(p.output_c * p.filter_h * p.filter_w * p.input_c, p.output_c);
    SCOPED_TRACE(trial);
    const Operator conv = operator_of(OpCode::conv2d, p);
    ASSERT_EQ(overlap_bytes(conv, 0),
              distance_by_search(in_one_row(p), p.input_c, p.output_c, p.dilation_h, p.dilation_w, is_pointwise(p)));
    ASSERT_NO_FATAL_FAILURE(expect_safe(conv, &layer, input, p.output_h * p.output_w * p.output_c));
    p.output_c = p.input_c * between(1, 3);
    const Layer depthwise(p.filter_h * p.filter_w * p.output_c, p.output_c);
    ASSERT_NO_FATAL_FAILURE(
        expect_safe(operator_of(OpCode::depthwise_conv2d, p), &depthwise, input, p.output_h * p.output_w * p.output_c));
  }
}

TEST(Overlap, PoolsMayLieOverTheirInputAtTheStatedDistance) {
  for (int trial = 0; trial < 1000; ++trial) {
    Pool2dParams p{};
    p.input_h = between(1, 9), p.input_w = between(1, 9), p.channels = between(1, 9);
    p.filter_h = between(1, 4), p.filter_w = between(1, 4), p.stride_h = between(1, 6), p.stride_w = between(1, 6);
    p.pad_top = below(p.filter_h), p.pad_left = below(p.filter_w);
    p.output_h = (p.input_h - 1 + p.pad_top) / p.stride_h + 1;
    p.output_w = (p.input_w - 1 + p.pad_left) / p.stride_w + 1;
    p.act_min = -128, p.act_max = 127;
    const Int8s input = random_int8s(p.input_h * p.input_w * p.channels);
    SCOPED_TRACE(trial);
    for (const OpCode code : {OpCode::max_pool2d, OpCode::average_pool2d}) {
      const Operator op = operator_of(code, p);
      ASSERT_EQ(overlap_bytes(op, 0), distance_by_search(p, p.channels, p.channels, 1, 1));
      ASSERT_NO_FATAL_FAILURE(expect_safe(op, nullptr, input, p.output_h * p.output_w * p.channels));
    }
  }
}

TEST(Overlap, RowsMayLieOverTheirInputAtTheStatedDistance) {
  for (int trial = 0; trial < 500; ++trial) {
    const FullyConnectedParams p{between(1, 5), between(1, 30), between(1, 30), 3, 4, -128, 127, below(2), below(2)};
    const Layer layer(p.input_elems * p.output_elems, p.output_elems);
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_safe(operator_of(OpCode::fully_connected, p), &layer,
                                        random_int8s(p.rows * p.input_elems), p.rows * p.output_elems));
    const MeanParams mean{between(1, 4), between(1, 9), between(1, 9), 3, 4, 1 << 30, -3, below(2)};
    ASSERT_NO_FATAL_FAILURE(expect_safe(operator_of(OpCode::mean, mean), nullptr,
                                        random_int8s(mean.outer * mean.count * mean.inner), mean.outer * mean.inner));
    const SoftmaxParams softmax{between(1, 4), between(1, 20), 1 << 30, 23, -248};
    ASSERT_NO_FATAL_FAILURE(expect_safe(operator_of(OpCode::softmax, softmax), nullptr,
                                        random_int8s(softmax.rows * softmax.depth), softmax.rows * softmax.depth));
  }
}

// 48 x 48 positions in pairs, each input 8 bytes and output 16: the last pair writes up to 2304 * 16 and reads from
// 2302 * 8 on.
TEST(Overlap, AGrowingPointwiseLayerKeepsItsLastPairApart) {
  Conv2dParams p{48, 48, 8, 1, 1, 48, 48, 16, 1, 1, 1, 1, 0, 0, 0, 0, -128, 127, 0, 0};
  EXPECT_EQ(overlap_bytes(operator_of(OpCode::conv2d, p), 0), 2304u * 16 - 2302 * 8);
  p.input_c = 16, p.output_c = 8;
  EXPECT_EQ(overlap_bytes(operator_of(OpCode::conv2d, p), 0), 16u);
}

// 3 x 3 with a border of one on 25 x 5 positions of 64: at (y, x) the lowest read is one row and one column back.
TEST(Overlap, ADepthwiseLayerKeepsARowApart) {
  const Conv2dParams p{25, 5, 64, 3, 3, 25, 5, 64, 1, 1, 1, 1, 1, 1, 0, 0, -128, 127, 0, 0};
  EXPECT_EQ(overlap_bytes(operator_of(OpCode::depthwise_conv2d, p), 0), (5u + 1 + 1) * 64);
}

TEST(Overlap, AFilterThatLiesInThePaddingReadsNothing) {
  const Conv2dParams p{2, 2, 4, 1, 1, 3, 1, 4, 1, 1, 1, 1, 0, 2, 0, 0, -128, 127, 0, 0};
  EXPECT_EQ(overlap_bytes(operator_of(OpCode::conv2d, p), 0), 0u);
}

}  // namespace
}  // namespace edgesmith::kernels
