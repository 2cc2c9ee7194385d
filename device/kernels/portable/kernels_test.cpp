// Every kernel of this set against the reference, bit for bit, on random shapes and on constants as hostile as the
// checks let through.

#include "device/kernels/portable/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "device/kernels/portable/parts/requantize.h"
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

template <typename T>
T one_of(std::initializer_list<T> values) {
  return values.begin()[below(static_cast<int>(values.size()))];
}

std::int32_t any_multiplier() {
  return below(4) > 0 ? between(1 << 30, INT32_MAX - 1)
                      : one_of<std::int32_t>({0, 1, 1 << 30, INT32_MAX, between(0, 1 << 20)});
}

std::int8_t any_shift() {
  return static_cast<std::int8_t>(below(4) > 0 ? between(-12, -1) : between(-31, 30));
}

std::int32_t any_bias() {
  return below(8) > 0 ? between(-30000, 30000) : one_of<std::int32_t>({INT32_MIN, INT32_MAX, between(-2, 2)});
}

int any_zero_point() {
  return below(3) > 0 ? between(-128, 127) : one_of({-128, 0, 127});
}

Layer any_layer(int weight_count, int channels) {
  Layer layer(weight_count, channels);
  const bool per_tensor = below(3) == 0;
  for (int c = 0; c < channels; ++c) {
    const auto i = static_cast<std::size_t>(c);
    layer.bias[i] = any_bias();
    layer.multiplier[i] = per_tensor && c > 0 ? layer.multiplier[0] : any_multiplier();
    layer.shift[i] = per_tensor && c > 0 ? layer.shift[0] : any_shift();
  }
  return layer;
}

template <typename Params>
void set_ends(Params& p) {
  p.input_zero_point = any_zero_point(), p.output_zero_point = any_zero_point();
  p.act_min = below(2) ? -128 : between(-128, 0), p.act_max = below(2) ? 127 : between(0, 127);
  p.rounding = below(2), p.zero_point_in_bias = below(2);
}

Conv2dParams any_conv() {
  Conv2dParams p{};
  const bool flat = below(4) == 0, pointwise = below(4) == 0;
  p.input_h = flat ? 1 : between(1, 9), p.input_w = between(1, flat ? 30 : 9), p.input_c = between(1, 20);
  p.filter_h = flat || pointwise ? 1 : between(1, 5), p.filter_w = pointwise ? 1 : between(1, flat ? 20 : 5);
  p.output_h = between(1, 6), p.output_w = between(1, 6), p.output_c = between(1, 40);
  p.stride_h = between(1, 4), p.stride_w = between(1, 4);
  p.dilation_h = below(3) ? 1 : between(1, 3), p.dilation_w = below(3) ? 1 : between(1, 3);
  p.pad_top = below(2) ? 0 : between(0, 5), p.pad_left = below(2) ? 0 : between(0, 5);
  if (below(4) == 0) {  // pointwise, as most layers are
    p.filter_h = p.filter_w = 1, p.pad_top = p.pad_left = 0;
    p.output_h = (p.input_h - 1) / p.stride_h + 1, p.output_w = (p.input_w - 1) / p.stride_w + 1;
  }
  set_ends(p);
  return p;
}

template <typename Params>
Operator operator_of(OpCode code, const Params& params) {
  Operator op = {static_cast<std::uint32_t>(code), {}};
  std::memcpy(op.params, &params, sizeof params);
  return op;
}

/// Runs both sets through their executor's face. `layer` may be null.
template <typename Params>
void expect_equal(OpCode code, const Params& params, const Layer* layer, const Int8s& input, int output_bytes,
                  const Int8s& input2 = {}) {
  const Operator op = operator_of(code, params);
  Operands operands = {};
  operands.inputs[0] = in(input);
  if (!input2.empty()) operands.inputs[1] = in(input2);
  if (layer) operands.weights = layer->view();
  Int8s expected(static_cast<std::size_t>(output_bytes), 1), output(expected.size(), 2);
  operands.output = out(expected);
  ASSERT_EQ(check_operator(op, operands), Status::ok);
  reference::kSet.run(op, operands);
  operands.output = out(output);
  portable::kSet.run(op, operands);
  ASSERT_EQ(output, expected);
}

