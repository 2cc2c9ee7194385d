// Attributes come from files: every product and difference is formed in 64 bits from bounded values.

#include "host/ir/shapes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "host/ir/diagnostics.h"
#include "host/ir/dimensions.h"

namespace edgesmith::ir {
namespace {

constexpr std::int64_t kMaxAttribute = 65535;

struct Axis {
  const char* name;
  std::int64_t input, filter, stride, dilation, pad_before, pad_after;
};

[[noreturn]] void refuse_shape(const Graph& graph, const Op& op, std::string what, std::string expected,
                               std::string found) {
  refuse(graph, op, "shape", {.what = std::move(what), .expected = std::move(expected), .found = std::move(found)});
}

const Shape& shape_of(const Graph& graph, const Op& op, std::size_t input) {
  return graph.tensor(op.inputs.at(input)).shape;
}

void need_rank(const Graph& graph, const Op& op, std::size_t input, std::size_t rank) {
  const Shape& shape = shape_of(graph, op, input);
  if (shape.size() == rank && (input != 0 || shape[0] == 1)) return;
  refuse_shape(graph, op,
               fmt::format("{} has a shape that this operator does not take", tensor_text(graph, op.inputs[input])),
               input == 0 ? "four dimensions, the first (batch) being 1" : fmt::format("{} dimensions", rank),
               shape_text(shape));
}

void need_within(const Graph& graph, const Op& op, const Axis& axis, const char* what, std::int64_t value,
                 std::int64_t low) {
  if (value >= low && value <= kMaxAttribute) return;
  refuse_shape(graph, op, fmt::format("{} along {} is out of range", what, axis.name),
               fmt::format("{} to {}", low, kMaxAttribute), fmt::format("{}", value));
}

std::int64_t slide(const Graph& graph, const Op& op, const Axis& axis) {
  need_within(graph, op, axis, "filter size", axis.filter, 1);
  need_within(graph, op, axis, "stride", axis.stride, 1);
  need_within(graph, op, axis, "dilation", axis.dilation, 1);
  need_within(graph, op, axis, "padding", axis.pad_before, 0);
  need_within(graph, op, axis, "padding", axis.pad_after, 0);
  const std::int64_t extent = (axis.filter - 1) * axis.dilation + 1;
  const std::int64_t padded = axis.input + axis.pad_before + axis.pad_after;
  if (extent > padded) {
    refuse_shape(graph, op, fmt::format("the filter is larger than the padded input along {}", axis.name),
                 fmt::format("at most {}", padded), fmt::format("{}", extent));
  }
  return (padded - extent) / axis.stride + 1;
}

Axis vertical(const Op& op, std::int64_t input, std::int64_t filter) {
  const Attributes& a = op.attributes;
  return {"height", input, filter, a.stride_h, a.dilation_h, a.pad_top, a.pad_bottom};
}

Axis horizontal(const Op& op, std::int64_t input, std::int64_t filter) {
  const Attributes& a = op.attributes;
  return {"width", input, filter, a.stride_w, a.dilation_w, a.pad_left, a.pad_right};
}

void need_channels(const Graph& graph, const Op& op, std::int64_t expected, std::int64_t found) {
  if (expected == found) return;
  refuse_shape(graph, op, "weights and input disagree about the channels", fmt::format("{}", expected),
               fmt::format("{} in {}", found, tensor_text(graph, op.inputs[1])));
}

Shape conv2d_shape(const Graph& graph, const Op& op) {
  need_rank(graph, op, 0, 4);
  need_rank(graph, op, 1, 4);
  const Shape& x = shape_of(graph, op, 0);
  const Shape& w = shape_of(graph, op, 1);
  need_channels(graph, op, x[3], w[3]);
  return {1, slide(graph, op, vertical(op, x[1], w[1])), slide(graph, op, horizontal(op, x[2], w[2])), w[0]};
}

Shape depthwise_shape(const Graph& graph, const Op& op) {
  need_rank(graph, op, 0, 4);
  need_rank(graph, op, 1, 4);
  const Shape& x = shape_of(graph, op, 0);
  const Shape& w = shape_of(graph, op, 1);
  need_channels(graph, op, x[3] * op.attributes.depth_multiplier, w[3]);
  if (w[0] != 1) refuse_shape(graph, op, "depthwise weights have a wrong first dimension", "1", shape_text(w));
  return {1, slide(graph, op, vertical(op, x[1], w[1])), slide(graph, op, horizontal(op, x[2], w[2])), w[3]};
}

Shape fully_connected_shape(const Graph& graph, const Op& op) {
  need_rank(graph, op, 1, 2);
  const Shape& x = shape_of(graph, op, 0);
  const Shape& w = shape_of(graph, op, 1);
  const Shape& declared = graph.tensor(op.outputs[0]).shape;
  if (elems(x) % w[1] != 0) {
    refuse_shape(graph, op, "the input does not divide into rows of the weights' size",
                 fmt::format("a multiple of {}", w[1]), shape_text(x));
  }
  if (declared.size() == x.size() && !x.empty() && x.back() == w[1]) {
    Shape kept = x;
    kept.back() = w[0];
    return kept;
  }
  return {elems(x) / w[1], w[0]};
}

Shape pool_shape(const Graph& graph, const Op& op) {
  need_rank(graph, op, 0, 4);
  const Shape& x = shape_of(graph, op, 0);
  const Attributes& a = op.attributes;
  const std::int64_t h = slide(graph, op, vertical(op, x[1], a.filter_h));
  const std::int64_t w = slide(graph, op, horizontal(op, x[2], a.filter_w));
  if (std::max(a.pad_top, a.pad_bottom) >= a.filter_h || std::max(a.pad_left, a.pad_right) >= a.filter_w) {
    refuse_shape(graph, op, "the padding is as large as the filter, so that an output sees no input",
                 "padding smaller than the filter", fmt::format("{}x{}", a.filter_h, a.filter_w));
  }
  return {1, h, w, x[3]};
}

Shape mean_shape(const Graph& graph, const Op& op) {
  Shape shape = shape_of(graph, op, 0);
  for (const int axis : reduced_axes(graph, op))
    shape[static_cast<std::size_t>(axis)] = op.attributes.keep_dims ? 1 : 0;
  std::erase(shape, 0);
  return shape;
}

Shape reshape_shape(const Graph& graph, const Op& op) {
  const Shape& declared = graph.tensor(op.outputs[0]).shape;
  if (elems(declared) == elems(shape_of(graph, op, 0))) return declared;
  refuse_shape(graph, op, "input and output have different numbers of elements",
               fmt::format("{}", elems(shape_of(graph, op, 0))), shape_text(declared));
}

Shape batch_norm_shape(const Graph& graph, const Op& op) {
  const Shape& x = shape_of(graph, op, 0);
  for (std::size_t i = 1; i < op.inputs.size(); ++i) {
    const Shape& constant = shape_of(graph, op, i);
    if (x.empty() || elems(constant) != x.back()) {
      refuse_shape(graph, op, "batch normalisation needs one constant for each channel",
                   x.empty() ? "an input with channels" : fmt::format("{}", x.back()), shape_text(constant));
    }
  }
  return x;
}

Shape elementwise_shape(const Graph& graph, const Op& op) {
  const Shape &a = shape_of(graph, op, 0), &b = shape_of(graph, op, 1);
  if (const std::optional<Shape> shape = broadcast_shape(a, b)) return *shape;
  refuse_shape(graph, op, "its inputs have shapes that do not fit each other",
               "equal dimensions, counted from the last, or 1", fmt::format("{} and {}", shape_text(a), shape_text(b)));
}

Shape pad_shape(const Graph& graph, const Op& op) {
  const Attributes& a = op.attributes;
  Shape shape = shape_of(graph, op, 0);
  if (a.pads_before.size() != shape.size() || a.pads_after.size() != shape.size()) {
    refuse_shape(graph, op, "it has pads for another number of dimensions", fmt::format("{}", shape.size()),
                 fmt::format("{} and {}", a.pads_before.size(), a.pads_after.size()));
  }
  for (std::size_t d = 0; d < shape.size(); ++d) {
    for (const int pad : {a.pads_before[d], a.pads_after[d]}) {
      if (pad < 0 || pad > kMaxAttribute) {
        refuse_shape(graph, op, fmt::format("a pad along dimension {} is out of range", d),
                     fmt::format("0 to {}", kMaxAttribute), fmt::format("{}", pad));
      }
      shape[d] += pad;
    }
  }
  return shape;
}

Shape transpose_shape(const Graph& graph, const Op& op) {
  const Shape& x = shape_of(graph, op, 0);
  const std::vector<int>& from = op.attributes.permutation;
  std::vector<int> sorted = from;
  std::sort(sorted.begin(), sorted.end());
  bool each_once = sorted.size() == x.size();
  for (std::size_t d = 0; each_once && d < sorted.size(); ++d)
    each_once = sorted[d] == static_cast<int>(d);
  if (!each_once) {
    refuse_shape(graph, op, "its permutation does not name each dimension once",
                 fmt::format("0 to {} in some order", static_cast<int>(x.size()) - 1),
                 fmt::format("{}", fmt::join(from, ", ")));
  }
  Shape shape;
  for (const int d : from)
    shape.push_back(x[static_cast<std::size_t>(d)]);
  return shape;
}

Shape concatenation_shape(const Graph& graph, const Op& op) {
  Shape shape = shape_of(graph, op, 0);
  const std::size_t along = concatenation_axis(graph, op);
  for (std::size_t i = 1; i < op.inputs.size(); ++i) {
    Shape other = shape_of(graph, op, i);
    const bool same_rank = other.size() == shape.size();
    const std::int64_t extent = same_rank ? std::exchange(other[along], shape[along]) : 0;
    if (other != shape) {
      refuse_shape(graph, op, "its inputs differ in more than the dimension along which they are joined",
                   shape_text(shape_of(graph, op, 0)), shape_text(shape_of(graph, op, i)));
    }
    shape[along] += extent;
  }
  return shape;
}

Shape conv2d_add_shape(const Graph& graph, const Op& op) {
  const Shape sum = conv2d_shape(graph, op);
  if (shape_of(graph, op, 3) == sum) return sum;
  refuse_shape(graph, op, "what is added has another shape than the convolution gives", shape_text(sum),
               shape_text(shape_of(graph, op, 3)));
}

}  // namespace

std::size_t concatenation_axis(const Graph& graph, const Op& op) {
  const auto rank = static_cast<int>(shape_of(graph, op, 0).size());
  const int axis = op.attributes.axis;
  if (axis < -rank || axis >= rank) {
    refuse_shape(graph, op, "its axis does not exist", fmt::format("{} to {}", -rank, rank - 1),
                 fmt::format("{}", axis));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

std::vector<int> reduced_axes(const Graph& graph, const Op& op) {
  const int rank = static_cast<int>(shape_of(graph, op, 0).size());
  std::vector<int> axes;
  for (const int axis : op.attributes.axes) {
    if (axis < -rank || axis >= rank) {
      refuse_shape(graph, op, "an axis does not exist", fmt::format("{} to {}", -rank, rank - 1),
                   fmt::format("{}", axis));
    }
    axes.push_back(axis < 0 ? axis + rank : axis);
  }
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

Shape infer_shape(const Graph& graph, const Op& op) {
  switch (op.kind) {
    case OpKind::conv2d:
      return conv2d_shape(graph, op);
    case OpKind::depthwise_conv2d:
      return depthwise_shape(graph, op);
    case OpKind::fully_connected:
      return fully_connected_shape(graph, op);
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
      return pool_shape(graph, op);
    case OpKind::mean:
      return mean_shape(graph, op);
    case OpKind::reshape:
      return reshape_shape(graph, op);
    case OpKind::batch_norm:
      return batch_norm_shape(graph, op);
    case OpKind::softmax:
    case OpKind::relu:
      return shape_of(graph, op, 0);
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
    case OpKind::quantize:
    case OpKind::dequantize:
    case OpKind::lookup:
      return shape_of(graph, op, 0);
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
      return elementwise_shape(graph, op);
    case OpKind::pad:
      return pad_shape(graph, op);
    case OpKind::transpose:
      return transpose_shape(graph, op);
    case OpKind::concatenation:
      return concatenation_shape(graph, op);
    case OpKind::conv2d_add:
      return conv2d_add_shape(graph, op);
  }
  return {};
}

}  // namespace edgesmith::ir
