// Operators that move bytes and compute nothing, and what the set says about memory that tensors share.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "device/kernels/reference/kernels.h"
#include "device/kernels/reference/kernels_fixture.h"
#include "device/kernels/reference/set.h"

namespace edgesmith::kernels::reference {
namespace {

int volume(const std::int32_t (&dims)[4]) {
  return dims[0] * dims[1] * dims[2] * dims[3];
}

// Position of element `i` along each dimension, and back.
std::vector<int> index_of(int i, const std::int32_t (&dims)[4]) {
  return {i / dims[3] / dims[2] / dims[1], i / dims[3] / dims[2] % dims[1], i / dims[3] % dims[2], i % dims[3]};
}
std::size_t flat(const std::vector<int>& index, const std::int32_t (&dims)[4]) {
  return static_cast<std::size_t>(((index[0] * dims[1] + index[1]) * dims[2] + index[2]) * dims[3] + index[3]);
}

TEST(Pad, PutsEveryInputWhereItBelongsAndTheValueElsewhere) {
  for (int trial = 0; trial < 300; ++trial) {
    PadParams p{};
    for (int d = 0; d < 4; ++d) {
      p.input[d] = between(1, 4), p.before[d] = below(3);
      p.output[d] = p.before[d] + p.input[d] + below(3);
    }
    p.value = between(-128, 127);
    const Int8s input = random_int8s(volume(p.input));
    Int8s expected(static_cast<std::size_t>(volume(p.output)), static_cast<std::int8_t>(p.value));
    for (int i = 0; i < volume(p.input); ++i) {
      std::vector<int> index = index_of(i, p.input);
      for (std::size_t d = 0; d < 4; ++d)
        index[d] += p.before[d];
      expected[flat(index, p.output)] = input[static_cast<std::size_t>(i)];
    }
    Int8s output(expected.size());
    pad_s8(p, in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(Transpose, TurnsRowsIntoColumns) {
  const TransposeParams p{{1, 1, 3, 2}, {6, 6, 1, 3}};  // of [2][3]
  Int8s output(6);
  transpose_s8(p, in({1, 2, 3, 4, 5, 6}), out(output));
  EXPECT_EQ(output, (Int8s{1, 4, 2, 5, 3, 6}));
}

TEST(Transpose, MovesEveryElementUnderAnyPermutation) {
  for (int trial = 0; trial < 300; ++trial) {
    std::int32_t input_dims[4];
    for (auto& dim : input_dims)
      dim = between(1, 4);
    int axes[4] = {0, 1, 2, 3};
    for (int d = 3; d > 0; --d)
      std::swap(axes[d], axes[below(d + 1)]);
    const std::int32_t input_steps[4] = {input_dims[1] * input_dims[2] * input_dims[3], input_dims[2] * input_dims[3],
                                         input_dims[3], 1};
    TransposeParams p{};
    for (int d = 0; d < 4; ++d)
      p.dims[d] = input_dims[axes[d]], p.step[d] = input_steps[axes[d]];
    const Int8s input = random_int8s(volume(input_dims));
    Int8s expected(input.size()), output(input.size());
    for (int i = 0; i < volume(input_dims); ++i) {
      const std::vector<int> from = index_of(i, input_dims);
      const std::vector<int> to{from[static_cast<std::size_t>(axes[0])], from[static_cast<std::size_t>(axes[1])],
                                from[static_cast<std::size_t>(axes[2])], from[static_cast<std::size_t>(axes[3])]};
      expected[flat(to, p.dims)] = input[static_cast<std::size_t>(i)];
    }
    transpose_s8(p, in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(Concatenation, PutsRowsSideBySide) {
  const Int8s a{1, 2, 3, 4}, b{5, 6}, c{7, 8, 9, 10, 11, 12};
  const Span<const std::int8_t> inputs[kMaxInputs] = {in(a), in(b), in(c), in(b)};
  const ConcatenationParams p{2, 4, {2, 1, 3, 1}};
  Int8s output(14);
  concatenation_s8(p, span_of(inputs), out(output));
  EXPECT_EQ(output, (Int8s{1, 2, 5, 7, 8, 9, 5, 3, 4, 6, 10, 11, 12, 6}));
}

template <typename Params>
std::uint32_t overlap_of(OpCode code, const Params& params, std::uint32_t input) {
  Operator op = {static_cast<std::uint32_t>(code), {}};
  std::memcpy(op.params, &params, sizeof params);
  return kSet.overlap_bytes(op, input);
}

TEST(Overlap, OnlyInputsThatAreNotBroadcastMayBeTheOutput) {
  AddParams add{};
  const std::int32_t dims[4] = {1, 5, 4, 3}, whole[4] = {0, 12, 3, 1}, row[4] = {0, 0, 3, 1};
  std::memcpy(add.dims, dims, sizeof dims);
  std::memcpy(add.a.step, whole, sizeof whole);  // the step along a dimension of 1 does not matter
  std::memcpy(add.b.step, row, sizeof row);
  EXPECT_EQ(overlap_of(OpCode::add, add, 0), 0u);
  EXPECT_EQ(overlap_of(OpCode::add, add, 1), kNoOverlap);
  MulParams mul{};
  std::memcpy(mul.dims, dims, sizeof dims);
  std::memcpy(mul.step_a, row, sizeof row);
  std::memcpy(mul.step_b, whole, sizeof whole);
  EXPECT_EQ(overlap_of(OpCode::mul, mul, 0), kNoOverlap);
  EXPECT_EQ(overlap_of(OpCode::mul, mul, 1), 0u);
}

TEST(Overlap, FollowsTheOrderOfReadingAndWriting) {
  EXPECT_EQ(overlap_of(OpCode::lookup, LookupParams{5}, 0), 0u);
  EXPECT_EQ(overlap_of(OpCode::quantize, QuantizeParams{5, 1, 0, 0}, 0), 0u);
  EXPECT_EQ(overlap_of(OpCode::dequantize, QuantizeParams{5, 1, 0, 0}, 0), 12u);
  EXPECT_EQ(overlap_of(OpCode::conv2d_add, Conv2dAddParams{}, 1), 0u);
  EXPECT_EQ(overlap_of(OpCode::pad, PadParams{}, 0), kNoOverlap);
  EXPECT_EQ(overlap_of(OpCode::transpose, TransposeParams{}, 0), kNoOverlap);
  EXPECT_EQ(overlap_of(OpCode::concatenation, ConcatenationParams{}, 7), kNoOverlap);
}

}  // namespace
}  // namespace edgesmith::kernels::reference
