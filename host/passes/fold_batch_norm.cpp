#include <cmath>
#include <optional>

#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

// The dimension of the weights along which output channels lie; nothing for operators without weights.
std::optional<int> channel_axis(ir::OpKind kind) {
  if (kind == ir::OpKind::conv2d || kind == ir::OpKind::fully_connected) return 0;
  if (kind == ir::OpKind::depthwise_conv2d) return 3;
  return std::nullopt;
}

bool own_float_constant(const ir::Graph& graph, ir::TensorId id) {
  const ir::Tensor& tensor = graph.tensor(id);
  return tensor.constant() && tensor.dtype == ir::DType::f32 && readers(graph, id) == 1;
}

bool can_fold_into(const ir::Graph& graph, const ir::Op& producer) {
  if (!channel_axis(producer.kind) || producer.attributes.activation != ir::Activation::none) return false;
  const ir::TensorId bias = bias_of(producer);
  return own_float_constant(graph, producer.inputs[1]) && (bias == ir::kNoTensor || own_float_constant(graph, bias));
}

/// y = (x - mean) * gain + beta, per channel.
struct Affine {
  std::vector<double> gain, mean, beta;
};

Affine affine_of(const ir::Graph& graph, const ir::Op& batch_norm) {
  const auto value = [&](std::size_t input) { return values_of<float>(graph.tensor(batch_norm.inputs[input])); };
  const std::vector<float> gamma = value(1), beta = value(2), mean = value(3), variance = value(4);
  Affine affine;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    affine.gain.push_back(gamma[c] / std::sqrt(double{variance[c]} + double{batch_norm.attributes.epsilon}));
    affine.mean.push_back(mean[c]);
    affine.beta.push_back(beta[c]);
  }
  return affine;
}

void scale_weights(ir::Tensor& weights, int axis, const std::vector<double>& gain) {
  std::size_t inner = 1;  // elements between one channel and the next
  for (std::size_t d = static_cast<std::size_t>(axis) + 1; d < weights.shape.size(); ++d) {
    inner *= static_cast<std::size_t>(weights.shape[d]);
  }
  std::vector<float> values = values_of<float>(weights);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(values[i] * gain[i / inner % gain.size()]);
  }
  set_values(weights, values);
}

void fold_into(ir::Graph& graph, ir::Op& producer, const ir::Op& batch_norm) {
  const Affine affine = affine_of(graph, batch_norm);
  const std::size_t channels = affine.gain.size();
  scale_weights(graph.tensor(producer.inputs[1]), *channel_axis(producer.kind), affine.gain);
  if (bias_of(producer) == ir::kNoTensor) {
    producer.inputs.resize(3);
    ir::Tensor zeros;
    zeros.name = graph.tensor(producer.inputs[1]).name + "/bias";
    zeros.shape = {static_cast<std::int64_t>(channels)};
    set_values(zeros, std::vector<float>(channels, 0.0f));
    producer.inputs[2] = graph.add(std::move(zeros));
  }
  ir::Tensor& bias = graph.tensor(producer.inputs[2]);
  std::vector<float> values = values_of<float>(bias);
  for (std::size_t c = 0; c < channels; ++c) {
    values[c] = static_cast<float>((values[c] - affine.mean[c]) * affine.gain[c] + affine.beta[c]);
  }
  set_values(bias, values);
}

}  // namespace

bool fold_batch_norm(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    const bool is_batch_norm = graph.ops[i].kind == ir::OpKind::batch_norm;
    ir::Op* producer = is_batch_norm ? sole_producer(graph, graph.ops[i]) : nullptr;
    if (!producer || !can_fold_into(graph, *producer)) {
      ++i;
      continue;
    }
    fold_into(graph, *producer, graph.ops[i]);
    bypass(graph, *producer, i);
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
