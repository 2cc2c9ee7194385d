#pragma once
// Random tensors and constants for tests of kernels, and requantisation from its definition.

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "device/kernels/params.h"
#include "device/tensor/quantization.h"

namespace edgesmith::kernels::reference {

using Int8s = std::vector<std::int8_t>;

inline std::mt19937& random_numbers() {
  static std::mt19937 numbers(7);
  return numbers;
}

inline int below(int bound) {
  return static_cast<int>(random_numbers()() % static_cast<unsigned>(bound));
}
inline int between(int low, int high) {
  return low + below(high - low + 1);
}

inline Int8s random_int8s(int count) {
  Int8s values(static_cast<std::size_t>(count));
  for (auto& value : values)
    value = static_cast<std::int8_t>(between(-128, 127));
  return values;
}

inline Span<const std::int8_t> in(const Int8s& values) {
  return {values.data(), values.size()};
}
inline Span<std::int8_t> out(Int8s& values) {
  return {values.data(), values.size()};
}

/// Constants of a layer, with biases and scalings that bring sums to about the size of an int8.
struct Layer {
  Int8s weights;
  std::vector<std::int32_t> bias, multiplier;
  Int8s shift;

  Layer(int weight_count, int channels) : weights(random_int8s(weight_count)) {
    for (int c = 0; c < channels; ++c) {
      bias.push_back(between(-20000, 20000));
      multiplier.push_back(between(1 << 30, INT32_MAX - 1));
      shift.push_back(static_cast<std::int8_t>(between(-10, -4)));
    }
  }
  Weights view() const {
    return Weights{in(weights), {bias.data(), bias.size()}, {multiplier.data(), multiplier.size()}, in(shift)};
  }
};

inline std::int64_t floor_divide(std::int64_t x, std::int64_t by) {
  return x / by - (x % by != 0 && x < 0 ? 1 : 0);
}

/// requantize() for shift <= 0 in 64 bits, written from the two definitions. |x| < 2^30.
inline std::int64_t scaled(std::int64_t x, std::int32_t multiplier, std::int32_t shift, int rounding) {
  const std::int64_t one = std::int64_t{1} << 31;
  const std::int64_t product = x * multiplier;
  if (rounding == static_cast<int>(Rounding::single)) {
    const std::int64_t by = std::int64_t{1} << (30 - shift);  // half of the denominator
    return floor_divide(floor_divide(product + by, by), 2);
  }
  const double high = static_cast<double>(floor_divide(product + one / 2, one));
  return std::llround(std::ldexp(high, shift));  // halves away from zero
}

/// A factor below 1 as multiplier and shift.
struct Factor {
  std::int32_t multiplier, shift;
};
inline Factor factor(double real) {
  int exponent = 0;
  const double mantissa = std::frexp(real, &exponent);
  const std::int64_t q31 = std::llround(std::ldexp(mantissa, 31));
  if (q31 == std::int64_t{1} << 31) return {1 << 30, exponent + 1};
  return {static_cast<std::int32_t>(q31), exponent};
}

}  // namespace edgesmith::kernels::reference
