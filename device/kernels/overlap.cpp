#include "device/kernels/overlap.h"

#include "device/kernels/place.h"

namespace edgesmith {
namespace kernels {
namespace {

constexpr int64_t kNothing = INT64_C(1) << 40;  // read: above every address

int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}
int64_t larger(int64_t a, int64_t b) {
  return a > b ? a : b;
}

/// One axis of a filter that slides over an input.
struct Axis {
  int32_t input, filter, output, stride, dilation, pad;

  /// The first input position that output position `i` reads; kNothing where its filter lies in the padding.
  int64_t first_read(int32_t i) const {
    const int32_t start = i * stride - pad;
    const TapRange inside = taps_inside(start, dilation, filter, input);
    return inside.count() > 0 ? start + inside.begin * dilation : kNothing;
  }
};

/// Channels of input and output positions, which are bytes.
struct Depths {
  int32_t input, output;
};

/// A block of n positions from (y, x) on ends its writes at (y * output_w + x + n) * output_c. What it or a later block
/// reads lowest lies in its own row from x on, or in any column of a later row; so rows and columns can be searched one
/// by one.
uint32_t distance_of(const Axis& h, const Axis& w, const Depths& depth, int32_t block) {
  int64_t first_column = kNothing;  // of columns from x on
  int64_t in_row = -kNothing;       // end of writes - lowest read, both from the begin of their rows
  for (int32_t x = w.output - 1; x >= 0; --x) {
    first_column = smaller(first_column, w.first_read(x));
    if (first_column == kNothing || x % block != 0) continue;
    in_row = larger(in_row, smaller(x + block, w.output) * depth.output - first_column * depth.input);
  }
  if (first_column == kNothing) return 0;
  const int64_t output_row = static_cast<int64_t>(w.output) * depth.output;
  const int64_t input_row = static_cast<int64_t>(w.input) * depth.input;
  int64_t distance = 0, later_row = kNothing;  // first input row of rows after y
  for (int32_t y = h.output - 1; y >= 0; --y) {
    if (later_row != kNothing) {
      distance = larger(distance, (y + INT64_C(1)) * output_row - later_row * input_row - first_column * depth.input);
    }
    const int64_t row = h.first_read(y);
    if (row == kNothing) continue;
    distance = larger(distance, y * output_row - row * input_row + in_row);
    later_row = smaller(later_row, row);
  }
  return static_cast<uint32_t>(distance);
}

/// Pairs of positions in a row: x, x + 2 ... write up to (x + 2) * output and read from x * input on. That is linear in
/// x, so it is largest in the first pair, the last whole one or the rest.
uint32_t of_row_of_pairs(int64_t positions, const Depths& depth) {
  const int64_t last = (positions - 1) / 2 * 2;
  const int64_t first_pair = smaller(2, positions) * depth.output;
  const int64_t rest = positions * depth.output - last * depth.input;
  const int64_t before_rest = last == 0 ? 0 : last * depth.output - (last - 2) * depth.input;
  return static_cast<uint32_t>(larger(first_pair, larger(rest, before_rest)));
}

uint32_t of_convolution(const Conv2dParams& params) {
  const Conv2dParams p = in_one_row(params);
  const Depths depth = {p.input_c, p.output_c};
  if (is_one_row(p)) return of_row_of_pairs(p.output_w, depth);
  return distance_of(Axis{p.input_h, p.filter_h, p.output_h, p.stride_h, p.dilation_h, p.pad_top},
                     Axis{p.input_w, p.filter_w, p.output_w, p.stride_w, p.dilation_w, p.pad_left}, depth,
                     is_pointwise(p) ? 2 : 1);
}

uint32_t of_pool(const Pool2dParams& p) {
  return distance_of(Axis{p.input_h, p.filter_h, p.output_h, p.stride_h, 1, p.pad_top},
                     Axis{p.input_w, p.filter_w, p.output_w, p.stride_w, 1, p.pad_left}, Depths{p.channels, p.channels},
                     1);
}

/// Row r writes up to (r + 1) * output_bytes and reads from r * input_bytes on.
uint32_t of_rows(int64_t rows, int64_t input_bytes, int64_t output_bytes) {
  const int64_t last = rows - 1;
  return static_cast<uint32_t>(output_bytes + larger(0, last * (output_bytes - input_bytes)));
}

/// Does an input, walked in `step`, lie in memory as the output does?
bool same_walk(const int32_t (&dims)[4], const int32_t (&step)[4]) {
  int32_t elems = 1;  // of the output, in one step along the dimension
  for (int d = 3; d >= 0; --d) {
    if (dims[d] != 1 && step[d] != elems) return false;
    elems *= dims[d];
  }
  return true;
}

uint32_t of_elementwise(const int32_t (&dims)[4], const int32_t (&step)[4]) {
  return same_walk(dims, step) ? 0 : kNoOverlap;
}

uint32_t of_add(const AddParams& p, uint32_t index) {
  return of_elementwise(p.dims, index == 0 ? p.a.step : p.b.step);
}

uint32_t of_mul(const MulParams& p, uint32_t index) {
  return of_elementwise(p.dims, index == 0 ? p.step_a : p.step_b);
}

uint32_t of_fully_connected(const FullyConnectedParams& p) {
  return of_rows(p.rows, p.input_elems, p.output_elems);
}

uint32_t of_mean(const MeanParams& p) {
  return of_rows(p.outer, static_cast<int64_t>(p.count) * p.inner, p.inner);
}

/// The pair from x on, of n positions, writes from (positions - x) * output before the end on and reads up to
/// (positions - x - n) * input before it. Linear in x, as in of_row_of_pairs().
uint32_t of_row_backwards(int64_t positions, const Depths& depth) {
  const int64_t last = (positions - 1) / 2 * 2;
  const int64_t rest = (positions - last) * depth.output;
  const int64_t before_rest = last == 0 ? 0 : (positions - last + 2) * depth.output - (positions - last) * depth.input;
  const int64_t first_pair = positions * depth.output - (positions - smaller(2, positions)) * depth.input;
  return static_cast<uint32_t>(larger(first_pair, larger(rest, before_rest)));
}

}  // namespace

uint32_t overlap_backwards_bytes(const Operator& op, uint32_t index) {
  if (static_cast<OpCode>(op.code) != OpCode::conv2d || index != 0) return kNoOverlap;
  const Conv2dParams p = in_one_row(params_of<Conv2dParams>(op));
  if (!is_one_row(p)) return kNoOverlap;
  return of_row_backwards(p.output_w, Depths{p.input_c, p.output_c});
}

uint32_t never_overlaps(const Operator&, uint32_t) {
  return kNoOverlap;
}

uint32_t overlap_bytes(const Operator& op, uint32_t index) {
  switch (static_cast<OpCode>(op.code)) {
    case OpCode::fully_connected:
      return of_fully_connected(params_of<FullyConnectedParams>(op));
    case OpCode::conv2d:
    case OpCode::depthwise_conv2d:
      return of_convolution(params_of<Conv2dParams>(op));
    case OpCode::max_pool2d:
    case OpCode::average_pool2d:
      return of_pool(params_of<Pool2dParams>(op));
    case OpCode::mean:
      return of_mean(params_of<MeanParams>(op));
    case OpCode::softmax:
    case OpCode::reshape:
    case OpCode::lookup:
    case OpCode::quantize:
      return 0;
    case OpCode::add:
      return of_add(params_of<AddParams>(op), index);
    case OpCode::mul:
      return of_mul(params_of<MulParams>(op), index);
    case OpCode::dequantize:  // writes four bytes for each that it reads
      return 3 * static_cast<uint32_t>(params_of<QuantizeParams>(op).elems - 1);
    case OpCode::conv2d_add:
      return index == 0 ? of_convolution(params_of<Conv2dAddParams>(op).conv) : 0;
    case OpCode::pad:
    case OpCode::transpose:
    case OpCode::concatenation:
      break;
  }
  return kNoOverlap;
}

}  // namespace kernels
}  // namespace edgesmith
