#include "host/workflow/bench_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "device/kernels/operators.h"
#include "host/base/error.h"
#include "host/base/random.h"
#include "host/codegen/cpp_operators.h"
#include "host/ir/interpreter.h"
#include "host/target/link_map.h"
#include "host/target/network_run.h"
#include "host/workflow/network_image.h"
#include "host/workflow/tensor_files.h"

namespace edgesmith {
namespace {

constexpr std::uint64_t kNoiseSeed = 20;

/// Every byte of a quantised tensor is a value; real ones lie in -1..1.
Bytes noise(const ir::Tensor& tensor, Random& random) {
  Bytes bytes(ir::tensor_bytes(tensor));
  if (tensor.dtype != ir::DType::f32) {
    for (std::uint8_t& byte : bytes)
      byte = static_cast<std::uint8_t>(random.below(256));
    return bytes;
  }
  for (std::size_t at = 0; at + sizeof(float) <= bytes.size(); at += sizeof(float)) {
    const float value = 2 * random.uniform() - 1;
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }
  return bytes;
}

/// One tensor for each input; of a file with several inferences the first.
std::vector<Bytes> inputs_of(const ir::Graph& graph, const BenchRequest& request) {
  if (!request.inputs.empty() && request.inputs.size() != graph.inputs.size()) {
    throw Error({.code = "bench.ends",
                 .what = "the network has another number of inputs",
                 .where = request.model.path.string(),
                 .expected = fmt::format("{} files after --input", graph.inputs.size()),
                 .found = fmt::format("{}", request.inputs.size())});
  }
  Random random(kNoiseSeed);
  std::vector<Bytes> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const ir::Tensor& tensor = graph.tensor(graph.inputs[i]);
    inputs.push_back(request.inputs.empty() ? noise(tensor, random) : read_tensors(request.inputs[i], tensor));
    inputs.back().resize(ir::tensor_bytes(tensor));
  }
  return inputs;
}

Bytes joined(const std::vector<Bytes>& tensors) {
  Bytes all;
  for (const Bytes& tensor : tensors)
    all.insert(all.end(), tensor.begin(), tensor.end());
  return all;
}

void check_board(const TargetProfile& profile) {
  require(profile, "test");
  if (profile.emulator) return;
  throw Error({.code = "bench.host",
               .what = "instructions are counted in emulators, and this target has none",
               .where = profile.name,
               .expected = "an emulated board",
               .try_this = "--target mps2-an386; edgesmith targets lists them all"});
}

std::int64_t product(std::initializer_list<std::int32_t> factors) {
  std::int64_t result = 1;
  for (const std::int32_t factor : factors)
    result *= factor;
  return result;
}

std::int64_t conv_macs(const kernels::Conv2dParams& p, std::int32_t input_channels) {
  return product({p.output_h, p.output_w, p.output_c, p.filter_h, p.filter_w, input_channels});
}

/// Of the operator that runs; ir::macs() counts those of the file, which the passes may have joined or replaced.
std::int64_t macs_of(const plan::ContractOp& contract) {
  kernels::Operator op = {contract.code, {}};
  std::memcpy(op.params, contract.params, sizeof contract.params);
  switch (static_cast<kernels::OpCode>(op.code)) {
    case kernels::OpCode::conv2d: {
      const auto params = kernels::params_of<kernels::Conv2dParams>(op);
      return conv_macs(params, params.input_c);
    }
    case kernels::OpCode::conv2d_add: {
      const auto params = kernels::params_of<kernels::Conv2dAddParams>(op);
      return conv_macs(params.conv, params.conv.input_c);
    }
    case kernels::OpCode::depthwise_conv2d:
      return conv_macs(kernels::params_of<kernels::Conv2dParams>(op), 1);
    case kernels::OpCode::fully_connected: {
      const auto params = kernels::params_of<kernels::FullyConnectedParams>(op);
      return product({params.rows, params.input_elems, params.output_elems});
    }
    case kernels::OpCode::max_pool2d:
    case kernels::OpCode::average_pool2d:
    case kernels::OpCode::mean:
    case kernels::OpCode::softmax:
    case kernels::OpCode::reshape:
    case kernels::OpCode::add:
    case kernels::OpCode::mul:
    case kernels::OpCode::pad:
    case kernels::OpCode::transpose:
    case kernels::OpCode::concatenation:
    case kernels::OpCode::lookup:
    case kernels::OpCode::quantize:
    case kernels::OpCode::dequantize:
      return 0;
  }
  return 0;
}

/// phases: one for each operator, and what comes after the last one.
std::vector<OperatorBench> operators_of(const NetworkPlan& network, const std::vector<InstructionCount>& phases) {
  std::vector<OperatorBench> operators;
  for (std::size_t i = 0; i < network.ops.size(); ++i) {
    const OpLabel& label = network.labels[i];
    operators.push_back({.node = label.source,
                         .kind = cpp::text_of(network.ops[i].code).title,
                         .name = label.name,
                         .shapes = label.shapes,
                         .kernels = network.kernels->provider(network.ops[i].code),
                         .macs = macs_of(network.ops[i]),
                         .count = phases.at(i)});
  }
  if (!operators.empty()) operators.back().count.add(phases.back());
  return operators;
}

/// What linking adds to what compile knows. The arena is a variable of the generated code, so it is taken off there.
MemoryUse measured_memory(const NetworkImage& image, std::uint32_t stack_bytes) {
  const LinkMap map = parse_link_map(read_text(image.elf.string() + ".map"));
  const ModelSizes sizes = model_sizes(image.elf, map, image.model_objects);
  MemoryUse use = image.memory;
  const std::uint64_t variables = sizes.bss + sizes.data;
  use.ram.state = static_cast<std::uint32_t>(variables - std::min<std::uint64_t>(variables, use.ram.arena));
  use.stack = stack_bytes;
  use.weights = static_cast<std::uint32_t>(sizes.weights);
  use.tables = static_cast<std::uint32_t>(sizes.tables + sizes.data);
  use.code = static_cast<std::uint32_t>(sizes.code);
  return use;
}

}  // namespace

