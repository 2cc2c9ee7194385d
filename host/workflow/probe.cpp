#include "host/workflow/probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/ir/interpreter.h"
#include "host/ir/text.h"
#include "host/workflow/real_values.h"

namespace edgesmith {
namespace {

using Values = std::vector<double>;

constexpr std::int64_t kMostChannels = 64;  // that are tried one by one
constexpr double kLargest = 100;            // of the probes, in quantised steps or, for float32, hundredths

/// One input of the network is probed; the others hold zero.
class Probes {
 public:
  Probes(const ir::Graph& graph, std::size_t input) : graph_(graph), interpreter_(graph), input_(input) {}

  std::vector<Bytes> answer(const Values& steps) {
    std::vector<Bytes> inputs;
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      const ir::Tensor& tensor = graph_.tensor(graph_.inputs[i]);
      const Values zeros(static_cast<std::size_t>(ir::elems(tensor.shape)), 0.0);
      inputs.push_back(stored(tensor, i == input_ ? reals(tensor, steps) : zeros));
    }
    return interpreter_.run(inputs);
  }

 private:
  static Values reals(const ir::Tensor& tensor, const Values& steps) {
    const double scale = tensor.quantization.empty() ? 0.01 : static_cast<double>(tensor.quantization.scale[0]);
    Values values = steps;
    for (double& value : values)
      value *= scale;
    return values;
  }

  const ir::Graph& graph_;
  ir::Interpreter interpreter_;
  std::size_t input_;
};

Values ramp(std::size_t elems) {
  Values values(elems);
  for (std::size_t i = 0; i < elems; ++i)
    values[i] = elems == 1 ? kLargest : kLargest * (2.0 * static_cast<double>(i) / static_cast<double>(elems - 1) - 1);
  return values;
}

Values impulse(std::size_t elems) {
  Values values(elems, 0.0);
  values[elems / 2] = kLargest;
  return values;
}

/// A wave in one channel: a constant could vanish in a difference, or in padding.
Values one_channel(std::size_t elems, std::size_t channels, std::size_t channel) {
  Values values(elems, 0.0);
  for (std::size_t i = channel; i < elems; i += channels)
    values[i] = i / channels % 3 == 0 ? kLargest : -kLargest / 2;
  return values;
}

void look_at_layout(const ir::Tensor& tensor, std::vector<std::string>& findings) {
  const std::vector<std::int64_t>& shape = tensor.shape;
  if (shape.size() != 4 || shape[1] > 4 || shape[2] <= 4 || shape[3] <= 4) return;
  findings.push_back(fmt::format("input '{}' is {}: that looks like channels first, but channels are read last",
                                 ir::short_name(tensor.name), ir::shape_text(shape)));
}

void look_at_channels(Probes& probes, const ir::Tensor& tensor, const std::vector<Bytes>& at_rest,
                      std::vector<std::string>& findings) {
  const auto elems = static_cast<std::size_t>(ir::elems(tensor.shape));
  const std::int64_t channels = tensor.shape.empty() ? 1 : tensor.shape.back();
  if (channels < 2 || channels > kMostChannels) return;
  for (std::int64_t c = 0; c < channels; ++c) {
    const Values wave = one_channel(elems, static_cast<std::size_t>(channels), static_cast<std::size_t>(c));
    if (probes.answer(wave) != at_rest) continue;
    findings.push_back(fmt::format("channel {} of input '{}' moves no output", c, ir::short_name(tensor.name)));
  }
}

/// Values of an output that were the same under every probe.
void look_at_outputs(const ir::Graph& graph, const std::vector<std::vector<Bytes>>& answers,
                     std::vector<std::string>& findings) {
  for (std::size_t o = 0; o < graph.outputs.size(); ++o) {
    const ir::Tensor& tensor = graph.tensor(graph.outputs[o]);
    const std::size_t value_bytes = ir::dtype_bytes(tensor.dtype);
    const std::size_t values = answers[0][o].size() / value_bytes;
    std::size_t dead = 0;
    for (std::size_t v = 0; v < values; ++v) {
      const auto same = [&](const std::vector<Bytes>& answer) {
        const auto at = static_cast<std::ptrdiff_t>(v * value_bytes);
        return std::equal(answer[o].begin() + at, answer[o].begin() + at + static_cast<std::ptrdiff_t>(value_bytes),
                          answers[0][o].begin() + at);
      };
      dead += std::all_of(answers.begin(), answers.end(), same);
    }
    if (dead == 0) continue;
    findings.push_back(fmt::format("{} of {} values of output '{}' never moved{}", dead, values,
                                   ir::short_name(tensor.name), dead == values ? ": the output is constant" : ""));
  }
}

}  // namespace

std::vector<std::string> probe(const ir::Graph& graph) {
  std::vector<std::string> findings;
  std::vector<std::vector<Bytes>> answers;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const ir::Tensor& tensor = graph.tensor(graph.inputs[i]);
    const auto elems = static_cast<std::size_t>(ir::elems(tensor.shape));
    Probes probes(graph, i);
    answers.push_back(probes.answer(Values(elems, 0.0)));
    const std::vector<Bytes> at_rest = answers.back();
    answers.push_back(probes.answer(ramp(elems)));
    answers.push_back(probes.answer(impulse(elems)));
    look_at_layout(tensor, findings);
    look_at_channels(probes, tensor, at_rest, findings);
  }
  look_at_outputs(graph, answers, findings);
  return findings;
}

}  // namespace edgesmith