TEST(Portable, Conv2dEqualsReference) {
  for (int trial = 0; trial < 3000; ++trial) {
    const Conv2dParams p = any_conv();
    const Layer layer = any_layer(p.output_c * p.filter_h * p.filter_w * p.input_c, p.output_c);
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::conv2d, p, &layer, random_int8s(p.input_h * p.input_w * p.input_c),
                                         p.output_h * p.output_w * p.output_c));
  }
}

TEST(Portable, DepthwiseConv2dEqualsReference) {
  for (int trial = 0; trial < 3000; ++trial) {
    Conv2dParams p = any_conv();
    p.output_c = p.input_c * (below(2) ? 1 : between(1, 20));
    const Layer layer = any_layer(p.filter_h * p.filter_w * p.output_c, p.output_c);
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::depthwise_conv2d, p, &layer,
                                         random_int8s(p.input_h * p.input_w * p.input_c),
                                         p.output_h * p.output_w * p.output_c));
  }
}

TEST(Portable, FullyConnectedEqualsReference) {
  for (int trial = 0; trial < 2000; ++trial) {
    FullyConnectedParams p{between(1, 4), between(1, 70), between(1, 40), 0, 0, 0, 0, 0, 0};
    set_ends(p);
    const Layer layer = any_layer(p.input_elems * p.output_elems, p.output_elems);
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::fully_connected, p, &layer, random_int8s(p.rows * p.input_elems),
                                         p.rows * p.output_elems));
  }
}

TEST(Portable, PoolsEqualReference) {
  for (int trial = 0; trial < 2000; ++trial) {
    Pool2dParams p{};
    p.input_h = between(1, 12), p.input_w = between(1, 12), p.channels = between(1, 9);
    p.filter_h = between(1, 6), p.filter_w = between(1, 6);
    p.stride_h = between(1, 7), p.stride_w = between(1, 7);
    p.pad_top = below(p.filter_h), p.pad_left = below(p.filter_w);
    p.output_h = (p.input_h - 1 + p.pad_top) / p.stride_h + 1;
    p.output_w = (p.input_w - 1 + p.pad_left) / p.stride_w + 1;
    p.act_min = between(-128, 0), p.act_max = between(0, 127);
    const Int8s input = random_int8s(p.input_h * p.input_w * p.channels);
    const int output_bytes = p.output_h * p.output_w * p.channels;
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::max_pool2d, p, nullptr, input, output_bytes));
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::average_pool2d, p, nullptr, input, output_bytes));
  }
}

/// Factors as networks have them (at most 1), and others that the checks let through.
void set_sum(std::int32_t& multiplier, std::int32_t& shift) {
  multiplier = below(4) ? between(1 << 30, INT32_MAX - 1) : any_multiplier();
  shift = below(4) ? between(-3, 0) : between(-31, 0);
}

TEST(Portable, AddEqualsReference) {
  for (int trial = 0; trial < 2000; ++trial) {
    AddParams p{
        {1, between(1, 4), between(1, 4), between(1, 9)}, {}, {}, below(2), 20, any_zero_point(), 0, 0, 0, 0, 0};
    const std::int32_t row = p.dims[3], plane = row * p.dims[2];
    p.a.step[1] = plane, p.a.step[2] = row, p.a.step[3] = 1;
    p.b.step[3] = 1;  // one row for all
    set_sum(p.a.multiplier, p.a.shift), set_sum(p.b.multiplier, p.b.shift);
    p.output_multiplier = between(1 << 30, INT32_MAX - 1),
    p.output_shift = below(3) ? between(-20, -15) : between(-31, 4);
    p.a.zero_point = any_zero_point(), p.b.zero_point = any_zero_point();
    p.act_min = between(-128, 0), p.act_max = between(0, 127), p.rounding = below(2);
    const int elems = p.dims[1] * plane;
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::add, p, nullptr, random_int8s(elems), elems, random_int8s(p.dims[3])));
  }
}

TEST(Portable, Conv2dAddEqualsReference) {
  for (int trial = 0; trial < 1000; ++trial) {
    Conv2dAddParams p{};
    p.conv = any_conv();
    p.left_shift = 20, p.b_zero_point = any_zero_point(), p.output_zero_point = any_zero_point();
    set_sum(p.a_multiplier, p.a_shift), set_sum(p.b_multiplier, p.b_shift);
    p.output_multiplier = between(1 << 30, INT32_MAX - 1), p.output_shift = between(-20, -15);
    p.act_min = between(-128, 0), p.act_max = between(0, 127);
    const Layer layer =
        any_layer(p.conv.output_c * p.conv.filter_h * p.conv.filter_w * p.conv.input_c, p.conv.output_c);
    const int elems = p.conv.output_h * p.conv.output_w * p.conv.output_c;
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::conv2d_add, p, &layer,
                                         random_int8s(p.conv.input_h * p.conv.input_w * p.conv.input_c), elems,
                                         random_int8s(elems)));
  }
}