std::string output_difference(const Bytes& expected, const Bytes& found) {
  if (expected.size() != found.size()) return fmt::format("{} bytes, not {}", found.size(), expected.size());
  const auto at = std::mismatch(expected.begin(), expected.end(), found.begin());
  if (at.first == expected.end()) return {};
  return fmt::format("byte {} is {}, not {}", at.first - expected.begin(), *at.second, *at.first);
}

Bench bench_network_file(const BenchRequest& request) {
  check_board(load_profile(request.board));
  const ir::Graph graph = read_network_file(request.model);
  const std::vector<Bytes> inputs = inputs_of(graph, request);
  const NetworkImage image = build_network_image(request.model, Backend::cpp,
                                                 {.board = request.board, .kernels = request.kernels, .labels = true});
  const NetworkPlan& network = image.plan.network;
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < network.ops.size(); ++i)
    marks.push_back(fmt::format("edgesmith_after_{}", i));
  const InstructionCounter counter(image.profile, image.elf, "edgesmith_run_begins", "edgesmith_run_ended", marks,
                                   cache_folder(), image.work_folder);
  const NetworkImageRun run =
      run_network_image(image.profile, image.elf, joined(inputs), image.work_folder, false, counter.plugin());
  if (run.begun != Status::ok) throw image_refused(image, run.begun);
  Bench bench;
  bench.model = request.model.path.string();
  bench.board = image.profile.name;
  bench.kernels = network.kernels->name;
  bench.macs = network.macs;
  bench.operators = operators_of(network, counter.result());
  for (const OperatorBench& op : bench.operators)
    bench.total.add(op.count);
  bench.memory = measured_memory(image, run.stack_bytes);
  bench.output_difference =
      output_difference(joined(ir::Interpreter(graph, network.rounding).run(inputs)), run.outputs);
  return bench;
}

}  // namespace edgesmith
