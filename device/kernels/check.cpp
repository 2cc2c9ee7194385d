// Parameters are untrusted: they come from plan files. Products are formed in 64 bits.

#include "device/kernels/check.h"

#include <stdint.h>

#include "device/base/exact_float.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace {

constexpr uint64_t kTooMany = UINT64_C(1) << 31;

Status answer(bool good) {
  return good ? Status::ok : Status::plan_malformed;
}

bool within(int32_t x, int32_t low, int32_t high) {
  return x >= low && x <= high;
}

bool dimension(int32_t x) {
  return within(x, 1, kMaxDimension);
}

/// Is a * b * c = `bytes`, below 2^31? One factor may reach 2^23, the others 65535.
bool volume_is(size_t bytes, int32_t a, int32_t b, int32_t c) {
  const uint64_t volume = static_cast<uint64_t>(a) * static_cast<uint64_t>(b) * static_cast<uint64_t>(c);
  return volume < kTooMany && volume == bytes;
}

/// The same for four factors of any size.
bool volume_is(size_t bytes, const int32_t (&dims)[4]) {
  uint64_t volume = 1;
  for (int32_t dim : dims) {
    if (dim < 1) return false;
    volume *= static_cast<uint64_t>(dim);
    if (volume >= kTooMany) return false;
  }
  return volume == bytes;
}

/// Do steps through `dims`, which are positive, end at the last of `bytes` bytes?
bool walk_is(size_t bytes, const int32_t (&dims)[4], const int32_t (&step)[4]) {
  uint64_t last = 0;  // four terms below 2^62
  for (int d = 0; d < 4; ++d) {
    if (step[d] < 0) return false;
    last += static_cast<uint64_t>(dims[d] - 1) * static_cast<uint64_t>(step[d]);
  }
  return last < kTooMany - 1 && last + 1 == bytes;
}

bool taps_fit(int32_t a, int32_t b, int32_t c) {
  const uint64_t taps = static_cast<uint64_t>(a) * static_cast<uint64_t>(b) * static_cast<uint64_t>(c);
  return taps <= static_cast<uint64_t>(kMaxTaps);
}

bool int8_value(int32_t q) {
  return within(q, INT8_MIN, INT8_MAX);
}

bool activation_range(int32_t act_min, int32_t act_max) {
  return int8_value(act_min) && int8_value(act_max) && act_min <= act_max;
}

bool rounding_known(int32_t rounding) {
  return rounding == static_cast<int32_t>(Rounding::tflm_double) || rounding == static_cast<int32_t>(Rounding::single);
}

bool flag(int32_t value) {
  return within(value, 0, 1);
}

bool scaling(int32_t multiplier, int32_t shift) {
  return multiplier >= 0 && within(shift, -31, 30);
}

/// A scaling that makes nothing larger.
bool scaling_down(int32_t multiplier, int32_t shift) {
  return scaling(multiplier, shift) && shift <= 0;
}

bool scalings(const Weights& weights) {
  for (size_t i = 0; i < weights.multiplier.size(); ++i) {
    if (!scaling(weights.multiplier.data[i], weights.shift.data[i])) return false;
  }
  return true;
}

bool per_channel(const Weights& weights, int32_t channels) {
  const size_t count = static_cast<size_t>(channels);
  return weights.bias.size() == count && weights.multiplier.size() == count && weights.shift.size() == count &&
         scalings(weights);
}

/// One axis of a filter that slides over an input.
struct Axis {
  int32_t input, filter, output, stride, dilation, pad;
};

bool axis_sane(const Axis& a) {
  return dimension(a.input) && dimension(a.filter) && dimension(a.output) && dimension(a.stride) &&
         dimension(a.dilation) && within(a.pad, 0, kMaxDimension) &&
         static_cast<int64_t>(a.output - 1) * a.stride <= kMaxFilterPosition;
}

bool axis_always_covers_input(const Axis& a) {
  return a.pad < a.filter && (a.output - 1) * a.stride - a.pad < a.input;
}

template <typename Params>  // the two structs with a filter; they differ in dilation alone
Axis vertical(const Params& p, int32_t dilation) {
  return Axis{p.input_h, p.filter_h, p.output_h, p.stride_h, dilation, p.pad_top};
}
template <typename Params>
Axis horizontal(const Params& p, int32_t dilation) {
  return Axis{p.input_w, p.filter_w, p.output_w, p.stride_w, dilation, p.pad_left};
}

