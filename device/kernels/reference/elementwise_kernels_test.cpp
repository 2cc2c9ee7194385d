// Sums, products, tables and changes of type: one output for one element of each input.

#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "device/kernels/reference/kernels.h"
#include "device/kernels/reference/kernels_fixture.h"

namespace edgesmith::kernels::reference {
namespace {

// An input of a broadcast operator: its dimensions are those of the output, or 1.
struct Side {
  std::int32_t dims[4];
  Int8s values;

  explicit Side(const std::int32_t (&output)[4]) {
    for (int d = 0; d < 4; ++d)
      dims[d] = below(3) == 0 ? 1 : output[d];
    values = random_int8s(dims[0] * dims[1] * dims[2] * dims[3]);
  }
  void set_steps(std::int32_t (&step)[4]) const {
    std::int32_t elems = 1;
    for (int d = 3; d >= 0; --d) {
      step[d] = dims[d] == 1 ? 0 : elems;
      elems *= dims[d];
    }
  }
  // By dimensions, not by steps.
  std::int8_t at(const std::int32_t (&index)[4]) const {
    int flat = 0;
    for (int d = 0; d < 4; ++d)
      flat = flat * dims[d] + index[d] % dims[d];
    return values[static_cast<std::size_t>(flat)];
  }
};

void set_random_dims(std::int32_t (&dims)[4]) {
  for (auto& dim : dims)
    dim = between(1, 4);
}

int elems(const std::int32_t (&dims)[4]) {
  return dims[0] * dims[1] * dims[2] * dims[3];
}

template <typename Formula>
Int8s broadcast(const std::int32_t (&dims)[4], const Side& a, const Side& b, Formula formula) {
  Int8s values;
  for (int i = 0; i < elems(dims); ++i) {
    const std::int32_t index[4] = {i / dims[3] / dims[2] / dims[1], i / dims[3] / dims[2] % dims[1],
                                   i / dims[3] % dims[2], i % dims[3]};
    values.push_back(static_cast<std::int8_t>(formula(a.at(index), b.at(index))));
  }
  return values;
}

ElementwiseOperand random_operand() {
  return {{}, between(-128, 127), between(1 << 30, INT32_MAX), between(-6, 0)};
}

AddParams random_add() {
  AddParams p{};
  set_random_dims(p.dims);
  p.a = random_operand(), p.b = random_operand();
  p.subtract = below(2), p.left_shift = between(0, 20);
  p.output_zero_point = between(-128, 127);
  p.output_multiplier = between(1 << 30, INT32_MAX), p.output_shift = std::min(0, 2 - p.left_shift);
  p.act_min = between(-128, 0), p.act_max = between(0, 127);
  p.rounding = below(2);
  return p;
}

// The three steps of the contract in 64 bits.
std::int64_t sum_of(const AddParams& p, int qa, int qb) {
  const std::int64_t left = std::int64_t{1} << p.left_shift;
  const std::int64_t a = scaled((qa - p.a.zero_point) * left, p.a.multiplier, p.a.shift, p.rounding);
  const std::int64_t b = scaled((qb - p.b.zero_point) * left, p.b.multiplier, p.b.shift, p.rounding);
  const std::int64_t sum = scaled(p.subtract ? a - b : a + b, p.output_multiplier, p.output_shift, p.rounding);
  return std::clamp<std::int64_t>(sum + p.output_zero_point, p.act_min, p.act_max);
}

TEST(Add, AddsAndSubtractsByHand) {
  // All scales 1: the common scale is 2, each side's factor 1/2, the sum's 2 / 2^20.
  const ElementwiseOperand unit{{4, 4, 4, 1}, 0, 1 << 30, 0};
  AddParams p{{1, 1, 1, 4}, unit, unit, 0, 20, 0, 1 << 30, -18, -128, 100, 0};
  p.b.zero_point = 1;
  Int8s output(4);
  add_s8(p, in({1, -5, 127, -128}), in({3, 4, 2, -127}), out(output));
  EXPECT_EQ(output, (Int8s{3, -2, 100, -128}));
  p.subtract = 1;
  add_s8(p, in({1, -5, 127, -128}), in({3, 4, 2, -127}), out(output));
  EXPECT_EQ(output, (Int8s{-1, -8, 100, 0}));
}

TEST(Add, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 1000; ++trial) {
    AddParams p = random_add();
    const Side a(p.dims), b(p.dims);
    a.set_steps(p.a.step);
    b.set_steps(p.b.step);
    Int8s output(static_cast<std::size_t>(elems(p.dims)));
    add_s8(p, in(a.values), in(b.values), out(output));
    ASSERT_EQ(output, broadcast(p.dims, a, b, [&](int x, int y) { return sum_of(p, x, y); })) << "trial " << trial;
  }
}

// With factors made from scales, as for a network: the three roundings leave less than a hundredth over the last one.
TEST(Add, IsTheSumOfTheRealNumbers) {
  for (int trial = 0; trial < 200; ++trial) {
    AddParams p = random_add();
    p.dims[0] = p.dims[1] = p.dims[2] = 1, p.dims[3] = 64;
    const double scale_a = between(1, 1000) / 1000.0, scale_b = between(1, 1000) / 1000.0;
    const double scale_out = between(100, 2000) / 1000.0, common = 2 * std::max(scale_a, scale_b);
    const Factor to_a = factor(scale_a / common), to_b = factor(scale_b / common);
    const Factor to_out = factor(common / (1 << 20) / scale_out);
    p.a = {{64, 64, 64, 1}, between(-128, 127), to_a.multiplier, to_a.shift};
    p.b = {{64, 64, 64, 1}, between(-128, 127), to_b.multiplier, to_b.shift};
    p.left_shift = 20, p.output_multiplier = to_out.multiplier, p.output_shift = to_out.shift;
    const Int8s a = random_int8s(64), b = random_int8s(64);
    Int8s output(64);
    add_s8(p, in(a), in(b), out(output));
    for (std::size_t i = 0; i < 64; ++i) {
      const double real_a = scale_a * (a[i] - p.a.zero_point), real_b = scale_b * (b[i] - p.b.zero_point);
      const double q = (p.subtract ? real_a - real_b : real_a + real_b) / scale_out + p.output_zero_point;
      ASSERT_LE(std::abs(output[i] - std::clamp<double>(q, p.act_min, p.act_max)), 0.51) << "trial " << trial;
    }
  }
}

TEST(Add, WorksOnTheMemoryOfEitherInput) {
  AddParams p = random_add();
  const std::int32_t own[4] = {p.dims[1] * p.dims[2] * p.dims[3], p.dims[2] * p.dims[3], p.dims[3], 1};
  std::copy(own, own + 4, p.a.step);
  std::copy(own, own + 4, p.b.step);
  const Int8s a = random_int8s(elems(p.dims)), b = random_int8s(elems(p.dims));
  Int8s expected(a.size()), over_a = a, over_b = b;
  add_s8(p, in(a), in(b), out(expected));
  add_s8(p, in(over_a), in(b), out(over_a));
  add_s8(p, in(a), in(over_b), out(over_b));
  EXPECT_EQ(over_a, expected);
  EXPECT_EQ(over_b, expected);
}

TEST(Mul, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 1000; ++trial) {
    MulParams p{};
    set_random_dims(p.dims);
    const Side a(p.dims), b(p.dims);
    a.set_steps(p.step_a);
    b.set_steps(p.step_b);
    p.zero_point_a = between(-128, 127), p.zero_point_b = between(-128, 127);
    p.output_zero_point = between(-128, 127);
    p.multiplier = between(1 << 30, INT32_MAX), p.shift = between(-12, -4);
    p.act_min = between(-128, 0), p.act_max = between(0, 127), p.rounding = below(2);
    const auto formula = [&p](int x, int y) {
      const std::int64_t product = (x - p.zero_point_a) * (y - p.zero_point_b);
      const std::int64_t q = scaled(product, p.multiplier, p.shift, p.rounding) + p.output_zero_point;
      return std::clamp<std::int64_t>(q, p.act_min, p.act_max);
    };
    Int8s output(static_cast<std::size_t>(elems(p.dims)));
    mul_s8(p, in(a.values), in(b.values), out(output));
    ASSERT_EQ(output, broadcast(p.dims, a, b, formula)) << "trial " << trial;
  }
}

