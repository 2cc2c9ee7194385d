// Parameters as a damaged plan would hold them: whatever the checks let through must run inside its tensors. Tensors
// are heap blocks of exactly their size, so that a build with sanitizers sees every step outside and every overflow.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "device/kernels/check.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith::kernels {
namespace {

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
    static const std::int32_t kOdd[] = {INT32_MIN, -65536, -129, -128,  -1,      0,
                                        127,       128,    4095, 65535, 1 << 30, INT32_MAX};
    std::vector<std::int32_t> fields(sizeof(Params) / sizeof(std::int32_t));
    for (std::int32_t& field : fields)
      field = between(0, 9) == 0 ? 0 : between(1, 4);
    for (int i = between(0, 2); i > 0; --i) {
      fields[static_cast<std::size_t>(between(0, static_cast<int>(fields.size()) - 1))] = kOdd[between(0, 11)];
    }
    Params params;
    std::memcpy(&params, fields.data(), sizeof params);
    make_flags(params);
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

std::int64_t product(std::int64_t a, std::int64_t b, std::int64_t c) {
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
void expect_both(int passed, int trials) {
  EXPECT_GE(passed, 500);
  EXPECT_LT(passed, trials);
}

constexpr int kTrials = 20000;

TEST(HostileParams, ConvolutionsThatPassStayInside) {
  Hostile hostile(1);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto p = hostile.params<Conv2dParams>();
    Tensors t(hostile, product(p.input_h, p.input_w, p.input_c), product(p.output_h, p.output_w, p.output_c),
              product(p.output_c, product(p.filter_h, p.filter_w, p.input_c), 1), p.output_c);
    if (check_conv2d(p, t.view(), t.input.size(), t.output.size()) != Status::ok) continue;
    reference::conv2d_s8(p, t.view(), t.in(), t.out());
    ++passed;
  }
  expect_both(passed, kTrials);
}

TEST(HostileParams, DepthwiseConvolutionsThatPassStayInside) {
  Hostile hostile(2);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto p = hostile.params<Conv2dParams>();
    Tensors t(hostile, product(p.input_h, p.input_w, p.input_c), product(p.output_h, p.output_w, p.output_c),
              product(p.filter_h, p.filter_w, p.output_c), p.output_c);
    if (check_depthwise_conv2d(p, t.view(), t.input.size(), t.output.size()) != Status::ok) continue;
    reference::depthwise_conv2d_s8(p, t.view(), t.in(), t.out());
    ++passed;
  }
  expect_both(passed, kTrials);
}

TEST(HostileParams, DenseLayersThatPassStayInside) {
  Hostile hostile(3);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto p = hostile.params<FullyConnectedParams>();
    Tensors t(hostile, product(p.rows, p.input_elems, 1), product(p.rows, p.output_elems, 1),
              product(p.output_elems, p.input_elems, 1), p.output_elems);
    if (check_fully_connected(p, t.view(), t.input.size(), t.output.size()) != Status::ok) continue;
    reference::fully_connected_s8(p, t.view(), t.in(), t.out());
    ++passed;
  }
  expect_both(passed, kTrials);
}

TEST(HostileParams, PoolsThatPassStayInside) {
  Hostile hostile(4);
  int passed = 0;
  for (int trial = 0; trial < 2 * kTrials; ++trial) {
    const auto conv = hostile.params<Conv2dParams>();
    const Pool2dParams p{conv.input_h,  conv.input_w,           conv.input_c,           conv.filter_h,
                         conv.filter_w, hostile.between(0, 2),  hostile.between(0, 2),  conv.stride_h,
                         conv.stride_w, hostile.between(-1, 4), hostile.between(-1, 4), -128,
                         conv.act_max};
    Tensors t(hostile, product(p.input_h, p.input_w, p.channels), product(p.output_h, p.output_w, p.channels), 0, 0);
    if (check_pool2d(p, t.input.size(), t.output.size()) != Status::ok) continue;
    reference::max_pool2d_s8(p, t.in(), t.out());
    reference::average_pool2d_s8(p, t.in(), t.out());
    ++passed;
  }
  expect_both(passed, 2 * kTrials);
}

TEST(HostileParams, MeansThatPassStayInside) {
  Hostile hostile(5);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto p = hostile.params<MeanParams>();
    Tensors t(hostile, product(p.outer, p.count, p.inner), product(p.outer, p.inner, 1), 0, 0);
    if (check_mean(p, t.input.size(), t.output.size()) != Status::ok) continue;
    reference::mean_s8(p, t.in(), t.out());
    ++passed;
  }
  expect_both(passed, kTrials);
}

TEST(HostileParams, SoftmaxesThatPassStayInside) {
  Hostile hostile(6);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::int32_t shift = hostile.between(0, 31);
    const SoftmaxParams p{hostile.between(0, 3), hostile.between(0, 40), hostile.words(1, INT32_MIN, 0)[0], shift,
                          -hostile.between(0, 1 << hostile.between(0, 29))};
    Tensors t(hostile, product(p.rows, p.depth, 1), product(p.rows, p.depth, 1), 0, 0);
    if (check_softmax(p, t.input.size(), t.output.size()) != Status::ok) continue;
    reference::softmax_s8(p, t.in(), t.out());
    ++passed;
  }
  expect_both(passed, kTrials);
}

}  // namespace
}  // namespace edgesmith::kernels