/// What convolution and depthwise convolution have in common.
bool convolution(const Conv2dParams& p, const Weights& weights, size_t input_bytes, size_t output_bytes) {
  return axis_sane(vertical(p, p.dilation_h)) && axis_sane(horizontal(p, p.dilation_w)) && dimension(p.input_c) &&
         dimension(p.output_c) && volume_is(input_bytes, p.input_h, p.input_w, p.input_c) &&
         volume_is(output_bytes, p.output_h, p.output_w, p.output_c) && int8_value(p.input_zero_point) &&
         int8_value(p.output_zero_point) && activation_range(p.act_min, p.act_max) && rounding_known(p.rounding) &&
         flag(p.zero_point_in_bias) && per_channel(weights, p.output_c);
}

bool side_of_sum(const ElementwiseOperand& side, const int32_t (&dims)[4], size_t bytes) {
  return walk_is(bytes, dims, side.step) && int8_value(side.zero_point) && scaling_down(side.multiplier, side.shift);
}

/// What quantisation and dequantisation have in common.
bool quantization(const QuantizeParams& p, size_t quantized_bytes, size_t float_bytes) {
  const bool good_zero_point = p.is_unsigned ? within(p.zero_point, 0, UINT8_MAX) : int8_value(p.zero_point);
  return p.elems >= 1 && static_cast<size_t>(p.elems) == quantized_bytes && volume_is(float_bytes, p.elems, 4, 1) &&
         is_finite(p.scale) && p.scale >= FLT_MIN && flag(p.is_unsigned) && good_zero_point;
}

}  // namespace

Status check_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes, size_t output_bytes) {
  const Conv2dParams& p = params;
  return answer(convolution(p, weights, input_bytes, output_bytes) && taps_fit(p.filter_h, p.filter_w, p.input_c) &&
                volume_is(weights.weights.size(), p.output_c, p.filter_h * p.filter_w * p.input_c, 1));
}

Status check_depthwise_conv2d(const Conv2dParams& params, const Weights& weights, size_t input_bytes,
                              size_t output_bytes) {
  const Conv2dParams& p = params;
  return answer(convolution(p, weights, input_bytes, output_bytes) && p.output_c % p.input_c == 0 &&
                taps_fit(p.filter_h, p.filter_w, 1) &&
                volume_is(weights.weights.size(), p.filter_h, p.filter_w, p.output_c));
}

Status check_fully_connected(const FullyConnectedParams& params, const Weights& weights, size_t input_bytes,
                             size_t output_bytes) {
  const FullyConnectedParams& p = params;
  return answer(dimension(p.rows) && dimension(p.input_elems) && dimension(p.output_elems) &&
                volume_is(input_bytes, p.rows, p.input_elems, 1) &&
                volume_is(output_bytes, p.rows, p.output_elems, 1) &&
                volume_is(weights.weights.size(), p.output_elems, p.input_elems, 1) && int8_value(p.input_zero_point) &&
                int8_value(p.output_zero_point) && activation_range(p.act_min, p.act_max) &&
                rounding_known(p.rounding) && flag(p.zero_point_in_bias) && per_channel(weights, p.output_elems));
}

Status check_pool2d(const Pool2dParams& params, size_t input_bytes, size_t output_bytes) {
  const Pool2dParams& p = params;
  const Axis axis_h = vertical(p, 1);
  const Axis axis_w = horizontal(p, 1);
  return answer(axis_sane(axis_h) && axis_sane(axis_w) && axis_always_covers_input(axis_h) &&
                axis_always_covers_input(axis_w) && dimension(p.channels) && taps_fit(p.filter_h, p.filter_w, 1) &&
                volume_is(input_bytes, p.input_h, p.input_w, p.channels) &&
                volume_is(output_bytes, p.output_h, p.output_w, p.channels) && activation_range(p.act_min, p.act_max));
}

Status check_mean(const MeanParams& params, size_t input_bytes, size_t output_bytes) {
  const MeanParams& p = params;
  return answer(dimension(p.outer) && within(p.count, 1, kMaxMeanCount) && dimension(p.inner) &&
                volume_is(input_bytes, p.outer, p.count, p.inner) && volume_is(output_bytes, p.outer, p.inner, 1) &&
                int8_value(p.input_zero_point) && int8_value(p.output_zero_point) && scaling(p.multiplier, p.shift) &&
                rounding_known(p.rounding));
}

Status check_softmax(const SoftmaxParams& params, size_t input_bytes, size_t output_bytes) {
  const SoftmaxParams& p = params;
  constexpr int64_t kLowestExponent = -(INT64_C(31) << 26);  // -31 in Q5.26
  return answer(dimension(p.rows) && within(p.depth, 1, kMaxSoftmaxDepth) &&
                volume_is(input_bytes, p.rows, p.depth, 1) && volume_is(output_bytes, p.rows, p.depth, 1) &&
                p.multiplier >= 0 && within(p.shift, 0, 31) && p.diff_min <= 0 &&
                p.diff_min * (INT64_C(1) << p.shift) >= kLowestExponent);
}

