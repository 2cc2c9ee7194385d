#include "host/ir/requantization.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "device/tensor/quantization.h"

namespace edgesmith::ir {
namespace {

constexpr std::int32_t kHalf = 1 << 30;

TEST(QuantizeMultiplier, SplitsIntoFractionAndPowerOfTwo) {
  EXPECT_EQ(quantize_multiplier(0.5), (QuantizedMultiplier{kHalf, 0}));
  EXPECT_EQ(quantize_multiplier(1), (QuantizedMultiplier{kHalf, 1}));
  EXPECT_EQ(quantize_multiplier(0.75), (QuantizedMultiplier{3 << 29, 0}));
  EXPECT_EQ(quantize_multiplier(0.1875), (QuantizedMultiplier{3 << 29, -2}));
}

TEST(QuantizeMultiplier, CarriesWhenTheFractionRoundsToOne) {
  EXPECT_EQ(quantize_multiplier(std::nextafter(1.0, 0.0)), (QuantizedMultiplier{kHalf, 1}));
}

TEST(QuantizeMultiplier, EndsAreZeroAndSaturation) {
  EXPECT_EQ(quantize_multiplier(0), (QuantizedMultiplier{0, 0}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, -31)), (QuantizedMultiplier{kHalf, -31}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, -32)), (QuantizedMultiplier{0, 0}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, 30)), (QuantizedMultiplier{kHalf, 30}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, 31)), (QuantizedMultiplier{INT32_MAX, 30}));
  EXPECT_EQ(quantize_multiplier(1e300), (QuantizedMultiplier{INT32_MAX, 30}));
}

TEST(LayerMultiplier, IsFormedInDouble) {
  // float32(0.1) = 13421773 / 2^27. In float the product would be rounded to 0.010000001 first.
  const double exact = std::ldexp(13421773.0, -27);
  EXPECT_EQ(layer_multiplier(0.1f, 0.1f, 1.0f), quantize_multiplier(exact * exact));
  EXPECT_NE(layer_multiplier(0.1f, 0.1f, 1.0f), quantize_multiplier(static_cast<double>(0.1f * 0.1f)));
}

TEST(LayerMultiplier, SurvivesEveryPositiveFloat) {
  constexpr float kTiny = std::numeric_limits<float>::denorm_min(), kHuge = std::numeric_limits<float>::max();
  EXPECT_EQ(layer_multiplier(kTiny, kTiny, kHuge), (QuantizedMultiplier{0, 0}));
  EXPECT_EQ(layer_multiplier(kHuge, kHuge, kTiny), (QuantizedMultiplier{INT32_MAX, 30}));
}

TEST(MeanMultiplier, DividesTheQuantisedMultiplierByTheCount) {
  // Equal scales: 1 = 2^30 * 2^(1-31). 25 values: log2 down to 4, 2^34 / 25 cut off.
  EXPECT_EQ(mean_multiplier(0.5f, 0.5f, 25), (QuantizedMultiplier{687194767, -3}));
  EXPECT_EQ(mean_multiplier(0.5f, 0.5f, 1), (QuantizedMultiplier{kHalf, 1}));
  EXPECT_EQ(mean_multiplier(0.5f, 0.5f, 16), (QuantizedMultiplier{kHalf, -3}));
}

TEST(MeanMultiplier, ShiftStaysInRange) {
  // 2^-30 = 2^30 * 2^(-29-31): only two places are left of the ten that 1024 values ask for.
  EXPECT_EQ(mean_multiplier(std::ldexp(1.0f, -30), 1.0f, 1024), (QuantizedMultiplier{1 << 22, -31}));
}

TEST(MeanMultiplier, GivesTheMeanWithinOneStep) {
  for (const std::int64_t count : {3, 7, 49, 125, 4000}) {
    const QuantizedMultiplier m = mean_multiplier(0.03f, 0.02f, count);
    const std::int32_t sum = static_cast<std::int32_t>(count * 40);
    const std::int32_t mean = requantize(sum, m.multiplier, m.shift, Rounding::tflm_double);
    EXPECT_EQ(mean, 60) << count;  // 40 * 0.03 / 0.02
  }
}

TEST(ActivationRange, ClampsAtTheQuantisedLimits) {
  EXPECT_EQ(activation_range(Activation::none, 0.1f, 5), (ActivationRange{-128, 127}));
  EXPECT_EQ(activation_range(Activation::relu, 0.1f, 5), (ActivationRange{5, 127}));
  EXPECT_EQ(activation_range(Activation::relu6, 0.1f, 5), (ActivationRange{5, 65}));
  EXPECT_EQ(activation_range(Activation::relu6, 0.01f, -128), (ActivationRange{-128, 127}));
  EXPECT_EQ(activation_range(Activation::relu6, 1e-38f, -128), (ActivationRange{-128, 127}));
}

TEST(SoftmaxScaling, HoldsBetaTimesScaleInQ5_26) {
  // 1/16 * 2^26 = 2^22 = 0.5 * 2^23; 31 * 2^26 / 2^23 = 248.
  const SoftmaxScaling scaling = softmax_scaling(1.0f, 0.0625f);
  EXPECT_TRUE(scaling.valid);
  EXPECT_EQ(scaling.multiplier, (QuantizedMultiplier{kHalf, 23}));
  EXPECT_EQ(scaling.diff_min, -248);
  EXPECT_EQ(softmax_scaling(2.0f, 0.03125f).multiplier, scaling.multiplier);
}

TEST(SoftmaxScaling, SaturatesAboveAndRefusesBelow) {
  EXPECT_EQ(softmax_scaling(1.0f, 1000.0f).multiplier, (QuantizedMultiplier{INT32_MAX, 31}));
  EXPECT_EQ(softmax_scaling(1.0f, 1000.0f).diff_min, 0);
  EXPECT_FALSE(softmax_scaling(1.0f, std::ldexp(1.0f, -26)).valid);
  EXPECT_FALSE(softmax_scaling(0.0f, 1.0f).valid);
  EXPECT_FALSE(softmax_scaling(std::numeric_limits<float>::quiet_NaN(), 1.0f).valid);
}

}  // namespace
}  // namespace edgesmith::ir
