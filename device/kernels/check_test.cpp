#include "device/kernels/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace edgesmith::kernels {
namespace {

// Storage of a layer's constants, of any size that a test wants.
struct Constants {
  std::vector<std::int8_t> weights;
  std::vector<std::int32_t> bias, multiplier;
  std::vector<std::int8_t> shift;

  Constants(std::size_t weight_count, std::size_t channels)
      : weights(weight_count), bias(channels), multiplier(channels, 1 << 30), shift(channels) {}

  Weights view() const {
    return Weights{{weights.data(), weights.size()},
                   {bias.data(), bias.size()},
                   {multiplier.data(), multiplier.size()},
                   {shift.data(), shift.size()}};
  }
};

// 5x4x3 input, 3x2 filter, stride 2x1, 2x3x8 output.
Conv2dParams conv() {
  return Conv2dParams{5, 4, 3, 3, 2, 2, 3, 8, 2, 1, 1, 1, 0, 0, -128, 127, -128, 127, 0, 0};
}

bool conv_ok(const Conv2dParams& params) {
  return check_conv2d(params, Constants(8 * 3 * 2 * 3, 8).view(), 60, 48) == Status::ok;
}

TEST(CheckConv2d, AcceptsWhatFits) {
  EXPECT_TRUE(conv_ok(conv()));
}

TEST(CheckConv2d, RefusesSizesThatDifferByOne) {
  const Constants good(8 * 3 * 2 * 3, 8);
  EXPECT_EQ(check_conv2d(conv(), good.view(), 59, 48), Status::plan_malformed);
  EXPECT_EQ(check_conv2d(conv(), good.view(), 60, 49), Status::plan_malformed);
  EXPECT_EQ(check_conv2d(conv(), Constants(143, 8).view(), 60, 48), Status::plan_malformed);
  EXPECT_EQ(check_conv2d(conv(), Constants(144, 7).view(), 60, 48), Status::plan_malformed);
}

TEST(CheckConv2d, RefusesEveryFieldOutOfRange) {
  const auto with = [](std::int32_t Conv2dParams::*field, std::int32_t value) {
    Conv2dParams params = conv();
    params.*field = value;
    return conv_ok(params);
  };
  for (auto field : {&Conv2dParams::input_h, &Conv2dParams::filter_w, &Conv2dParams::output_c, &Conv2dParams::stride_h,
                     &Conv2dParams::stride_w, &Conv2dParams::dilation_h, &Conv2dParams::dilation_w}) {
    EXPECT_FALSE(with(field, 0));
    EXPECT_FALSE(with(field, -1));
    EXPECT_FALSE(with(field, kMaxDimension + 1));
  }
  EXPECT_FALSE(with(&Conv2dParams::pad_top, -1));
  EXPECT_FALSE(with(&Conv2dParams::pad_left, kMaxDimension + 1));
  EXPECT_FALSE(with(&Conv2dParams::input_zero_point, 128));
  EXPECT_FALSE(with(&Conv2dParams::output_zero_point, -129));
  EXPECT_FALSE(with(&Conv2dParams::act_max, 128));
  EXPECT_FALSE(with(&Conv2dParams::rounding, 2));
}

TEST(CheckConv2d, RefusesAnEmptyActivationRange) {
  Conv2dParams params = conv();
  params.act_min = 5;
  params.act_max = 4;
  EXPECT_FALSE(conv_ok(params));
}

TEST(CheckConv2d, RefusesProductsThatWrapToTheRightSize) {
  Conv2dParams params = conv();
  params.input_h = params.input_w = 65536 / 2;
  params.input_c = 8;  // 2^33 values: 0 modulo 2^32
  EXPECT_EQ(check_conv2d(params, Constants(0, 8).view(), 0, 48), Status::plan_malformed);
}

TEST(CheckConv2d, RefusesScalingOutOfRange) {
  Constants constants(144, 8);
  constants.multiplier[7] = -1;
  EXPECT_EQ(check_conv2d(conv(), constants.view(), 60, 48), Status::plan_malformed);
  constants.multiplier[7] = INT32_MAX;
  EXPECT_EQ(check_conv2d(conv(), constants.view(), 60, 48), Status::ok);
  constants.shift[3] = 31;
  EXPECT_EQ(check_conv2d(conv(), constants.view(), 60, 48), Status::plan_malformed);
  constants.shift[3] = -32;
  EXPECT_EQ(check_conv2d(conv(), constants.view(), 60, 48), Status::plan_malformed);
}

TEST(CheckConv2d, RefusesMoreTapsThanASumHolds) {
  Conv2dParams params{256, 1, 256, 256, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, -128, 127, 0};
  EXPECT_EQ(check_conv2d(params, Constants(65536, 1).view(), 65536, 1), Status::plan_malformed);
  params.filter_h = 255;
  EXPECT_EQ(check_conv2d(params, Constants(65280, 1).view(), 65536, 1), Status::ok);
}

TEST(CheckDepthwise, NeedsAWholeDepthMultiplier) {
  Conv2dParams params{4, 4, 3, 2, 2, 3, 3, 6, 1, 1, 1, 1, 0, 0, 0, 0, -128, 127, 0};
  EXPECT_EQ(check_depthwise_conv2d(params, Constants(24, 6).view(), 48, 54), Status::ok);
  params.output_c = 7;
  EXPECT_EQ(check_depthwise_conv2d(params, Constants(28, 7).view(), 48, 63), Status::plan_malformed);
}

TEST(CheckFullyConnected, ComparesEverySize) {
  const FullyConnectedParams params{2, 10, 4, 0, 0, -128, 127, 1};
  const Constants constants(40, 4);
  EXPECT_EQ(check_fully_connected(params, constants.view(), 20, 8), Status::ok);
  EXPECT_EQ(check_fully_connected(params, constants.view(), 10, 8), Status::plan_malformed);
  EXPECT_EQ(check_fully_connected(params, constants.view(), 20, 4), Status::plan_malformed);
  EXPECT_EQ(check_fully_connected(params, Constants(40, 5).view(), 20, 8), Status::plan_malformed);
}

TEST(CheckPool2d, EveryWindowCoversSomeInput) {
  Pool2dParams params{4, 4, 2, 2, 2, 3, 3, 2, 2, 1, 1, -128, 127};
  EXPECT_EQ(check_pool2d(params, 32, 18), Status::ok);
  params.pad_top = 2;  // the first window lies in the padding entirely
  EXPECT_EQ(check_pool2d(params, 32, 18), Status::plan_malformed);
  params.pad_top = 0;  // the last window starts at row 4
  EXPECT_EQ(check_pool2d(params, 32, 18), Status::plan_malformed);
}

TEST(CheckMean, BoundsTheSum) {
  MeanParams params{1, kMaxMeanCount, 1, 0, 0, 1 << 30, -9, 0};
  EXPECT_EQ(check_mean(params, kMaxMeanCount, 1), Status::ok);
  ++params.count;
  EXPECT_EQ(check_mean(params, kMaxMeanCount + 1, 1), Status::plan_malformed);
}

TEST(CheckSoftmax, BoundsDepthAndExponent) {
  SoftmaxParams params{1, 4095, 1 << 30, 20, -1984};  // 1984 * 2^20 = 31 * 2^26
  EXPECT_EQ(check_softmax(params, 4095, 4095), Status::ok);
  params.diff_min = -1985;
  EXPECT_EQ(check_softmax(params, 4095, 4095), Status::plan_malformed);
  params.diff_min = 1;
  EXPECT_EQ(check_softmax(params, 4095, 4095), Status::plan_malformed);
  params.diff_min = 0;
  params.depth = 4096;
  EXPECT_EQ(check_softmax(params, 4096, 4096), Status::plan_malformed);
}

TEST(CheckReshape, MovesOneNumberOfElements) {
  EXPECT_EQ(check_reshape(ReshapeParams{6}, 6, 6), Status::ok);
  EXPECT_EQ(check_reshape(ReshapeParams{6}, 6, 7), Status::plan_malformed);
  EXPECT_EQ(check_reshape(ReshapeParams{-1}, static_cast<std::size_t>(-1), static_cast<std::size_t>(-1)),
            Status::plan_malformed);
}

// 2x3x4 int8 values, the second input one row of 4.
AddParams add() {
  const ElementwiseOperand a{{12, 12, 4, 1}, 0, 1 << 30, 0}, b{{0, 0, 0, 1}, 0, 1 << 30, 0};
  return {{1, 2, 3, 4}, a, b, 0, 20, 0, 1 << 30, -18, -128, 127, 0};
}

bool add_ok(const AddParams& params) {
  return check_add(params, 24, 4, 24) == Status::ok;
}

TEST(CheckAdd, NeedsInputsThatEndWhereTheWalkEnds) {
  EXPECT_TRUE(add_ok(add()));
  EXPECT_EQ(check_add(add(), 25, 4, 24), Status::plan_malformed);
  EXPECT_EQ(check_add(add(), 24, 3, 24), Status::plan_malformed);
  EXPECT_EQ(check_add(add(), 24, 4, 23), Status::plan_malformed);
  AddParams params = add();
  params.b.step[2] = 1;  // ends at byte 5
  EXPECT_FALSE(add_ok(params));
  params.b.step[2] = -1;
  EXPECT_FALSE(add_ok(params));
}

TEST(CheckAdd, RefusesWhatCouldOverflowTheSum) {
  AddParams params = add();
  params.left_shift = 21;
  EXPECT_FALSE(add_ok(params));
  params = add();
  params.a.shift = 1;
  EXPECT_FALSE(add_ok(params));
  params = add();
  params.b.zero_point = 128;
  EXPECT_FALSE(add_ok(params));
  params = add();
  params.output_shift = 30;  // saturates
  EXPECT_TRUE(add_ok(params));
}

TEST(CheckAdd, RefusesDimensionsThatWrapToTheRightSize) {
  AddParams params = add();
  const std::int32_t wide[4] = {1 << 16, 1 << 16, 1 << 16, 1 << 16};  // 2^64: 0 in 64 bits
  std::copy(wide, wide + 4, params.dims);
  EXPECT_EQ(check_add(params, 0, 0, 0), Status::plan_malformed);
  const std::int32_t steps[4] = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};
  const std::int32_t dims[4] = {5, 1, 1, 1};  // 4 * (2^31 - 1) + 1 = 2^33 - 3: -3 in 32 bits
  std::copy(dims, dims + 4, params.dims);
  std::copy(steps, steps + 4, params.a.step);
  std::copy(steps, steps + 4, params.b.step);
  EXPECT_EQ(check_add(params, static_cast<std::uint32_t>(-3), static_cast<std::uint32_t>(-3), 5),
            Status::plan_malformed);
}

