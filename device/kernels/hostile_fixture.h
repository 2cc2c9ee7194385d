#pragma once
// Parameters as a damaged plan would hold them: whatever the checks let through must run inside its tensors. Tensors
// are heap blocks of exactly their size, so that a build with sanitizers sees every step outside and every overflow.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <vector>

#include "device/kernels/params.h"

namespace edgesmith::kernels {

constexpr std::int64_t kLargestTensor = 1 << 16;

class Hostile {
 public:
  explicit Hostile(unsigned seed) : random_(seed) {}

  int between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1));
  }

  /// Small numbers in every field, then up to two that a bit error might leave.
  template <typename Params>
  Params params() {
    std::vector<std::int32_t> fields(sizeof(Params) / sizeof(std::int32_t));
    for (std::int32_t& field : fields)
      field = between(0, 9) == 0 ? 0 : between(1, 4);
    for (int i = between(0, 2); i > 0; --i) {
      fields[static_cast<std::size_t>(between(0, static_cast<int>(fields.size()) - 1))] = odd();
    }
    Params params;
    std::memcpy(&params, fields.data(), sizeof params);
    make_flags(params);
    return params;
  }

  /// Up to two fields of good parameters, changed as a bit error or a wrong sum might.
  template <typename Params>
  Params damaged(Params params) {
    std::int32_t fields[sizeof(Params) / sizeof(std::int32_t)];
    std::memcpy(fields, &params, sizeof params);
    for (int i = between(0, 2); i > 0; --i) {
      std::int32_t& field = fields[static_cast<std::size_t>(between(0, static_cast<int>(std::size(fields)) - 1))];
      field = between(0, 1) == 0 ? odd() : (field ^ (1 << between(0, 4)));
    }
    std::memcpy(&params, fields, sizeof params);
    return params;
  }

  std::vector<std::int8_t> bytes(std::int64_t count) {
    std::vector<std::int8_t> values(count < 0 || count > kLargestTensor ? 0 : static_cast<std::size_t>(count));
    for (auto& value : values)
      value = static_cast<std::int8_t>(between(-128, 127));
    return values;
  }

  std::vector<std::int32_t> words(std::size_t count, int low, int high) {
    std::vector<std::int32_t> values(count);
    for (auto& value : values)
      value = low == INT32_MIN ? static_cast<std::int32_t>(random_()) : between(low, high);
    return values;
  }

 private:
  std::int32_t odd() {
    static const std::int32_t kOdd[] = {INT32_MIN, -65536, -129, -128,  -1,      0,
                                        127,       128,    4095, 65535, 1 << 30, INT32_MAX};
    return kOdd[between(0, 11)];
  }
  // Fields with two values, which chance would seldom meet.
  template <typename Layer>
  static void make_flags(Layer& params) {
    params.rounding %= 2;
    params.zero_point_in_bias %= 2;
  }
  static void make_flags(MeanParams& params) {
    params.rounding %= 2;
  }

  std::mt19937 random_;
};

inline std::int64_t product(std::int64_t a, std::int64_t b, std::int64_t c) {
  for (const std::int64_t factor : {a, b, c}) {
    if (factor < 1 || factor > kLargestTensor) return -1;
  }
  return a * b > kLargestTensor ? -1 : a * b * c;
}

struct Tensors {
  std::vector<std::int8_t> input, output, weights, shift;
  std::vector<std::int32_t> bias, multiplier;

  Tensors(Hostile& hostile, std::int64_t in, std::int64_t out, std::int64_t weight_count, std::int64_t channels)
      : input(hostile.bytes(in)), output(hostile.bytes(out)), weights(hostile.bytes(weight_count)) {
    const std::size_t count = channels < 1 || channels > kLargestTensor ? 0 : static_cast<std::size_t>(channels);
    bias = hostile.words(count, INT32_MIN, INT32_MAX);
    multiplier = hostile.words(count, 0, INT32_MAX - 1);
    for (std::size_t c = 0; c < count; ++c)
      shift.push_back(static_cast<std::int8_t>(hostile.between(-31, 30)));
  }
  Weights view() const {
    return Weights{{weights.data(), weights.size()},
                   {bias.data(), bias.size()},
                   {multiplier.data(), multiplier.size()},
                   {shift.data(), shift.size()}};
  }
  Span<const std::int8_t> in() const {
    return {input.data(), input.size()};
  }
  Span<std::int8_t> out() {
    return {output.data(), output.size()};
  }
};

// Many must pass and some must not, or the test would try nothing.
inline void expect_both(int passed, int trials) {
  EXPECT_GE(passed, 500);
  EXPECT_LT(passed, trials);
}

constexpr int kTrials = 20000;

}  // namespace edgesmith::kernels
