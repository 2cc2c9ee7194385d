// inspect, convert, run, verify, bench: a network file by itself.

#include <fmt/format.h>

#include "host/cli/command.h"
#include "host/workflow/bench_step.h"
#include "host/workflow/inspect_step.h"
#include "host/workflow/network_step.h"
#include "host/workflow/verify_step.h"

namespace edgesmith::cli {
namespace {

void add_model(CLI::App* verb, NetworkFile& file) {
  verb->add_option("MODEL", file.path, "a .tflite or .onnx file")->required();
  verb->add_option("--dim", file.dims, "a size that the file leaves open: NAME=4 (.onnx), INPUT=1x49x10x1 (.tflite)");
}

Document tensors(const std::vector<TensorText>& texts) {
  Document list = Document::array();
  for (const TensorText& text : texts)
    list.push_back({{"name", text.name}, {"shape", text.shape}, {"dtype", text.dtype}, {"file", text.file}});
  return list;
}

Answer run_answer(const NetworkRunRequest& request) {
  const NetworkRun run = run_network_file(request);
  Answer answer;
  answer.document = {{"model", request.model.path.string()},
                     {"via", run.via},
                     {"kernels", run.kernels},
                     {"target", run.board},
                     {"inferences", run.inferences},
                     {"inputs", tensors(run.inputs)},
                     {"outputs", tensors(run.outputs)}};
  if (run.stack_bytes > 0) answer.document["stack_bytes"] = run.stack_bytes;
  if (run.tensors > 0) answer.document["tensors"] = run.tensors;
  for (const TensorText& output : run.outputs)
    answer.text += fmt::format("{} {} in {}\n", output.dtype, output.shape, output.file);
  answer.text += fmt::format("{} inference{} by {}, {} kernels, on {}\n", run.inferences,
                             run.inferences == 1 ? "" : "s", run.via, run.kernels, run.board);
  return answer;
}

void add_run(CLI::App& app, Chosen& chosen) {
  auto request = std::make_shared<NetworkRunRequest>();
  CLI::App* verb = add_verb(app, chosen, "run", "run a network on files", [request] { return run_answer(*request); });
  add_model(verb, request->model);
  verb->add_option("--input", request->inputs,
                   "a file for each input: .npy, or raw little-endian in the tensor's dtype; several inputs back to "
                   "back give as many outputs")
      ->required();
  verb->add_option("--output", request->outputs, "a file for each output, written")->required();
  verb->add_option("--tensors", request->tensors, "folder that gets every operator's output as opN.bin");
  verb->add_option("--via", request->via,
                   "what runs it: interpreter (no rewrites), plan (plan file) or cpp (generated C++)")
      ->capture_default_str();
  verb->add_option("--kernels", request->kernels, "reference, portable or native (the board's own)")
      ->capture_default_str();
  verb->add_option("--target", request->board, "a board, or host")->capture_default_str();
  verb->add_option("--rounding", request->rounding, "tflm_double or single")->capture_default_str();
}

void add_inspect(CLI::App& app, Chosen& chosen) {
  auto file = std::make_shared<NetworkFile>();
  CLI::App* verb = add_verb(app, chosen, "inspect", "show what is in a network file", [file] {
    const Inspection inspection = inspect_network_file(*file);
    return Answer{.document = inspection.data, .text = inspection.text};
  });
  add_model(verb, *file);
}

void add_verify(CLI::App& app, Chosen& chosen) {
  auto request = std::make_shared<VerifyRequest>();
  CLI::App* verb =
      add_verb(app, chosen, "verify", "compare a network with its framework, and its two roundings", [request] {
        const VerifyResult result = verify_network_file(*request);
        return Answer{.document = to_json(result), .text = to_text(result)};
      });
  add_model(verb, request->model);
  verb->add_option("--input", request->input, "the framework's input: real values in float32, or the tensor's dtype");
  verb->add_option("--expect", request->expect, "the output that the framework gave for it");
  verb->add_flag("--probe", request->probe, "feed zeros, a ramp, an impulse and one channel at a time");
}

void add_convert(CLI::App& app, Chosen& chosen) {
  auto file = std::make_shared<NetworkFile>();
  auto output = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "convert", "write a network as .tflite", [file, output] {
    convert_network_file(*file, *output);
    return Answer{.document = {{"model", file->path.string()}, {"output", *output}}, .text = *output + "\n"};
  });
  add_model(verb, *file);
  verb->add_option("-o,--output", *output, "the .tflite file, written")->required();
}

void add_bench(CLI::App& app, Chosen& chosen) {
  auto request = std::make_shared<BenchRequest>();
  CLI::App* verb = add_verb(app, chosen, "bench", "count what one inference costs on a board", [request] {
    const Bench bench = bench_network_file(*request);
    return Answer{.document = to_json(bench), .text = to_text(bench), .holds = bench.output_difference.empty()};
  });
  add_model(verb, request->model);
  verb->add_option("--target", request->board, "an emulated board")->required();
  verb->add_option("--kernels", request->kernels, "reference, portable or native (the board's own)")
      ->capture_default_str();
  verb->add_option("--input", request->inputs, "a file for each input, as for run; default: noise, always the same");
}

}  // namespace

void add_network_verbs(CLI::App& app, Chosen& chosen) {
  add_inspect(app, chosen);
  add_convert(app, chosen);
  add_run(app, chosen);
  add_verify(app, chosen);
  add_bench(app, chosen);
}

}  // namespace edgesmith::cli
