// A layer's sum of (x - zero_point) * w is the sum of x * w less zero_point times the sum of w, which is known. The
// kernels form their sums modulo 2^32 and without overflow before the bias is added, so the accumulators are equal bit
// for bit. Taps in the padding, which had no part in the sum, multiply the zero point then.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

bool can_fold(const ir::Graph& graph, const ir::Op& op) {
  return ir::takes_weights(op.kind) && !op.attributes.zero_point_in_bias &&
         graph.tensor(op.inputs[0]).dtype == ir::DType::s8;
}

/// One for each output channel. A filter holds at most 2^26 weights: no overflow.
std::vector<std::int64_t> sums_of_weights(const ir::Graph& graph, const ir::Op& op) {
  const std::vector<std::int8_t> weights = values_of<std::int8_t>(graph.tensor(op.inputs[1]));
  const auto channels = static_cast<std::size_t>(graph.tensor(op.outputs[0]).shape.back());
  const bool channels_last = op.kind == ir::OpKind::depthwise_conv2d;
  const std::size_t inner = channels_last ? 1 : weights.size() / channels;  // weights from one channel to the next
  std::vector<std::int64_t> sums(channels, 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    sums[i / inner % channels] += weights[i];
  return sums;
}

/// Nothing when a value does not fit.
std::optional<std::vector<std::int32_t>> folded(std::vector<std::int32_t> bias, const std::vector<std::int64_t>& sums,
                                                std::int64_t zero_point) {
  using Limits = std::numeric_limits<std::int32_t>;
  bias.resize(sums.size(), 0);
  for (std::size_t c = 0; c < sums.size(); ++c) {
    const std::int64_t value = bias[c] - zero_point * sums[c];
    if (value < Limits::min() || value > Limits::max()) return std::nullopt;
    bias[c] = static_cast<std::int32_t>(value);
  }
  return bias;
}

ir::Tensor zero_bias(const ir::Graph& graph, const ir::Op& op) {
  const ir::Tensor& weights = graph.tensor(op.inputs[1]);
  ir::Tensor bias;
  bias.name = weights.name + "/bias";
  bias.dtype = ir::DType::s32;
  bias.shape = {graph.tensor(op.outputs[0]).shape.back()};
  for (const float scale : weights.quantization.scale)
    bias.quantization.scale.push_back(scale * graph.tensor(op.inputs[0]).quantization.scale[0]);
  bias.quantization.zero_point.assign(bias.quantization.scale.size(), 0);
  return bias;
}

}  // namespace

bool fold_zero_point(ir::Graph& graph) {
  bool changed = false;
  for (ir::Op& op : graph.ops) {
    if (!can_fold(graph, op)) continue;
    // A tensor of its own: layers with other weights may share the bias.
    ir::Tensor bias = bias_of(op) == ir::kNoTensor ? zero_bias(graph, op) : graph.tensor(bias_of(op));
    const auto values = folded(values_of<std::int32_t>(bias), sums_of_weights(graph, op),
                               graph.tensor(op.inputs[0]).quantization.zero_point[0]);
    if (!values) continue;
    set_values(bias, *values);
    op.inputs.resize(std::max<std::size_t>(op.inputs.size(), 3));
    op.inputs[2] = graph.add(std::move(bias));
    op.attributes.zero_point_in_bias = true;
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