TEST(CheckPad, HoldsTheInputInsideTheOutput) {
  PadParams params{{1, 2, 2, 3}, {0, 1, 0, 0}, {1, 3, 2, 3}, -128};
  EXPECT_EQ(check_pad(params, 12, 18), Status::ok);
  params.before[1] = 2;
  EXPECT_EQ(check_pad(params, 12, 18), Status::plan_malformed);
  params.before[1] = -1;
  EXPECT_EQ(check_pad(params, 12, 18), Status::plan_malformed);
  params.before[1] = INT32_MAX;
  EXPECT_EQ(check_pad(params, 12, 18), Status::plan_malformed);
}

TEST(CheckConcatenation, ComparesEveryInput) {
  const std::vector<std::int8_t> bytes(24);
  Span<const std::int8_t> inputs[kMaxInputs] = {{bytes.data(), 6}, {bytes.data(), 4}};
  ConcatenationParams params{2, 2, {3, 2}};
  EXPECT_EQ(check_concatenation(params, span_of(inputs), 10), Status::ok);
  EXPECT_EQ(check_concatenation(params, span_of(inputs), 11), Status::plan_malformed);
  inputs[1].count = 5;
  EXPECT_EQ(check_concatenation(params, span_of(inputs), 10), Status::plan_malformed);
  inputs[1].count = 4;
  params.inner_bytes[2] = 1;  // of an input that is not there
  EXPECT_EQ(check_concatenation(params, span_of(inputs), 10), Status::plan_malformed);
  params = {2, 9, {3, 2}};
  EXPECT_EQ(check_concatenation(params, span_of(inputs), 10), Status::plan_malformed);
}

