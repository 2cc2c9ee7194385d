#include "device/kernels/reference/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "device/kernels/reference/kernels_fixture.h"
#include "device/tensor/quantization.h"

namespace edgesmith::kernels::reference {
namespace {

// The last step of every layer, in 64 bits.
std::int8_t finish(std::int64_t acc, const Layer& layer, int channel, const auto& p) {
  const auto c = static_cast<std::size_t>(channel);
  const std::int64_t scaled = requantize(static_cast<std::int32_t>(acc), layer.multiplier[c], layer.shift[c],
                                         static_cast<Rounding>(p.rounding));
  return static_cast<std::int8_t>(std::clamp<std::int64_t>(scaled + p.output_zero_point, p.act_min, p.act_max));
}

// Input of a position that may lie in the padding; `padding` is what stands there.
int at(const Int8s& input, const auto& p, int channels, int y, int x, int c, int padding) {
  if (y < 0 || y >= p.input_h || x < 0 || x >= p.input_w) return padding;
  return input[static_cast<std::size_t>((y * p.input_w + x) * channels + c)];
}

Conv2dParams random_conv() {
  Conv2dParams p{};
  p.input_h = between(1, 7), p.input_w = between(1, 7), p.input_c = between(1, 5);
  p.filter_h = between(1, 4), p.filter_w = between(1, 4);
  p.output_h = between(1, 6), p.output_w = between(1, 6), p.output_c = between(1, 6);
  p.stride_h = between(1, 3), p.stride_w = between(1, 3);
  p.dilation_h = between(1, 3), p.dilation_w = between(1, 3);
  p.pad_top = between(0, 4), p.pad_left = between(0, 4);
  p.input_zero_point = between(-128, 127), p.output_zero_point = between(-128, 127);
  p.act_min = between(-128, 0), p.act_max = between(0, 127);
  p.rounding = below(2);
  return p;
}

TEST(Conv2d, AddsProductsUnderTheFilter) {
  // 1x3 input, filter 1x2 with weights 1, 2, zero point 1, multiplier 1/2: (0*1 + 1*2 + 10)/2, (1*1 + 2*2 + 10)/2.
  const Conv2dParams p{1, 3, 1, 1, 2, 1, 2, 1, 1, 1, 1, 1, 0, 0, 1, -3, -128, 127, 0};
  Layer layer(2, 1);
  layer.weights = {1, 2};
  layer.bias = {10};
  layer.multiplier = {1 << 30};
  layer.shift = {0};
  Int8s output(2);
  conv2d_s8(p, layer.view(), in({1, 2, 3}), out(output));
  EXPECT_EQ(output, (Int8s{3, 5}));  // 6 - 3; 7.5 up to 8, - 3
}

TEST(Conv2d, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 400; ++trial) {
    const Conv2dParams p = random_conv();
    const int filter_elems = p.filter_h * p.filter_w * p.input_c;
    const Layer layer(p.output_c * filter_elems, p.output_c);
    const Int8s input = random_int8s(p.input_h * p.input_w * p.input_c);
    Int8s output(static_cast<std::size_t>(p.output_h * p.output_w * p.output_c)), expected;
    for (int y = 0; y < p.output_h; ++y)
      for (int x = 0; x < p.output_w; ++x)
        for (int o = 0; o < p.output_c; ++o) {
          std::int64_t acc = layer.bias[static_cast<std::size_t>(o)];
          for (int i = 0; i < filter_elems; ++i) {
            const int c = i % p.input_c, fx = i / p.input_c % p.filter_w, fy = i / p.input_c / p.filter_w;
            const int q = at(input, p, p.input_c, y * p.stride_h - p.pad_top + fy * p.dilation_h,
                             x * p.stride_w - p.pad_left + fx * p.dilation_w, c, p.input_zero_point);
            acc += (q - p.input_zero_point) * layer.weights[static_cast<std::size_t>(o * filter_elems + i)];
          }
          expected.push_back(finish(acc, layer, o, p));
        }
    conv2d_s8(p, layer.view(), in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(DepthwiseConv2d, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 400; ++trial) {
    Conv2dParams p = random_conv();
    const int depth_multiplier = between(1, 3);
    p.output_c = p.input_c * depth_multiplier;
    const Layer layer(p.filter_h * p.filter_w * p.output_c, p.output_c);
    const Int8s input = random_int8s(p.input_h * p.input_w * p.input_c);
    Int8s output(static_cast<std::size_t>(p.output_h * p.output_w * p.output_c)), expected;
    for (int y = 0; y < p.output_h; ++y)
      for (int x = 0; x < p.output_w; ++x)
        for (int o = 0; o < p.output_c; ++o) {
          std::int64_t acc = layer.bias[static_cast<std::size_t>(o)];
          for (int i = 0; i < p.filter_h * p.filter_w; ++i) {
            const int fx = i % p.filter_w, fy = i / p.filter_w;
            const int q = at(input, p, p.input_c, y * p.stride_h - p.pad_top + fy * p.dilation_h,
                             x * p.stride_w - p.pad_left + fx * p.dilation_w, o / depth_multiplier, p.input_zero_point);
            acc += (q - p.input_zero_point) * layer.weights[static_cast<std::size_t>(i * p.output_c + o)];
          }
          expected.push_back(finish(acc, layer, o, p));
        }
    depthwise_conv2d_s8(p, layer.view(), in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(FullyConnected, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 200; ++trial) {
    const FullyConnectedParams p{between(1, 3),      between(1, 40),   between(1, 9),   between(-128, 127),
                                 between(-128, 127), between(-128, 0), between(0, 127), below(2)};
    const Layer layer(p.input_elems * p.output_elems, p.output_elems);
    const Int8s input = random_int8s(p.rows * p.input_elems);
    Int8s output(static_cast<std::size_t>(p.rows * p.output_elems)), expected;
    for (int row = 0; row < p.rows; ++row)
      for (int o = 0; o < p.output_elems; ++o) {
        std::int64_t acc = layer.bias[static_cast<std::size_t>(o)];
        for (int i = 0; i < p.input_elems; ++i) {
          acc += (input[static_cast<std::size_t>(row * p.input_elems + i)] - p.input_zero_point) *
                 layer.weights[static_cast<std::size_t>(o * p.input_elems + i)];
        }
        expected.push_back(finish(acc, layer, o, p));
      }
    fully_connected_s8(p, layer.view(), in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(FullyConnected, HostileConstantsGiveADefinedAnswer) {
  const FullyConnectedParams p{1, 2, 1, -128, 127, -128, 127, 0};
  Layer layer(2, 1);
  layer.weights = {-128, -128};
  layer.bias = {INT32_MIN};
  layer.multiplier = {INT32_MAX};
  layer.shift = {30};
  Int8s output(1);
  fully_connected_s8(p, layer.view(), in({127, 127}), out(output));  // INT32_MIN - 65280 wraps to a large number
  EXPECT_EQ(output, (Int8s{127}));
}

Pool2dParams random_pool() {
  Pool2dParams p{};
  p.input_h = between(1, 8), p.input_w = between(1, 8), p.channels = between(1, 4);
  p.filter_h = between(1, 4), p.filter_w = between(1, 4);
  p.stride_h = between(1, 3), p.stride_w = between(1, 3);
  p.pad_top = below(p.filter_h), p.pad_left = below(p.filter_w);
  p.output_h = (p.input_h - 1 + p.pad_top) / p.stride_h + 1;
  p.output_w = (p.input_w - 1 + p.pad_left) / p.stride_w + 1;
  p.act_min = between(-128, 0), p.act_max = between(0, 127);
  return p;
}

// All inputs under one output's filter.
std::vector<int> under_filter(const Int8s& input, const Pool2dParams& p, int y, int x, int c) {
  constexpr int kPadding = 1000;
  std::vector<int> values;
  for (int fy = 0; fy < p.filter_h; ++fy)
    for (int fx = 0; fx < p.filter_w; ++fx) {
      const int q =
          at(input, p, p.channels, y * p.stride_h - p.pad_top + fy, x * p.stride_w - p.pad_left + fx, c, kPadding);
      if (q != kPadding) values.push_back(q);
    }
  return values;
}

template <typename Kernel, typename Formula>
void expect_pool(Kernel kernel, Formula formula) {
  for (int trial = 0; trial < 300; ++trial) {
    const Pool2dParams p = random_pool();
    const Int8s input = random_int8s(p.input_h * p.input_w * p.channels);
    Int8s output(static_cast<std::size_t>(p.output_h * p.output_w * p.channels)), expected;
    for (int y = 0; y < p.output_h; ++y)
      for (int x = 0; x < p.output_w; ++x)
        for (int c = 0; c < p.channels; ++c) {
          const int value = formula(under_filter(input, p, y, x, c));
          expected.push_back(static_cast<std::int8_t>(std::clamp(value, p.act_min, p.act_max)));
        }
    kernel(p, in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

TEST(MaxPool2d, TakesTheLargestValueUnderTheFilter) {
  expect_pool(max_pool2d_s8,
              [](const std::vector<int>& values) { return *std::max_element(values.begin(), values.end()); });
}

TEST(AveragePool2d, RoundsHalvesAwayFromZeroAndLeavesPaddingOut) {
  expect_pool(average_pool2d_s8, [](const std::vector<int>& values) {
    double sum = 0;
    for (const int value : values)
      sum += value;
    return static_cast<int>(std::round(sum / static_cast<double>(values.size())));
  });
}

TEST(Mean, EqualsTheFormulaOnRandomShapes) {
  for (int trial = 0; trial < 200; ++trial) {
    const MeanParams p{between(1, 3),      between(1, 40),
                       between(1, 5),      between(-128, 127),
                       between(-128, 127), between(1 << 29, INT32_MAX - 1),
                       between(-8, 0),     below(2)};
    const Int8s input = random_int8s(p.outer * p.count * p.inner);
    Int8s output(static_cast<std::size_t>(p.outer * p.inner)), expected;
    for (int i = 0; i < p.outer * p.inner; ++i) {
      int sum = 0;
      for (int n = 0; n < p.count; ++n)
        sum += input[static_cast<std::size_t>((i / p.inner * p.count + n) * p.inner + i % p.inner)];
      sum -= p.count * p.input_zero_point;
      const int scaled = requantize(sum, p.multiplier, p.shift, static_cast<Rounding>(p.rounding));
      expected.push_back(static_cast<std::int8_t>(std::clamp(scaled + p.output_zero_point, -128, 127)));
    }
    mean_s8(p, in(input), out(output));
    ASSERT_EQ(output, expected) << "trial " << trial;
  }
}

// Scale 1/16 and beta 1: 2^26 / 16 = 2^22 = 0.5 * 2^23; 31 * 2^26 / 2^23 = 248.
constexpr SoftmaxParams kSixteenths{1, 4, 1 << 30, 23, -248};

TEST(Softmax, EqualInputsShareTheProbability) {
  Int8s output(4);
  softmax_s8(kSixteenths, in({5, 5, 5, 5}), out(output));
  EXPECT_EQ(output, (Int8s{-64, -64, -64, -64}));
}

TEST(Softmax, DifferencesBelowTheRadiusGiveZero) {
  Int8s output(4);
  softmax_s8(kSixteenths, in({127, -128, -128, -128}), out(output));
  EXPECT_EQ(output, (Int8s{127, -128, -128, -128}));  // 256/256 saturates
}

// Fixed point against the real function: the output is rounded once from an error below 1e-4, so that it may be the
// neighbour of the nearest value but never more.
TEST(Softmax, StaysWithinOneStepOfTheRealFunction) {
  for (int trial = 0; trial < 500; ++trial) {
    SoftmaxParams p = kSixteenths;
    p.rows = between(1, 3), p.depth = between(1, 30);
    const Int8s input = random_int8s(p.rows * p.depth);
    Int8s output(input.size());
    softmax_s8(p, in(input), out(output));
    for (int row = 0; row < p.rows; ++row) {
      const auto* x = input.data() + row * p.depth;
      double sum = 0;
      for (int i = 0; i < p.depth; ++i)
        sum += std::exp(x[i] / 16.0);
      for (int i = 0; i < p.depth; ++i) {
        const double real = std::min(127.0, 256 * std::exp(x[i] / 16.0) / sum - 128);
        ASSERT_LE(std::abs(output[static_cast<std::size_t>(row * p.depth + i)] - real), 0.51);
      }
    }
  }
}

TEST(Softmax, WorksInPlaceAndOnTheDeepestRow) {
  SoftmaxParams p = kSixteenths;
  p.depth = 4095;
  Int8s values(4095, 127);
  softmax_s8(p, in(values), out(values));
  EXPECT_EQ(values, Int8s(4095, -128));  // 256 / 4095 rounds to zero
}

TEST(Reshape, CopiesOverlappingMemory) {
  Int8s values{1, 2, 3, 4, 5};
  reshape_s8(ReshapeParams{4}, Span<const std::int8_t>{values.data(), 4}, Span<std::int8_t>{values.data() + 1, 4});
  EXPECT_EQ(values, (Int8s{1, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace edgesmith::kernels::reference
