#include "host/workflow/verify_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "host/base/error.h"
#include "host/ir/interpreter.h"
#include "host/ir/lowering.h"
#include "host/ir/text.h"
#include "host/workflow/probe.h"
#include "host/workflow/real_values.h"
#include "host/workflow/tensor_files.h"

namespace edgesmith {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<double>;

Bytes noise(const ir::Tensor& tensor) {
  std::uint32_t state = 1;
  Values values(static_cast<std::size_t>(ir::elems(tensor.shape)));
  for (double& value : values) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<double>(static_cast<std::int8_t>(state >> 24));
  }
  return stored_values(tensor, values);
}

/// The operator as a network of its own.
ir::Graph alone(const ir::Graph& graph, const ir::Op& op) {
  ir::Graph one = graph;
  one.ops = {op};
  one.outputs = op.outputs;
  one.inputs.clear();
  for (const ir::TensorId id : op.inputs) {
    const bool activation = id != ir::kNoTensor && !graph.tensor(id).constant();
    if (activation && std::find(one.inputs.begin(), one.inputs.end(), id) == one.inputs.end()) one.inputs.push_back(id);
  }
  return one;
}

RoundingDifference difference_of(const ir::Graph& graph, const ir::Op& op, const ir::Interpreter& oracle) {
  const ir::Graph one = alone(graph, op);
  std::vector<Bytes> inputs;
  for (const ir::TensorId id : one.inputs)
    inputs.push_back(oracle.tensor(id));
  const Bytes other = ir::Interpreter(one, Rounding::single).run(inputs).at(0);
  const Bytes& own = oracle.tensor(op.outputs[0]);
  RoundingDifference difference{op.source_index, ir::op_name(op.kind), ir::short_name(op.name), own.size(), 0, 0};
  for (std::size_t i = 0; i < own.size(); ++i) {
    const int steps = std::abs(static_cast<std::int8_t>(own[i]) - static_cast<std::int8_t>(other[i]));
    difference.differing += steps != 0;
    difference.max_steps = std::max(difference.max_steps, steps);
  }
  return difference;
}

std::vector<RoundingDifference> rounding_differences(const ir::Graph& graph, const ir::Interpreter& oracle) {
  std::vector<RoundingDifference> differences;
  for (const ir::Op& op : graph.ops) {
    if (!ir::has_kernel(graph, op) || graph.tensor(op.outputs[0]).dtype != ir::DType::s8) continue;
    const RoundingDifference difference = difference_of(graph, op, oracle);
    if (difference.differing > 0) differences.push_back(difference);
  }
  return differences;
}

Loss loss(const Values& a, const Values& b) {
  Loss loss;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double distance = std::abs(a[i] - b[i]);
    loss.max = std::max(loss.max, distance);
    loss.mean += distance / static_cast<double>(a.size());
  }
  return loss;
}

Losses losses_against(const VerifyRequest& request, const ir::Graph& graph) {
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1) {
    throw Error({.code = "verify.ends",
                 .what = "the network has several inputs or outputs",
                 .where = request.model.path.string(),
                 .expected = "one of each, to compare with --expect",
                 .found = fmt::format("{} inputs, {} outputs", graph.inputs.size(), graph.outputs.size())});
  }
  const ir::Tensor &input = graph.tensor(graph.inputs[0]), &output = graph.tensor(graph.outputs[0]);
  const Values given = read_real_values(request.input, input);
  const Values expected = read_real_values(request.expect, output);
  const Bytes own = ir::Interpreter(graph).run({stored(input, given)}).at(0);
  const ir::Graph real = in_real_numbers(graph);
  const ir::Tensor &real_input = real.tensor(real.inputs[0]), &real_output = real.tensor(real.outputs[0]);
  const Bytes shadow = ir::Interpreter(real).run({stored(real_input, given)}).at(0);
  const Values own_values = real_values(output, own), shadow_values = real_values(real_output, shadow);
  return {loss(shadow_values, expected), loss(own_values, shadow_values), loss(own_values, expected)};
}

Json to_json(const Loss& loss) {
  return {{"max", loss.max}, {"mean", loss.mean}};
}

std::string line(const char* name, const Loss& loss) {
  return fmt::format("  {:<13} largest {:.6g}, mean {:.6g}\n", name, loss.max, loss.mean);
}

}  // namespace

VerifyResult verify_network_file(const VerifyRequest& request) {
  if (request.input.empty() != request.expect.empty()) {
    throw Error({.code = "verify.pair",
                 .what = "--input and --expect belong together",
                 .expected = "the framework's own input and the output that it gave for it"});
  }
  const ir::Graph graph = read_network_file(request.model);
  ir::Interpreter oracle(graph);
  std::vector<Bytes> inputs;
  for (const ir::TensorId id : graph.inputs)
    inputs.push_back(noise(graph.tensor(id)));
  oracle.run(inputs);
  VerifyResult result;
  result.operators = graph.ops.size();
  result.rounding = rounding_differences(graph, oracle);
  if (!request.expect.empty()) result.losses = losses_against(request, graph);
  if (request.probe) result.findings = probe(graph);
  return result;
}

Json to_json(const VerifyResult& result) {
  Json differences = Json::array();
  for (const RoundingDifference& difference : result.rounding) {
    differences.push_back({{"node", difference.node},
                           {"op", difference.op},
                           {"name", difference.name},
                           {"values", difference.values},
                           {"differing", difference.differing},
                           {"max_steps", difference.max_steps}});
  }
  Json json = {{"operators", result.operators}, {"rounding", differences}, {"findings", result.findings}};
  if (!result.losses) return json;
  json["conversion_loss"] = to_json(result.losses->conversion);
  json["quantization_loss"] = to_json(result.losses->quantization);
  json["total_loss"] = to_json(result.losses->total);
  return json;
}

std::string to_text(const VerifyResult& result) {
  std::string text = fmt::format("tflm_double against single rounding: {} of {} operators differ on equal inputs\n",
                                 result.rounding.size(), result.operators);
  for (const RoundingDifference& difference : result.rounding) {
    text += fmt::format("  {:>3} {:<20} {} of {} values, at most {} step{}\n", difference.node, difference.op,
                        difference.differing, difference.values, difference.max_steps,
                        difference.max_steps == 1 ? "" : "s");
  }
  if (result.losses) {
    text += "distance to the expected output, in real values\n" + line("conversion", result.losses->conversion) +
            line("quantization", result.losses->quantization) + line("total", result.losses->total);
  }
  for (const std::string& finding : result.findings)
    text += "probe: " + finding + "\n";
  return text;
}

}  // namespace edgesmith
