#include "host/base/random.h"

#include <cmath>

namespace edgesmith {
namespace {

/// Natural logarithm from +, *, / alone, which are exact to the bit everywhere; libm's differs between machines.
/// x = m * 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 * (s + s^3/3 + s^5/5 + ...), s = (m-1)/(m+1), |s| < 0.172.
double portable_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int k = 23; k >= 1; k -= 2)
    sum = sum * (s * s) + 1.0 / k;
  return 2 * s * sum + exponent * 0.69314718055994531;
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) : state_(0), increment_((stream << 1) | 1) {
  next();
  state_ += seed;
  next();
}

std::uint32_t Random::next() {
  const std::uint64_t old = state_;
  state_ = old * 6364136223846793005u + increment_;
  const auto mixed = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
  const auto turn = static_cast<std::uint32_t>(old >> 59);
  return (mixed >> turn) | (mixed << ((32 - turn) & 31));
}

float Random::uniform() {
  return static_cast<float>(next() >> 8) * 0x1p-24f;
}

std::uint32_t Random::below(std::uint32_t bound) {
  // Draws under 2^32 mod bound are thrown away, so that what is left divides evenly.
  const std::uint32_t uneven = (0u - bound) % bound;
  std::uint32_t draw = next();
  while (draw < uneven)
    draw = next();
  return draw % bound;
}

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  double x = 0, y = 0, square = 0;
  do {
    x = next() * 0x1p-31 - 1;
    y = next() * 0x1p-31 - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  const double radius = std::sqrt(-2 * portable_log(square) / square);
  spare_ = y * radius;
  has_spare_ = true;
  return x * radius;
}

}  // namespace edgesmith