TEST(CheckLookup, NeedsAnEntryForEveryByte) {
  EXPECT_EQ(check_lookup(LookupParams{7}, 256, 7, 7), Status::ok);
  EXPECT_EQ(check_lookup(LookupParams{7}, 255, 7, 7), Status::plan_malformed);
  EXPECT_EQ(check_lookup(LookupParams{7}, 256, 7, 8), Status::plan_malformed);
}

TEST(CheckQuantize, NeedsAScaleThatEveryCoreCanDivideBy) {
  const auto with_scale = [](float scale) { return check_quantize({3, scale, 0, 0}, 12, 3) == Status::ok; };
  EXPECT_TRUE(with_scale(1.17549435e-38f));  // the smallest that is no denormal
  for (const float bad : {0.0f, -0.5f, 1.1e-38f, INFINITY, NAN})
    EXPECT_FALSE(with_scale(bad)) << bad;
}

TEST(CheckQuantize, BoundsTheZeroPointByTheType) {
  EXPECT_EQ(check_dequantize({3, 1, 128, 1}, 3, 12), Status::ok);
  EXPECT_EQ(check_dequantize({3, 1, 128, 0}, 3, 12), Status::plan_malformed);
  EXPECT_EQ(check_dequantize({3, 1, -1, 1}, 3, 12), Status::plan_malformed);
  EXPECT_EQ(check_dequantize({3, 1, 0, 0}, 3, 3), Status::plan_malformed);
}

TEST(CheckConv2dAdd, ChecksConvolutionAndSum) {
  const Constants constants(8 * 3 * 2 * 3, 8);
  Conv2dAddParams params{conv(), 1 << 30, 0, 0, 1 << 30, -2, 20, 0, 1 << 30, -18, -128, 127};
  EXPECT_EQ(check_conv2d_add(params, constants.view(), 60, 48, 48), Status::ok);
  EXPECT_EQ(check_conv2d_add(params, constants.view(), 60, 47, 48), Status::plan_malformed);
  params.b_shift = 1;
  EXPECT_EQ(check_conv2d_add(params, constants.view(), 60, 48, 48), Status::plan_malformed);
  params.b_shift = 0;
  params.conv.stride_h = 0;
  EXPECT_EQ(check_conv2d_add(params, constants.view(), 60, 48, 48), Status::plan_malformed);
}

}  // namespace
}  // namespace edgesmith::kernels
