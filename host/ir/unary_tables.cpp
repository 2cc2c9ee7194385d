// Results are defined to the bit by TFLite's reference kernels and, for LOGISTIC and TANH, by gemmlowp's fixed-point
// functions; the constants of the latter are those of its contract. Qi.f has i integer bits, f fraction bits and a
// sign.

#include "host/ir/unary_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "device/tensor/fixed_point.h"
#include "host/ir/diagnostics.h"
#include "host/ir/requantization.h"

namespace edgesmith::ir {
namespace {

/// An operator on bytes: what both sides mean.
struct Site {
  const Graph& graph;
  const Op& op;
  Rounding rounding;

  const Tensor& input() const {
    return graph.tensor(op.inputs[0]);
  }
  const Tensor& output() const {
    return graph.tensor(op.outputs[0]);
  }
  float input_scale() const {
    return input().quantization.scale[0];
  }
  float output_scale() const {
    return output().quantization.scale[0];
  }
  std::int32_t input_zero_point() const {
    return static_cast<std::int32_t>(input().quantization.zero_point[0]);
  }
  std::int32_t output_zero_point() const {
    return static_cast<std::int32_t>(output().quantization.zero_point[0]);
  }
  std::int32_t scaled(std::int32_t value, QuantizedMultiplier by) const {
    return requantize(value, by.multiplier, by.shift, rounding);
  }
};

[[noreturn]] void refuse_scales(const Site& site, const std::string& expected) {
  refuse(site.graph, site.op, "scale",
         {.what = "its scales are beyond what the int8 operator can say",
          .expected = expected,
          .found = fmt::format("{:.6g} -> {:.6g}", site.input_scale(), site.output_scale()),
          .try_this = "quantise the network again with inputs like those it will see"});
}

std::int32_t lowest(DType dtype) {
  return dtype == DType::u8 ? 0 : INT8_MIN;
}

std::int32_t highest(DType dtype) {
  return dtype == DType::u8 ? UINT8_MAX : INT8_MAX;
}

/// Calls function(q - zero_point) for each input; the result is clamped to the output's type, or tighter.
template <typename Function>
UnaryTable tabulate(const Site& site, std::int32_t low, std::int32_t high, Function function) {
  UnaryTable table{};
  const DType from = site.input().dtype;
  for (std::int32_t q = lowest(from); q <= highest(from); ++q) {
    const std::int32_t value = std::clamp(function(q - site.input_zero_point()), low, high);
    table[static_cast<std::uint8_t>(q)] = static_cast<std::uint8_t>(value);
  }
  return table;
}

// ---- LOGISTIC and TANH: Q4.27 in, Q0.31 out --------------------------------------------------------------------

constexpr int kInputIntegerBits = 4;

/// exp(a) as Q0.31 for `a` in [-1/4, 0) as Q0.31: a polynomial of degree four around -1/8.
std::int32_t exp_of_quarter(std::int32_t a) {
  constexpr std::int32_t kExpMinusEighth = 1895147668, kThird = 715827883;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t x2 = high_multiply(x, x), x3 = high_multiply(x2, x), x4 = high_multiply(x2, x2);
  const std::int32_t cubic = high_multiply(rounding_shift_right(x4, 2) + x3, kThird);
  return kExpMinusEighth + high_multiply(kExpMinusEighth, x + rounding_shift_right(cubic + x2, 1));
}

/// exp(a) as Q0.31 for `a` <= 0 with `integer_bits` bits before the point.
std::int32_t exp_of_negative(std::int32_t a, int integer_bits) {
  constexpr std::int32_t kExpOfBit[] = {// exp(-2^k) as Q0.31, k = -2..4
                                        1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (a == 0) return INT32_MAX;
  const int quarter_bit = 31 - integer_bits - 2;
  const std::int32_t quarter = 1 << quarter_bit;
  const std::int32_t part = (a & (quarter - 1)) - quarter;
  const std::int32_t rest = part - a;
  std::int32_t result = exp_of_quarter(part * (1 << integer_bits));
  for (int k = 0; k < integer_bits + 2; ++k) {
    if (rest & (quarter << k)) result = high_multiply(result, kExpOfBit[k]);
  }
  return result;
}

/// 2 / (1 + a) as Q2.29 for `a` in [0, 1) as Q0.31, by three Newton steps.
std::int32_t twice_reciprocal_of_one_plus(std::int32_t a) {
  constexpr std::int32_t kFirst = 1515870810, kSlope = -1010580540, kOne = 1 << 29;
  const auto half_denominator = static_cast<std::int32_t>((std::int64_t{a} + INT32_MAX + 1) / 2);
  std::int32_t x = kFirst + high_multiply(half_denominator, kSlope);
  for (int step = 0; step < 3; ++step)
    x += high_multiply(x, kOne - high_multiply(half_denominator, x)) * 4;
  return x;
}

std::int32_t logistic_q31(std::int32_t q27) {
  if (q27 == 0) return 1 << 30;
  const std::int32_t exp = exp_of_negative(-std::abs(q27), kInputIntegerBits);
  const std::int32_t of_positive = saturate_s32(std::int64_t{twice_reciprocal_of_one_plus(exp)} * 2);
  return q27 > 0 ? of_positive : INT32_MAX - of_positive;
}

std::int32_t tanh_q31(std::int32_t q27) {
  if (q27 == 0) return 0;
  const std::int32_t exp = exp_of_negative(-std::abs(q27), kInputIntegerBits + 1);  // of twice the value
  const std::int32_t of_positive = saturate_s32((std::int64_t{twice_reciprocal_of_one_plus(exp)} - (1 << 29)) * 4);
  return q27 > 0 ? of_positive : -of_positive;
}

/// Both saturate beyond 15 in real values; `fraction_bits` are those of the output.
template <typename Function>
UnaryTable saturating_curve(const Site& site, int fraction_bits, std::int32_t offset, Function function) {
  const double real = std::ldexp(static_cast<double>(site.input_scale()), 31 - kInputIntegerBits);
  const QuantizedMultiplier to_q27 = quantize_multiplier(real);
  if (real < 0.5 || real >= std::ldexp(1.0, 30)) refuse_scales(site, "an input scale between 2^-28 and 8");
  const auto radius = static_cast<std::int32_t>(std::ldexp((1 << kInputIntegerBits) - 1, 27 - to_q27.shift));
  return tabulate(site, INT8_MIN, INT8_MAX, [&](std::int32_t value) {
    if (value <= -radius) return std::int32_t{INT8_MIN};
    if (value >= radius) return std::int32_t{INT8_MAX};
    return rounding_shift_right(function(site.scaled(value, to_q27)), 31 - fraction_bits) + offset;
  });
}

// ---- HARD_SWISH: sixteen bits throughout -----------------------------------------------------------------------

struct ShortMultiplier {
  std::int16_t multiplier;  // Q15
  std::int32_t exponent;
};

ShortMultiplier short_multiplier(double real) {
  const QuantizedMultiplier whole = quantize_multiplier(real);
  const bool full = whole.multiplier >= INT32_MAX - (1 << 15);
  return {static_cast<std::int16_t>(full ? INT16_MAX : (whole.multiplier + (1 << 15)) >> 16), whole.shift};
}

std::int32_t saturated_s16(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, INT16_MIN, INT16_MAX));
}

/// a * b in Q15, to nearest, half up.
std::int32_t rounding_multiply_q15(std::int32_t a, std::int32_t b) {
  return saturated_s16((std::int64_t{a} * b + (1 << 14)) >> 15);
}

/// How much of the value passes: 0 below -3, 1 (32767) above 3, straight between.
std::int32_t gate_q15(std::int32_t value, ShortMultiplier scale) {
  if (scale.exponent > 0) value = saturated_s16(std::int64_t{value} << (scale.exponent - 1));
  value = rounding_multiply_q15(value, scale.multiplier);
  if (scale.exponent > 0) value = saturated_s16(std::int64_t{value} * 2);
  if (scale.exponent < 0) value = rounding_shift_right(value, -scale.exponent);
  return (value + (1 << 15)) >> 1;
}

UnaryTable hard_swish(const Site& site) {
  const float fine_scale = (1.0f / 128.0f) * site.input_scale();
  const ShortMultiplier to_output = short_multiplier(static_cast<double>(fine_scale / site.output_scale()));
  const ShortMultiplier to_gate = short_multiplier(static_cast<double>(fine_scale / (3.0f / 32768.0f)));
  if (to_output.exponent > 0 || to_output.exponent < -31) {
    refuse_scales(site, "an input scale of at most 128 times the output's");
  }
  return tabulate(site, INT8_MIN, INT8_MAX, [&](std::int32_t value) {
    const std::int32_t fine = value * (1 << 7);
    const std::int32_t on_output_scale = rounding_multiply_q15(fine, to_output.multiplier);
    const std::int32_t gated = gate_q15(fine, to_gate) * on_output_scale / (1 << 15);  // towards zero
    return rounding_shift_right(gated, -to_output.exponent) + site.output_zero_point();
  });
}

// ---- one straight line or two ----------------------------------------------------------------------------------

UnaryTable rescaled(const Site& site, std::int32_t low, std::int32_t high) {
  const QuantizedMultiplier scaling =
      quantize_multiplier(static_cast<double>(site.input_scale()) / static_cast<double>(site.output_scale()));
  return tabulate(site, low, high,
                  [&](std::int32_t value) { return site.scaled(value, scaling) + site.output_zero_point(); });
}

UnaryTable clamped(const Site& site, Activation activation) {
  const ActivationRange range = activation_range(activation, site.output_scale(), site.output_zero_point());
  return rescaled(site, range.min, range.max);
}

// TFLite divides these scales in float32.
UnaryTable leaky_relu(const Site& site) {
  const float alpha = site.op.attributes.alpha;
  const auto above = quantize_multiplier(static_cast<double>(site.input_scale() / site.output_scale()));
  const auto below = quantize_multiplier(static_cast<double>(site.input_scale() * alpha / site.output_scale()));
  return tabulate(site, INT8_MIN, INT8_MAX, [&](std::int32_t value) {
    return site.scaled(value, value >= 0 ? above : below) + site.output_zero_point();
  });
}

// A left shift that would carry int8 differences out of int32 leaves TFLite's arithmetic undefined.
void need_sane_ratio(const Site& site) {
  if (static_cast<double>(site.input_scale()) / static_cast<double>(site.output_scale()) < 1 << 20) return;
  refuse_scales(site, "an input scale of less than 2^20 times the output's");
}

}  // namespace

bool is_unary_on_bytes(const Graph& graph, const Op& op) {
  const DType from = graph.tensor(op.inputs[0]).dtype;
  if (from != DType::s8 && from != DType::u8) return false;
  switch (op.kind) {
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
    case OpKind::quantize:
      return true;
    default:
      return false;
  }
}

UnaryTable unary_table(const Graph& graph, const Op& op, Rounding rounding) {
  const Site site{graph, op, rounding};
  need_sane_ratio(site);
  const DType to = site.output().dtype;
  switch (op.kind) {
    case OpKind::logistic:
      return saturating_curve(site, 8, -128, logistic_q31);
    case OpKind::tanh:
      return saturating_curve(site, 7, 0, tanh_q31);
    case OpKind::relu:
      return clamped(site, Activation::relu);
    case OpKind::relu6:
      return clamped(site, Activation::relu6);
    case OpKind::leaky_relu:
      return leaky_relu(site);
    case OpKind::hard_swish:
      return hard_swish(site);
    default:  // QUANTIZE
      return rescaled(site, lowest(to), highest(to));
  }
}

}  // namespace edgesmith::ir