Status check_reshape(const ReshapeParams& params, size_t input_bytes, size_t output_bytes) {
  return answer(params.bytes >= 1 && static_cast<size_t>(params.bytes) == input_bytes && input_bytes == output_bytes);
}

Status check_add(const AddParams& params, size_t a_bytes, size_t b_bytes, size_t output_bytes) {
  const AddParams& p = params;
  return answer(volume_is(output_bytes, p.dims) && side_of_sum(p.a, p.dims, a_bytes) &&
                side_of_sum(p.b, p.dims, b_bytes) && flag(p.subtract) && within(p.left_shift, 0, kMaxLeftShift) &&
                int8_value(p.output_zero_point) && scaling(p.output_multiplier, p.output_shift) &&
                activation_range(p.act_min, p.act_max) && rounding_known(p.rounding));
}

Status check_mul(const MulParams& params, size_t a_bytes, size_t b_bytes, size_t output_bytes) {
  const MulParams& p = params;
  return answer(volume_is(output_bytes, p.dims) && walk_is(a_bytes, p.dims, p.step_a) &&
                walk_is(b_bytes, p.dims, p.step_b) && int8_value(p.zero_point_a) && int8_value(p.zero_point_b) &&
                int8_value(p.output_zero_point) && scaling(p.multiplier, p.shift) &&
                activation_range(p.act_min, p.act_max) && rounding_known(p.rounding));
}

Status check_pad(const PadParams& params, size_t input_bytes, size_t output_bytes) {
  const PadParams& p = params;
  for (int d = 0; d < 4; ++d) {
    if (p.before[d] < 0 || static_cast<int64_t>(p.before[d]) + p.input[d] > p.output[d]) return Status::plan_malformed;
  }
  return answer(volume_is(input_bytes, p.input) && volume_is(output_bytes, p.output) && int8_value(p.value));
}

Status check_transpose(const TransposeParams& params, size_t input_bytes, size_t output_bytes) {
  return answer(volume_is(output_bytes, params.dims) && walk_is(input_bytes, params.dims, params.step));
}

Status check_concatenation(const ConcatenationParams& params, Span<const Span<const int8_t>> inputs,
                           size_t output_bytes) {
  const ConcatenationParams& p = params;
  if (p.outer < 1 || !within(p.inputs, 1, kMaxInputs) || inputs.size() != kMaxInputs) return Status::plan_malformed;
  uint64_t inner = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int32_t bytes = p.inner_bytes[i];
    if (i < static_cast<size_t>(p.inputs) ? bytes < 1 : bytes != 0) return Status::plan_malformed;
    if (static_cast<uint64_t>(p.outer) * static_cast<uint64_t>(bytes) != inputs[i].size()) {
      return Status::plan_malformed;
    }
    inner += static_cast<uint64_t>(bytes);
  }
  const uint64_t all = static_cast<uint64_t>(p.outer) * inner;
  return answer(all < kTooMany && all == output_bytes);
}

Status check_lookup(const LookupParams& params, size_t table_bytes, size_t input_bytes, size_t output_bytes) {
  return answer(table_bytes == kLookupEntries && params.elems >= 1 &&
                static_cast<size_t>(params.elems) == input_bytes && input_bytes == output_bytes);
}

Status check_quantize(const QuantizeParams& params, size_t input_bytes, size_t output_bytes) {
  return answer(quantization(params, output_bytes, input_bytes));
}

Status check_dequantize(const QuantizeParams& params, size_t input_bytes, size_t output_bytes) {
  return answer(quantization(params, input_bytes, output_bytes));
}

Status check_conv2d_add(const Conv2dAddParams& params, const Weights& weights, size_t input_bytes, size_t skip_bytes,
                        size_t output_bytes) {
  const Conv2dAddParams& p = params;
  if (check_conv2d(p.conv, weights, input_bytes, output_bytes) != Status::ok) return Status::plan_malformed;
  return answer(skip_bytes == output_bytes && scaling_down(p.a_multiplier, p.a_shift) && int8_value(p.b_zero_point) &&
                scaling_down(p.b_multiplier, p.b_shift) && within(p.left_shift, 0, kMaxLeftShift) &&
                int8_value(p.output_zero_point) && scaling(p.output_multiplier, p.output_shift) &&
                activation_range(p.act_min, p.act_max));
}

}  // namespace kernels
}  // namespace edgesmith