TEST(Lookup, TakesTheEntryOfTheByte) {
  Int8s table(256);
  for (int byte = 0; byte < 256; ++byte)
    table[static_cast<std::size_t>(byte)] = static_cast<std::int8_t>(byte < 128 ? byte / 2 : byte - 256);
  Int8s values{0, 10, 127, -128, -1};
  lookup_s8(LookupParams{5}, in(table), in(values), out(values));
  EXPECT_EQ(values, (Int8s{0, 5, 63, -128, -1}));
}

Int8s bytes_of(const std::vector<float>& values) {
  Int8s bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

Int8s quantized(const QuantizeParams& p, const std::vector<float>& values) {
  Int8s output(values.size());
  quantize_s8(p, in(bytes_of(values)), out(output));
  return output;
}

TEST(Quantize, RoundsHalvesAwayFromZeroBeforeTheZeroPoint) {
  const std::vector<float> values{0.25f, -0.25f, 0.74f, -0.75f, 63.5f, 63.75f, -1e30f, 0.0f, -0.0f};
  EXPECT_EQ(quantized({9, 0.5f, -1, 0}, values), (Int8s{0, -2, 0, -3, 126, 127, -128, -1, -1}));
}

TEST(Quantize, FillsTheRangeOfUint8) {
  const std::vector<float> values{-1.0f, 0.0f, 0.5f, 1.0f, 2.0f};
  const auto byte = [](int value) { return static_cast<std::int8_t>(value); };
  EXPECT_EQ(quantized({5, 1.0f / 128, 100, 1}, values), (Int8s{0, 100, byte(164), byte(228), byte(255)}));
}

TEST(Quantize, AnswersForEveryFloat) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values{nan, -nan, kInfinity, -kInfinity, FLT_MAX, -FLT_MAX, 1e-45f};
  const Int8s expected{7, 7, 127, -128, 127, -128, 7};
  EXPECT_EQ(quantized({7, 0.5f, 7, 0}, values), expected);
  EXPECT_EQ(quantized({7, FLT_MAX, 7, 0}, {nan, nan, kInfinity, -kInfinity, FLT_MAX, -FLT_MAX, 1e-45f}),
            (Int8s{7, 7, 127, -128, 8, 6, 7}));
  EXPECT_EQ(quantized({7, FLT_MIN, 7, 0}, values), expected);  // quotients overflow to infinity
}

