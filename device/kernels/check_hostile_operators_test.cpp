// Sums, products, movements, tables and changes of type with the parameters of a damaged plan, see hostile_fixture.h.
// They go through the kernel set, so that its dispatch is held to the same.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

#include "device/kernels/hostile_fixture.h"
#include "device/kernels/operators.h"
#include "device/kernels/reference/set.h"

namespace edgesmith::kernels {
namespace {

// Where a walk in steps ends, counted from its first byte; -1 where the numbers are too large for a test.
std::int64_t walk(const std::int32_t (&dims)[4], const std::int32_t (&step)[4]) {
  std::int64_t last = 0;
  for (int d = 0; d < 4; ++d) {
    if (dims[d] < 1 || dims[d] > kLargestTensor || step[d] < -kLargestTensor || step[d] > kLargestTensor) return -1;
    last += static_cast<std::int64_t>(dims[d] - 1) * step[d];
  }
  return last + 1;
}

std::int64_t volume(const std::int32_t (&dims)[4]) {
  return product(product(dims[0], dims[1], dims[2]), dims[3], 1);
}

// Runs the operator when its check lets it; answers whether it did.
template <typename Params>
bool ran(Hostile& hostile, OpCode code, const Params& params, const std::vector<std::int64_t>& inputs,
         std::int64_t output, const Weights& weights = {}) {
  Operator op = {static_cast<std::uint32_t>(code), {}};
  std::memcpy(op.params, &params, sizeof params);
  Operands operands = {};
  std::vector<std::vector<std::int8_t>> tensors;
  tensors.reserve(inputs.size());  // the spans point into them
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    tensors.push_back(hostile.bytes(inputs[i]));
    operands.inputs[i] = {tensors[i].data(), tensors[i].size()};
  }
  std::vector<std::int8_t> result = hostile.bytes(output);
  operands.weights = weights;
  operands.output = {result.data(), result.size()};
  if (check_operator(op, operands) != Status::ok) return false;
  reference::kSet.run(op, operands);
  return true;
}

constexpr int kTrials = 20000;

template <typename Trial>
void expect_to_stay_inside(unsigned seed, Trial trial) {
  Hostile hostile(seed);
  int passed = 0;
  for (int i = 0; i < kTrials; ++i)
    passed += trial(hostile);
  expect_both(passed, kTrials);
}

void set_dims(Hostile& hostile, std::int32_t (&dims)[4]) {
  for (auto& dim : dims)
    dim = hostile.between(1, 4);
}

// Any steps, in memory's order or not, broadcast or with gaps; now and then one goes back.
void set_steps(Hostile& hostile, std::int32_t (&step)[4]) {
  for (auto& s : step)
    s = hostile.between(0, 20);
  if (hostile.between(0, 9) == 0) step[hostile.between(0, 3)] = -hostile.between(1, 4);
}

TEST(HostileParams, SumsThatPassStayInside) {
  expect_to_stay_inside(11, [](Hostile& hostile) {
    AddParams good{};
    set_dims(hostile, good.dims);
    set_steps(hostile, good.a.step);
    set_steps(hostile, good.b.step);
    // The largest sum there is: 255 << 20 on both sides.
    good.a.zero_point = good.b.zero_point = hostile.between(0, 1) ? -128 : 127;
    good.a.multiplier = good.b.multiplier = INT32_MAX;
    good.subtract = hostile.between(0, 1), good.left_shift = 20;
    good.output_multiplier = INT32_MAX, good.output_shift = hostile.between(-31, 30);
    good.act_min = -128, good.act_max = 127, good.rounding = hostile.between(0, 1);
    const AddParams p = hostile.damaged(good);
    return ran(hostile, OpCode::add, p, {walk(p.dims, p.a.step), walk(p.dims, p.b.step)}, volume(p.dims));
  });
}

TEST(HostileParams, ProductsThatPassStayInside) {
  expect_to_stay_inside(12, [](Hostile& hostile) {
    MulParams good{};
    set_dims(hostile, good.dims);
    set_steps(hostile, good.step_a);
    set_steps(hostile, good.step_b);
    good.zero_point_a = -128, good.zero_point_b = 127;
    good.multiplier = INT32_MAX, good.shift = hostile.between(-31, 30);
    good.act_max = 127, good.rounding = hostile.between(0, 1);
    const MulParams p = hostile.damaged(good);
    return ran(hostile, OpCode::mul, p, {walk(p.dims, p.step_a), walk(p.dims, p.step_b)}, volume(p.dims));
  });
}

TEST(HostileParams, PadsThatPassStayInside) {
  expect_to_stay_inside(13, [](Hostile& hostile) {
    PadParams good{};
    set_dims(hostile, good.input);
    for (int d = 0; d < 4; ++d) {
      good.before[d] = hostile.between(0, 2);
      good.output[d] = good.before[d] + good.input[d] + hostile.between(0, 2);
    }
    const PadParams p = hostile.damaged(good);
    return ran(hostile, OpCode::pad, p, {volume(p.input)}, volume(p.output));
  });
}

TEST(HostileParams, TransposesThatPassStayInside) {
  expect_to_stay_inside(14, [](Hostile& hostile) {
    TransposeParams good{};
    set_dims(hostile, good.dims);
    set_steps(hostile, good.step);
    const TransposeParams p = hostile.damaged(good);
    return ran(hostile, OpCode::transpose, p, {walk(p.dims, p.step)}, volume(p.dims));
  });
}

TEST(HostileParams, ConcatenationsThatPassStayInside) {
  expect_to_stay_inside(15, [](Hostile& hostile) {
    ConcatenationParams good{hostile.between(1, 4), hostile.between(1, kMaxInputs), {}};
    for (int i = 0; i < good.inputs; ++i)
      good.inner_bytes[i] = hostile.between(1, 5);
    const ConcatenationParams p = hostile.damaged(good);
    std::vector<std::int64_t> inputs;
    for (const std::int32_t bytes : p.inner_bytes)
      inputs.push_back(product(p.outer, bytes, 1));
    const std::int64_t inner = std::accumulate(p.inner_bytes, p.inner_bytes + kMaxInputs, std::int64_t{0});
    return ran(hostile, OpCode::concatenation, p, inputs, product(p.outer, inner, 1));
  });
}

TEST(HostileParams, LookupsThatPassStayInside) {
  expect_to_stay_inside(16, [](Hostile& hostile) {
    const LookupParams p = hostile.damaged(LookupParams{hostile.between(1, 300)});
    const std::vector<std::int8_t> table = hostile.bytes(256 - hostile.between(0, 1));
    const Weights weights = {{table.data(), table.size()}, {}, {}, {}};
    return ran(hostile, OpCode::lookup, p, {product(p.elems, 1, 1)}, product(p.elems, 1, 1), weights);
  });
}

// The input's bytes are random: NaN, infinities and denormals among them. So is the scale now and then.
TEST(HostileParams, ChangesOfTypeThatPassStayInside) {
  expect_to_stay_inside(17, [](Hostile& hostile) {
    QuantizeParams good{hostile.between(1, 40), 0, hostile.between(0, 127), hostile.between(0, 1)};
    const std::int32_t scale_bits = hostile.words(1, INT32_MIN, 0)[0];
    std::memcpy(&good.scale, &scale_bits, sizeof good.scale);
    const QuantizeParams p = hostile.damaged(good);
    const std::int64_t quantized = product(p.elems, 1, 1), real = product(p.elems, 4, 1);
    const bool back = ran(hostile, OpCode::dequantize, p, {quantized}, real);
    return ran(hostile, OpCode::quantize, p, {real}, quantized) && back;
  });
}

TEST(HostileParams, ConvolutionsWithTheirSumThatPassStayInside) {
  expect_to_stay_inside(18, [](Hostile& hostile) {
    Conv2dAddParams good{};
    good.conv = hostile.params<Conv2dParams>();
    good.a_multiplier = good.b_multiplier = INT32_MAX;
    good.b_zero_point = hostile.between(0, 1) ? -128 : 127, good.left_shift = 20;
    good.output_multiplier = INT32_MAX, good.output_shift = hostile.between(-31, 30);
    good.act_min = -128, good.act_max = 127;
    const Conv2dAddParams p = hostile.damaged(good);
    const Conv2dParams& c = p.conv;
    const std::int64_t input = product(c.input_h, c.input_w, c.input_c);
    const std::int64_t output = product(c.output_h, c.output_w, c.output_c);
    const std::int64_t skip = output - (hostile.between(0, 9) == 0);
    const Tensors t(hostile, 0, 0, product(c.output_c, product(c.filter_h, c.filter_w, c.input_c), 1), c.output_c);
    return ran(hostile, OpCode::conv2d_add, p, {input, skip}, output, t.view());
  });
}

}  // namespace
}  // namespace edgesmith::kernels
