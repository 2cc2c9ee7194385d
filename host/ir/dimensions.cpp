#include "host/ir/dimensions.h"

#include <algorithm>

namespace edgesmith::ir {
namespace {

/// `shape` with ones in front, up to `rank` dimensions.
Shape padded_to(const Shape& shape, std::size_t rank) {
  Shape padded(rank - shape.size(), 1);
  padded.insert(padded.end(), shape.begin(), shape.end());
  return padded;
}

/// Elements between neighbours along each dimension of a tensor; 0 along those that are 1.
Shape steps_of(const Shape& shape) {
  Shape steps(shape.size(), 0);
  std::int64_t step = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (shape[d] != 1) steps[d] = step;
    step *= shape[d];
  }
  return steps;
}

}  // namespace

std::optional<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  const Shape left = padded_to(a, rank), right = padded_to(b, rank);
  Shape shape(rank);
  for (std::size_t d = 0; d < rank; ++d) {
    if (left[d] != right[d] && left[d] != 1 && right[d] != 1) return std::nullopt;
    shape[d] = std::max(left[d], right[d]);
  }
  return shape;
}

Broadcast merged_broadcast(const Shape& a, const Shape& b) {
  const Shape dims = *broadcast_shape(a, b);
  const Shape step_a = steps_of(padded_to(a, dims.size())), step_b = steps_of(padded_to(b, dims.size()));
  Broadcast merged;
  for (std::size_t d = 0; d < dims.size(); ++d) {
    if (dims[d] == 1) continue;
    const bool goes_on = !merged.dims.empty() && merged.step_a.back() == step_a[d] * dims[d] &&
                         merged.step_b.back() == step_b[d] * dims[d];
    if (goes_on) {
      merged.dims.back() *= dims[d];
      merged.step_a.back() = step_a[d];
      merged.step_b.back() = step_b[d];
    } else {
      merged.dims.push_back(dims[d]);
      merged.step_a.push_back(step_a[d]);
      merged.step_b.push_back(step_b[d]);
    }
  }
  return merged;
}

Movement merged_transpose(const Shape& input, const std::vector<int>& permutation) {
  const Shape steps = steps_of(input);
  Movement merged;
  for (const int from : permutation) {
    const auto d = static_cast<std::size_t>(from);
    if (input[d] == 1) continue;
    const bool goes_on = !merged.dims.empty() && merged.step.back() == steps[d] * input[d];
    if (goes_on) {
      merged.dims.back() *= input[d];
      merged.step.back() = steps[d];
    } else {
      merged.dims.push_back(input[d]);
      merged.step.push_back(steps[d]);
    }
  }
  return merged;
}

Padding merged_padding(const Shape& input, const std::vector<int>& before, const std::vector<int>& after) {
  Padding merged;
  for (std::size_t d = 0; d < input.size(); ++d) {
    if (!merged.input.empty() && before[d] == 0 && after[d] == 0) {
      merged.input.back() *= input[d];
      merged.before.back() *= input[d];
      merged.after.back() *= input[d];
    } else {
      merged.input.push_back(input[d]);
      merged.before.push_back(before[d]);
      merged.after.push_back(after[d]);
    }
  }
  return merged;
}

}  // namespace edgesmith::ir