TEST(Quantize, EqualsRoundOfTheFloatQuotient) {
  for (int trial = 0; trial < 20000; ++trial) {
    const bool is_unsigned = below(2) == 1;
    const float scale = static_cast<float>(between(1, 4000)) / 1024.0f;
    // Around halves of a step, where rounding shows.
    const float x = static_cast<float>(between(-600, 600)) * 0.5f * scale + static_cast<float>(between(-2, 2)) * 1e-6f;
    const QuantizeParams p{1, scale, is_unsigned ? between(0, 255) : between(-128, 127), is_unsigned};
    const double q = std::round(static_cast<double>(x / scale)) + p.zero_point;
    const int expected = static_cast<int>(is_unsigned ? std::clamp(q, 0.0, 255.0) : std::clamp(q, -128.0, 127.0));
    ASSERT_EQ(quantized(p, {x}), (Int8s{static_cast<std::int8_t>(expected)})) << x << " / " << scale;
  }
}

TEST(Quantize, MayBeginWhereItsInputDoes) {
  std::vector<float> values;
  for (int i = 0; i < 50; ++i)
    values.push_back(static_cast<float>(between(-100, 100)));
  const QuantizeParams p{50, 0.75f, 3, 0};
  Int8s memory = bytes_of(values);
  quantize_s8(p, in(memory), {memory.data(), 50});
  memory.resize(50);
  EXPECT_EQ(memory, quantized(p, values));
}

