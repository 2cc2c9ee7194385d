// Layers, pools, means and softmax with the parameters of a damaged plan, see hostile_fixture.h.

#include <gtest/gtest.h>

#include <cstdint>

#include "device/kernels/check.h"
#include "device/kernels/hostile_fixture.h"
#include "device/kernels/portable/kernels.h"
#include "device/kernels/reference/kernels.h"

namespace edgesmith::kernels {
namespace {

TEST(HostileParams, ConvolutionsThatPassStayInside) {
  Hostile hostile(1);
  int passed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto p = hostile.params<Conv2dParams>();
    Tensors t(hostile, product(p.input_h, p.input_w, p.input_c), product(p.output_h, p.output_w, p.output_c),
              product(p.output_c, product(p.filter_h, p.filter_w, p.input_c), 1), p.output_c);
    if (check_conv2d(p, t.view(), t.input.size(), t.output.size()) != Status::ok) continue;
    reference::conv2d_s8(p, t.view(), t.in(), t.out());
    portable::conv2d_s8(p, t.view(), t.in(), t.out());
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
    portable::depthwise_conv2d_s8(p, t.view(), t.in(), t.out());
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
    portable::fully_connected_s8(p, t.view(), t.in(), t.out());
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
    portable::max_pool2d_s8(p, t.in(), t.out());
    reference::average_pool2d_s8(p, t.in(), t.out());
    portable::average_pool2d_s8(p, t.in(), t.out());
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
