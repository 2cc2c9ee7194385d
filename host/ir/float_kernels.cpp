#include "host/ir/float_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/ir/diagnostics.h"
#include "host/ir/float_elementwise.h"
#include "host/ir/shapes.h"

namespace edgesmith::ir {
namespace {

/// An operator with the shapes of its activations.
struct Site {
  const Op& op;
  const Shape& x;
  const Shape& y;
  const FloatTensors& tensors;
};

float bias_of(const FloatTensors& tensors, std::size_t channel) {
  return tensors.inputs.size() < 3 || tensors.inputs[2].empty() ? 0.0f : tensors.inputs[2][channel];
}

struct Filter {
  std::int64_t h, w, dilation_h, dilation_w;
};

/// Calls visit(input pixel, tap) for every tap of the filter that lies inside the input.
template <typename Visit>
void for_taps_inside(const Site& s, const Filter& filter, std::int64_t output_y, std::int64_t output_x, Visit visit) {
  const Attributes& a = s.op.attributes;
  for (std::int64_t fy = 0; fy < filter.h; ++fy) {
    const std::int64_t y = output_y * a.stride_h - a.pad_top + fy * filter.dilation_h;
    if (y < 0 || y >= s.x[1]) continue;
    for (std::int64_t fx = 0; fx < filter.w; ++fx) {
      const std::int64_t x = output_x * a.stride_w - a.pad_left + fx * filter.dilation_w;
      if (x < 0 || x >= s.x[2]) continue;
      visit(static_cast<std::size_t>(y * s.x[2] + x), static_cast<std::size_t>(fy * filter.w + fx));
    }
  }
}

/// Calls value(y, x, channel) for every output in the order of memory.
template <typename Value>
void for_outputs(const Site& s, Value value) {
  std::size_t i = 0;
  for (std::int64_t y = 0; y < s.y[1]; ++y)
    for (std::int64_t x = 0; x < s.y[2]; ++x)
      for (std::int64_t c = 0; c < s.y[3]; ++c) {
        s.tensors.output[i++] = activated(s.op.attributes.activation, value(y, x, static_cast<std::size_t>(c)));
      }
}

Filter filter_of(const Site& s, const Shape& weights) {
  return {weights[1], weights[2], s.op.attributes.dilation_h, s.op.attributes.dilation_w};
}

void conv2d(const Site& s, const Shape& weights) {
  const Filter filter = filter_of(s, weights);
  const auto channels = static_cast<std::size_t>(s.x[3]);
  const std::size_t filter_elems = static_cast<std::size_t>(filter.h * filter.w) * channels;
  const auto input = s.tensors.inputs[0], w = s.tensors.inputs[1];
  for_outputs(s, [&](std::int64_t y, std::int64_t x, std::size_t o) {
    float sum = 0;
    for_taps_inside(s, filter, y, x, [&](std::size_t pixel, std::size_t tap) {
      const float* values = input.data() + pixel * channels;
      const float* factors = w.data() + o * filter_elems + tap * channels;
      for (std::size_t c = 0; c < channels; ++c)
        sum += values[c] * factors[c];
    });
    return sum + bias_of(s.tensors, o);
  });
}

void conv2d_add(const Site& s, const Shape& weights) {
  conv2d(s, weights);
  for (std::size_t i = 0; i < s.tensors.output.size(); ++i) {
    float& value = s.tensors.output[i];
    value = activated(s.op.attributes.sum_activation, value + s.tensors.inputs[3][i]);
  }
}

void depthwise_conv2d(const Site& s, const Shape& weights) {
  const Filter filter = filter_of(s, weights);
  const auto in_channels = static_cast<std::size_t>(s.x[3]), out_channels = static_cast<std::size_t>(s.y[3]);
  const auto input = s.tensors.inputs[0], w = s.tensors.inputs[1];
  for_outputs(s, [&](std::int64_t y, std::int64_t x, std::size_t o) {
    const std::size_t channel = o / (out_channels / in_channels);
    float sum = 0;
    for_taps_inside(s, filter, y, x, [&](std::size_t pixel, std::size_t tap) {
      sum += input[pixel * in_channels + channel] * w[tap * out_channels + o];
    });
    return sum + bias_of(s.tensors, o);
  });
}

void fully_connected(const Site& s, const Shape& weights) {
  const auto outputs = static_cast<std::size_t>(weights[0]), inputs = static_cast<std::size_t>(weights[1]);
  const auto input = s.tensors.inputs[0], w = s.tensors.inputs[1];
  for (std::size_t i = 0; i < s.tensors.output.size(); ++i) {
    const float* values = input.data() + i / outputs * inputs;
    const float* factors = w.data() + i % outputs * inputs;
    float sum = 0;
    for (std::size_t k = 0; k < inputs; ++k)
      sum += values[k] * factors[k];
    s.tensors.output[i] = activated(s.op.attributes.activation, sum + bias_of(s.tensors, i % outputs));
  }
}

Filter pool_filter(const Site& s) {
  return {s.op.attributes.filter_h, s.op.attributes.filter_w, 1, 1};
}

void max_pool2d(const Site& s) {
  const auto channels = static_cast<std::size_t>(s.x[3]);
  for_outputs(s, [&](std::int64_t y, std::int64_t x, std::size_t c) {
    float largest = -std::numeric_limits<float>::infinity();
    for_taps_inside(s, pool_filter(s), y, x, [&](std::size_t pixel, std::size_t) {
      largest = std::max(largest, s.tensors.inputs[0][pixel * channels + c]);
    });
    return largest;
  });
}

void average_pool2d(const Site& s) {
  const auto channels = static_cast<std::size_t>(s.x[3]);
  for_outputs(s, [&](std::int64_t y, std::int64_t x, std::size_t c) {
    float sum = 0;
    int count = 0;
    for_taps_inside(s, pool_filter(s), y, x, [&](std::size_t pixel, std::size_t) {
      sum += s.tensors.inputs[0][pixel * channels + c];
      ++count;
    });
    return sum / static_cast<float>(count);
  });
}

// Walks the input once; `step[d]` is how far the output moves along dimension d: 0 where it is averaged away.
void mean(const Site& s, const std::vector<int>& axes) {
  std::vector<std::size_t> step(s.x.size(), 0), place(s.x.size(), 0);
  std::size_t stride = 1;
  for (std::size_t d = s.x.size(); d-- > 0;) {
    if (std::find(axes.begin(), axes.end(), static_cast<int>(d)) != axes.end()) continue;
    step[d] = stride;
    stride *= static_cast<std::size_t>(s.x[d]);
  }
  std::fill(s.tensors.output.begin(), s.tensors.output.end(), 0.0f);
  for (const float value : s.tensors.inputs[0]) {
    std::size_t target = 0;
    for (std::size_t d = 0; d < place.size(); ++d)
      target += place[d] * step[d];
    s.tensors.output[target] += value;
    for (std::size_t d = place.size(); d-- > 0 && ++place[d] == static_cast<std::size_t>(s.x[d]);)
      place[d] = 0;
  }
  const auto count = static_cast<float>(s.tensors.inputs[0].size() / s.tensors.output.size());
  for (float& value : s.tensors.output)
    value /= count;
}

// Exponentials and their sum in double, so that every C library gives the same float32.
void softmax(const Site& s) {
  const std::size_t depth = s.x.empty() ? 1 : static_cast<std::size_t>(s.x.back());
  std::vector<double> exps(depth);
  for (std::size_t row = 0; row < s.tensors.output.size(); row += depth) {
    const auto input = s.tensors.inputs[0].subspan(row, depth);
    const float largest = *std::max_element(input.begin(), input.end());
    double sum = 0;
    for (std::size_t i = 0; i < depth; ++i) {
      exps[i] = std::exp(static_cast<double>(s.op.attributes.beta) * (static_cast<double>(input[i]) - largest));
      sum += exps[i];
    }
    for (std::size_t i = 0; i < depth; ++i)
      s.tensors.output[row + i] = static_cast<float>(exps[i] / sum);
  }
}

void batch_norm(const Site& s) {
  const auto& in = s.tensors.inputs;
  const auto channels = static_cast<std::size_t>(s.x.back());
  for (std::size_t i = 0; i < s.tensors.output.size(); ++i) {
    const std::size_t c = i % channels;
    const float deviation = std::sqrt(in[4][c] + s.op.attributes.epsilon);
    s.tensors.output[i] = in[1][c] * ((in[0][i] - in[3][c]) / deviation) + in[2][c];
  }
}

}  // namespace

void run_float(const Graph& graph, const Op& op, const FloatTensors& tensors) {
  const Site s{op, graph.tensor(op.inputs[0]).shape, graph.tensor(op.outputs[0]).shape, tensors};
  switch (op.kind) {
    case OpKind::conv2d:
      return conv2d(s, graph.tensor(op.inputs[1]).shape);
    case OpKind::depthwise_conv2d:
      return depthwise_conv2d(s, graph.tensor(op.inputs[1]).shape);
    case OpKind::fully_connected:
      return fully_connected(s, graph.tensor(op.inputs[1]).shape);
    case OpKind::max_pool2d:
      return max_pool2d(s);
    case OpKind::average_pool2d:
      return average_pool2d(s);
    case OpKind::mean:
      return mean(s, reduced_axes(graph, op));
    case OpKind::softmax:
      return softmax(s);
    case OpKind::reshape:
      std::copy(tensors.inputs[0].begin(), tensors.inputs[0].end(), tensors.output.begin());
      return;
    case OpKind::batch_norm:
      return batch_norm(s);
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
      return float_elementwise(graph, op, tensors);
    case OpKind::pad:
      return float_pad(graph, op, tensors);
    case OpKind::transpose:
      return float_transpose(graph, op, tensors);
    case OpKind::concatenation:
      return float_concatenation(graph, op, tensors);
    case OpKind::relu:
    case OpKind::logistic:
    case OpKind::tanh:
    case OpKind::relu6:
    case OpKind::leaky_relu:
    case OpKind::hard_swish:
      return float_unary(op, tensors);
    case OpKind::conv2d_add:
      return conv2d_add(s, graph.tensor(op.inputs[1]).shape);
    case OpKind::quantize:
    case OpKind::dequantize:
    case OpKind::lookup:
      break;
  }
  throw Error(ErrorKind::defect,
              {.code = "graph.no_kernel", .what = "the operator has no float32 form", .where = place_text(graph, op)});
}

}  // namespace edgesmith::ir