TEST(Portable, RunsWhatItDoesNotTuneThroughTheReference) {
  const SoftmaxParams p{2, 5, 1 << 30, 23, -248};
  expect_equal(OpCode::softmax, p, nullptr, random_int8s(10), 10);
  EXPECT_EQ(portable::kSet.provider(static_cast<std::uint32_t>(OpCode::softmax)), std::string("reference"));
  EXPECT_EQ(portable::kSet.provider(static_cast<std::uint32_t>(OpCode::conv2d)), std::string("portable"));
}

// Not all of a filter's taps fit one list, and not all of its inputs the stack.
TEST(Portable, LargeFiltersEqualReference) {
  for (int trial = 0; trial < 60; ++trial) {
    Conv2dParams p = any_conv();
    p.filter_h = between(5, 12), p.filter_w = between(5, 12), p.pad_top = between(0, 12), p.pad_left = between(0, 12);
    const Int8s input = random_int8s(p.input_h * p.input_w * p.input_c);
    const Layer conv = any_layer(p.output_c * p.filter_h * p.filter_w * p.input_c, p.output_c);
    SCOPED_TRACE(trial);
    ASSERT_NO_FATAL_FAILURE(expect_equal(OpCode::conv2d, p, &conv, input, p.output_h * p.output_w * p.output_c));
    p.output_c = p.input_c * between(1, 5);
    const Layer depthwise = any_layer(p.filter_h * p.filter_w * p.output_c, p.output_c);
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(OpCode::depthwise_conv2d, p, &depthwise, input, p.output_h * p.output_w * p.output_c));
  }
}

std::int32_t any_sum() {
  const auto x = static_cast<std::int32_t>(reference::random_numbers()());
  return below(5) > 0 ? x >> below(31) : one_of<std::int32_t>({INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX});
}

// Cores without a long multiply take the first way, all others the second.
TEST(PortableRequantize, ProductsByHalvesEqualWideOnes) {
  for (int trial = 0; trial < 300000; ++trial) {
    const std::int32_t x = any_sum();
    const std::int32_t multiplier = below(3) ? any_multiplier() : between(0, INT32_MAX - 1);
    const std::int64_t product = static_cast<std::int64_t>(x) * multiplier;
    const auto high = static_cast<std::int32_t>((product + (std::int64_t{1} << 30)) >> 31);
    ASSERT_EQ(portable::high_multiply_halves(x, multiplier), high) << x << " " << multiplier;
    ASSERT_EQ(portable::high_multiply_fast(x, multiplier), high) << x << " " << multiplier;
    ASSERT_EQ(portable::upper_word_halves(x, multiplier), product >> 32) << x << " " << multiplier;
    ASSERT_EQ(portable::upper_word(x, multiplier), product >> 32) << x << " " << multiplier;
  }
}

TEST(PortableRequantize, OutputsEqualTheDefinition) {
  for (int trial = 0; trial < 300000; ++trial) {
    const std::int32_t sum = any_sum(), bias = any_bias(), multiplier = any_multiplier();
    const std::int8_t shift = any_shift();
    const int zero_point = any_zero_point(), low = between(-128, 0), high = between(0, 127), rounding = below(2);
    const auto acc = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + static_cast<std::uint32_t>(bias));
    const std::int64_t scaled = requantize(acc, multiplier, shift, static_cast<Rounding>(rounding));
    std::int8_t output = 0;
    portable::write_channels({zero_point, low, high, rounding == 1},
                             {{nullptr, 0}, {&bias, 1}, {&multiplier, 1}, {&shift, 1}}, 0, 1, &sum, &output);
    ASSERT_EQ(output, std::clamp<std::int64_t>(scaled + zero_point, low, high))
        << acc << " " << multiplier << " " << int{shift} << " " << rounding;
  }
}

}  // namespace
}  // namespace edgesmith::kernels
