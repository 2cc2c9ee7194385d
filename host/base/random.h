#pragma once
// Seeded random numbers that are the same on every machine (std distributions are not).

#include <cstdint>

namespace edgesmith {

/// PCG32 (O'Neill 2014, pcg-random.org): 64-bit state, 32-bit output.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);
  std::uint32_t next();
  /// Uniform in [0, 1), 24 bits.
  float uniform();
  /// Uniform in 0..bound-1, without bias; bound > 0.
  std::uint32_t below(std::uint32_t bound);
  /// Standard normal, by the polar method in double precision.
  double normal();

 private:
  std::uint64_t state_;
  std::uint64_t increment_;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace edgesmith