std::vector<float> dequantized(const QuantizeParams& p, const Int8s& values) {
  Int8s bytes(values.size() * sizeof(float));
  dequantize_s8(p, in(values), out(bytes));
  std::vector<float> reals(values.size());
  std::memcpy(reals.data(), bytes.data(), bytes.size());
  return reals;
}

TEST(Dequantize, EqualsTheProductRoundedOnce) {
  Int8s every_byte;
  for (int byte = 0; byte < 256; ++byte)
    every_byte.push_back(static_cast<std::int8_t>(byte));
  for (int trial = 0; trial < 200; ++trial) {
    const bool is_unsigned = below(2) == 1;
    const QuantizeParams p{256, static_cast<float>(between(1, 1000000)) * 1.1e-7f,
                           is_unsigned ? between(0, 255) : between(-128, 127), is_unsigned};
    const std::vector<float> reals = dequantized(p, every_byte);
    for (int byte = 0; byte < 256; ++byte) {
      const int q = is_unsigned || byte < 128 ? byte : byte - 256;
      ASSERT_EQ(reals[static_cast<std::size_t>(byte)], static_cast<float>(double{p.scale} * (q - p.zero_point)));
    }
  }
}

// At the distance that overlap_bytes() answers; one byte less and an element is overwritten before it is read.
TEST(Dequantize, MayLieOverItsInputAtTheStatedDistance) {
  const int elems = 40;
  const QuantizeParams p{elems, 0.3f, -5, 0};
  const Int8s values = random_int8s(elems);
  for (const int less : {0, 1}) {
    Int8s memory(4 * elems);
    const int distance = 3 * (elems - 1) - less;
    std::copy(values.begin(), values.end(), memory.begin() + distance);
    dequantize_s8(p, {memory.data() + distance, static_cast<std::size_t>(elems)}, out(memory));
    std::vector<float> reals(static_cast<std::size_t>(elems));
    std::memcpy(reals.data(), memory.data(), memory.size());
    EXPECT_EQ(reals == dequantized(p, values), less == 0);
  }
}

TEST(Conv2dAdd, EqualsAConvolutionThenASum) {
  for (int trial = 0; trial < 300; ++trial) {
    const Conv2dParams conv{between(1, 6),
                            between(1, 6),
                            between(1, 4),
                            between(1, 3),
                            between(1, 3),
                            between(1, 5),
                            between(1, 5),
                            between(1, 5),
                            between(1, 2),
                            between(1, 2),
                            1,
                            1,
                            below(2),
                            below(2),
                            between(-128, 127),
                            between(-128, 127),
                            between(-128, 0),
                            between(0, 127),
                            below(2),
                            below(2)};
    const Layer layer(conv.output_c * conv.filter_h * conv.filter_w * conv.input_c, conv.output_c);
    const Int8s input = random_int8s(conv.input_h * conv.input_w * conv.input_c);
    const Int8s skip = random_int8s(conv.output_h * conv.output_w * conv.output_c);
    AddParams add = random_add();
    add.subtract = 0, add.rounding = conv.rounding, add.a.zero_point = conv.output_zero_point;
    const Conv2dAddParams p{
        conv,           add.a.multiplier,      add.a.shift,           add.b.zero_point, add.b.multiplier, add.b.shift,
        add.left_shift, add.output_zero_point, add.output_multiplier, add.output_shift, add.act_min,      add.act_max};
    Int8s expected(skip.size()), output(skip.size()), over_skip = skip;
    conv2d_s8(conv, layer.view(), in(input), out(expected));
    for (std::size_t i = 0; i < skip.size(); ++i)
      expected[i] = static_cast<std::int8_t>(sum_of(add, expected[i], skip[i]));
    conv2d_add_s8(p, layer.view(), in(input), in(skip), out(output));
    conv2d_add_s8(p, layer.view(), in(input), in(over_skip), out(over_skip));
    ASSERT_EQ(output, expected) << "trial " << trial;
    ASSERT_EQ(over_skip, expected) << "trial " << trial;
  }
}

}  // namespace
}  // namespace edgesmith::kernels::reference
