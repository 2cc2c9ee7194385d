#include "host/ir/float_elementwise.h"

#include <cmath>

#include "host/ir/dimensions.h"
#include "host/ir/shapes.h"

namespace edgesmith::ir {
namespace {

/// Calls visit(place) for every place of a tensor of shape `dims`, in the order of memory.
template <typename Visit>
void for_places(const Shape& dims, Visit visit) {
  Shape place(dims.size(), 0);
  for (std::int64_t left = elems(dims); left > 0; --left) {
    visit(place);
    for (std::size_t d = place.size(); d-- > 0 && ++place[d] == dims[d];)
      place[d] = 0;
  }
}

std::size_t offset_at(const Shape& place, const Shape& step) {
  std::int64_t offset = 0;
  for (std::size_t d = 0; d < place.size(); ++d)
    offset += place[d] * step[d];
  return static_cast<std::size_t>(offset);
}

float combined(OpKind kind, float a, float b) {
  if (kind == OpKind::mul) return a * b;
  return kind == OpKind::sub ? a - b : a + b;
}

// Exponentials in double, so that every C library gives the same float32.
float curve(const Op& op, float value) {
  switch (op.kind) {
    case OpKind::logistic:
      return static_cast<float>(1 / (1 + std::exp(-static_cast<double>(value))));
    case OpKind::tanh:
      return static_cast<float>(std::tanh(static_cast<double>(value)));
    case OpKind::relu:
      return activated(Activation::relu, value);
    case OpKind::relu6:
      return activated(Activation::relu6, value);
    case OpKind::leaky_relu:
      return value > 0 ? value : value * op.attributes.alpha;
    default:  // HARD_SWISH
      return value * std::min(std::max(value + 3.0f, 0.0f), 6.0f) / 6.0f;
  }
}

}  // namespace

void float_elementwise(const Graph& graph, const Op& op, const FloatTensors& tensors) {
  const Broadcast b = merged_broadcast(graph.tensor(op.inputs[0]).shape, graph.tensor(op.inputs[1]).shape);
  std::size_t i = 0;
  for_places(b.dims, [&](const Shape& place) {
    const float left = tensors.inputs[0][offset_at(place, b.step_a)];
    const float right = tensors.inputs[1][offset_at(place, b.step_b)];
    tensors.output[i++] = activated(op.attributes.activation, combined(op.kind, left, right));
  });
}

void float_unary(const Op& op, const FloatTensors& tensors) {
  std::transform(tensors.inputs[0].begin(), tensors.inputs[0].end(), tensors.output.begin(),
                 [&](float value) { return curve(op, value); });
}

void float_pad(const Graph& graph, const Op& op, const FloatTensors& tensors) {
  const Shape& output = graph.tensor(op.outputs[0]).shape;
  Shape step(output.size(), 1);
  for (std::size_t d = output.size(); d-- > 1;)
    step[d - 1] = step[d] * output[d];
  std::fill(tensors.output.begin(), tensors.output.end(), op.attributes.pad_value);
  std::size_t i = 0;
  for_places(graph.tensor(op.inputs[0]).shape, [&](Shape place) {
    for (std::size_t d = 0; d < place.size(); ++d)
      place[d] += op.attributes.pads_before[d];
    tensors.output[offset_at(place, step)] = tensors.inputs[0][i++];
  });
}

void float_transpose(const Graph& graph, const Op& op, const FloatTensors& tensors) {
  const Movement movement = merged_transpose(graph.tensor(op.inputs[0]).shape, op.attributes.permutation);
  std::size_t i = 0;
  for_places(movement.dims,
             [&](const Shape& place) { tensors.output[i++] = tensors.inputs[0][offset_at(place, movement.step)]; });
}

void float_concatenation(const Graph& graph, const Op& op, const FloatTensors& tensors) {
  const Shape& output = graph.tensor(op.outputs[0]).shape;
  std::size_t outer = 1;
  for (std::size_t d = 0; d < concatenation_axis(graph, op); ++d)
    outer *= static_cast<std::size_t>(output[d]);
  auto to = tensors.output.begin();
  for (std::size_t row = 0; row < outer; ++row) {
    for (const std::span<const float> input : tensors.inputs) {
      const std::size_t inner = input.size() / outer;
      to = std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(row * inner), inner, to);
    }
  }
}

}  // namespace edgesmith::ir
