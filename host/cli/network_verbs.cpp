// inspect, run: a network file by itself.

#include <fmt/format.h>

#include "host/cli/command.h"
#include "host/workflow/network_step.h"

namespace edgesmith::cli {
namespace {

struct RunArguments {
  std::string model, input, output, via = "interpreter";
};

Answer run_answer(const RunArguments& arguments) {
  const NetworkRun run = run_network_file(arguments.model, arguments.input, arguments.output);
  Answer answer;
  answer.document = {
      {"model", arguments.model},
      {"via", arguments.via},
      {"input", {{"shape", run.input_shape}, {"dtype", run.input_dtype}}},
      {"output", {{"shape", run.output_shape}, {"dtype", run.output_dtype}, {"file", arguments.output}}}};
  answer.text = fmt::format("{} {} -> {} {} in {}", run.input_dtype, run.input_shape, run.output_dtype,
                            run.output_shape, arguments.output);
  return answer;
}

void add_run(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* verb = add_verb(app, chosen, "run", "run a .tflite network once on a file",
                            [arguments] { return run_answer(*arguments); });
  verb->add_option("MODEL", arguments->model, "a .tflite file")->required();
  verb->add_option("--input", arguments->input, ".npy, or raw little-endian in the tensor's dtype")->required();
  verb->add_option("--output", arguments->output, "the same, written")->required();
  verb->add_option("--via", arguments->via, "what runs it: interpreter (reference kernels, no rewrites)")
      ->check(CLI::IsMember({"interpreter"}))
      ->capture_default_str();
}

void add_inspect(CLI::App& app, Chosen& chosen) {
  auto model = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "inspect", "show the tensors and operators of a .tflite network", [model] {
    Answer answer;
    answer.text = network_text(*model);
    answer.document["network"] = answer.text;
    return answer;
  });
  verb->add_option("MODEL", *model, "a .tflite file")->required();
}

}  // namespace

void add_network_verbs(CLI::App& app, Chosen& chosen) {
  add_inspect(app, chosen);
  add_run(app, chosen);
}

}  // namespace edgesmith::cli
