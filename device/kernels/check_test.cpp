#include "device/kernels/check.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace edgesmith::kernels
