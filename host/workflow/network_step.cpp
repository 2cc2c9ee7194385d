#include "host/workflow/network_step.h"

#include <fmt/format.h>

#include <map>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/codegen/emit_cpp.h"
#include "host/ir/interpreter.h"
#include "host/target/network_run.h"
#include "host/workflow/network_file.h"
#include "host/workflow/network_image.h"
#include "host/workflow/tensor_files.h"

namespace edgesmith {
namespace {

/// Tensors of all inferences, back to back.
struct Results {
  std::vector<Bytes> outputs;        // one for each of the network's outputs
  std::map<int, Bytes> by_operator;  // by the operator's index in the file
  std::uint32_t stack_bytes = 0;
  std::string kernels;
};

void append(Bytes& to, const Bytes& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void check_count(const char* what, std::size_t expected, std::size_t found, const fs::path& model) {
  if (expected == found) return;
  throw Error({.code = "run.ends",
               .what = fmt::format("the network has another number of {}s", what),
               .where = model.string(),
               .expected = fmt::format("{} files after --{}", expected, what),
               .found = fmt::format("{}", found)});
}

[[noreturn]] void refuse_pair(const NetworkRunRequest& request, const char* expected) {
  throw Error({.code = "run.pair",
               .what = "these do not go together",
               .expected = expected,
               .found = fmt::format("--via {} --kernels {} --target {}", request.via, request.kernels, request.board)});
}

void check_pair(const NetworkRunRequest& request) {
  if (request.via == "interpreter") {
    if (request.board != "host") refuse_pair(request, "the interpreter runs on the host");
    if (request.kernels == "portable") refuse_pair(request, "the interpreter has reference kernels");
  } else if (request.via == "cpp") {
    if (request.kernels == "reference") refuse_pair(request, "generated C++ takes portable or native kernels");
  } else if (request.via != "plan") {
    throw Error({.code = "run.via",
                 .what = "there is no such way to run a network",
                 .expected = "interpreter, plan or cpp",
                 .found = request.via,
                 .try_this = did_you_mean(request.via, {"interpreter", "plan", "cpp"})});
  }
}

/// The files' contents as one inference after another, each with all inputs.
std::vector<std::vector<Bytes>> read_inputs(const NetworkRunRequest& request, const ir::Graph& graph) {
  check_count("input", graph.inputs.size(), request.inputs.size(), request.model.path);
  std::vector<std::vector<Bytes>> inferences;
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    const ir::Tensor& tensor = graph.tensor(graph.inputs[i]);
    const Bytes all = read_tensors(request.inputs[i], tensor);
    const std::size_t bytes = ir::tensor_bytes(tensor);
    if (i == 0) inferences.resize(all.size() / bytes);
    if (all.size() != inferences.size() * bytes) {
      throw Error({.code = "run.input",
                   .what = "the input files hold different numbers of tensors",
                   .where = request.inputs[i].string(),
                   .expected = fmt::format("{}", inferences.size()),
                   .found = fmt::format("{}", all.size() / bytes)});
    }
    for (std::size_t n = 0; n < inferences.size(); ++n) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(n * bytes);
      inferences[n].emplace_back(from, from + static_cast<std::ptrdiff_t>(bytes));
    }
  }
  return inferences;
}

Results run_interpreter(const ir::Graph& graph, const std::vector<std::vector<Bytes>>& inferences, Rounding rounding) {
  ir::Interpreter interpreter(graph, rounding);
  Results results;
  results.kernels = "reference";
  results.outputs.resize(graph.outputs.size());
  for (const std::vector<Bytes>& inputs : inferences) {
    const std::vector<Bytes> outputs = interpreter.run(inputs);
    for (std::size_t i = 0; i < outputs.size(); ++i)
      append(results.outputs[i], outputs[i]);
    for (const ir::Op& op : graph.ops)
      append(results.by_operator[op.source_index], interpreter.tensor(op.outputs[0]));
  }
  return results;
}

/// The image's output file holds all outputs of an inference, then those of the next.
void split_outputs(const NetworkPlan& network, const Bytes& all, Results& results) {
  results.outputs.resize(network.outputs.size());
  for (std::size_t at = 0; at < all.size();) {
    for (std::size_t i = 0; i < network.outputs.size(); ++i) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
      at += network.outputs[i].bytes;
      results.outputs[i].insert(results.outputs[i].end(), from, all.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
}

Results run_image(const NetworkRunRequest& request, const std::vector<std::vector<Bytes>>& inferences) {
  const NetworkImage image =
      build_network_image(request.model, request.via == "cpp" ? Backend::cpp : Backend::plan,
                          {.board = request.board, .kernels = request.kernels, .rounding = request.rounding});
  Bytes inputs;
  for (const std::vector<Bytes>& inference : inferences) {
    for (const Bytes& tensor : inference)
      append(inputs, tensor);
  }
  const NetworkPlan& network = image.plan.network;
  const NetworkImageRun run =
      run_network_image(image.profile, image.elf, inputs, image.work_folder, !request.tensors.empty());
  if (run.begun != Status::ok) throw image_refused(image, run.begun);
  Results results;
  results.kernels = network.kernels->name;
  results.stack_bytes = run.stack_bytes;
  split_outputs(network, run.outputs, results);
  for (const OperatorOutput& output : run.trace)
    append(results.by_operator[network.labels.at(output.op).source], output.bytes);
  return results;
}

TensorText text_of(const ir::Tensor& tensor, const fs::path& file) {
  return {tensor.name, ir::shape_text(tensor.shape), ir::dtype_name(tensor.dtype), file.string()};
}

/// Operators that came from the file.
std::uint32_t write_operators(const fs::path& folder, const std::map<int, Bytes>& by_operator) {
  std::uint32_t written = 0;
  for (const auto& [index, bytes] : by_operator) {
    if (index < 0) continue;
    write_bytes(folder / fmt::format("op{}.bin", index), bytes.data(), bytes.size());
    ++written;
  }
  return written;
}

}  // namespace

NetworkRun run_network_file(const NetworkRunRequest& request) {
  check_pair(request);
  const ir::Graph graph = read_network_file(request.model);
  const std::vector<std::vector<Bytes>> inferences = read_inputs(request, graph);
  check_count("output", graph.outputs.size(), request.outputs.size(), request.model.path);
  const Results results = request.via == "interpreter"
                              ? run_interpreter(graph, inferences, rounding_named(request.rounding))
                              : run_image(request, inferences);
  NetworkRun run;
  run.via = request.via;
  run.kernels = results.kernels;
  run.board = request.board;
  run.inferences = static_cast<std::uint32_t>(inferences.size());
  run.stack_bytes = results.stack_bytes;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i)
    run.inputs.push_back(text_of(graph.tensor(graph.inputs[i]), request.inputs[i]));
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    const ir::Tensor& tensor = graph.tensor(graph.outputs[i]);
    write_tensors(request.outputs[i], tensor, results.outputs[i]);
    run.outputs.push_back(text_of(tensor, request.outputs[i]));
  }
  if (!request.tensors.empty()) run.tensors = write_operators(request.tensors, results.by_operator);
  return run;
}

}  // namespace edgesmith
