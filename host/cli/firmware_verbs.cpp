// compile, build, flash, test, replay: the way to the chip.

#include <fmt/format.h>

#include "host/cli/command.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/network_file.h"
#include "host/workflow/replay.h"
#include "host/workflow/test_step.h"

namespace edgesmith::cli {
namespace {

std::string memory_text(const MemoryUse& use) {
  return fmt::format(
      "RAM   {:>7} bytes: arena {}, rings {}, state {}, scores {}, cooldowns {}{}\n"
      "flash {:>7} bytes: weights {}, tables {}{}\n",
      use.ram_total(), use.ram.arena, use.ram.rings, use.ram.state, use.ram.features, use.ram.config,
      use.stack ? fmt::format(", stack {}", use.stack) : "", use.flash_total(), use.weights, use.tables,
      use.code ? fmt::format(", code {}", use.code) : " (code comes when it is linked)");
}

Answer compile_answer(const CompileResult& result) {
  const NetworkPlan& network = result.plan.network;
  Answer answer;
  if (!result.run.empty()) answer.document["run"] = result.run;
  answer.document.update({{"target", result.board},
                          {"emit", result.emit},
                          {"output", result.output.string()},
                          {"plan_id", hex(result.plan.plan_id)},
                          {"ram", ram_json(result.memory)},
                          {"flash", flash_json(result.memory)},
                          {"kernels", result.plan.network.kernels->name},
                          {"macs", network.macs},
                          {"lower_bound_bytes", network.lower_bound.bytes},
                          {"lower_bound", network.lower_bound.text},
                          {"lower_bound_inplace_bytes", network.lower_bound_inplace.bytes},
                          {"lower_bound_inplace", network.lower_bound_inplace.text}});
  answer.text = fmt::format("{} for {}: {}\n{}", result.plan.name, result.board,
                            result.output.empty() ? "nothing written, see -o" : result.output.string(),
                            memory_text(result.memory));
  answer.text +=
      fmt::format("arena {} bytes; alive at once at least {}\n", network.arena_bytes, network.lower_bound.text);
  answer.text += fmt::format("  with outputs over dying inputs at least {}\n", network.lower_bound_inplace.text);
  answer.text += fmt::format("{} multiply-accumulates, {} kernels;  plan {}\n", network.macs, network.kernels->name,
                             hex(result.plan.plan_id));
  return answer;
}

struct CompileArguments {
  std::string what;  // project folder, or network file
  CompileRequest project;
  NetworkCompileRequest network;
  std::vector<std::string> dims;  // of a network file, see NetworkFile
};

Answer compile(CompileArguments arguments) {
  if (!std::filesystem::is_regular_file(arguments.what)) {
    return compile_answer(compile_project(open_project(arguments.what), arguments.project));
  }
  if (!arguments.project.board.empty()) arguments.network.board = arguments.project.board;
  arguments.network.emit = arguments.project.emit;
  arguments.network.output = arguments.project.output;
  return compile_answer(compile_network_file({arguments.what, arguments.dims}, arguments.network));
}

void add_compile(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<CompileArguments>();
  CLI::App* verb = add_verb(app, chosen, "compile", "turn a run, or a network file, into C++ or a plan file",
                            [arguments] { return compile(*arguments); });
  verb->add_option("PROJECT|MODEL", arguments->what,
                   "folder with edgesmith.toml (default: the nearest upward), or a .tflite");
  verb->add_option("--target", arguments->project.board, "board; default: [target] board, for a network file: host");
  verb->add_option("--emit", arguments->project.emit,
                   "cpp: a folder of sources; plan: a file that the runtime runs in place")
      ->capture_default_str();
  verb->add_option("-o,--output", arguments->project.output,
                   "where to; default: PROJECT/build/<board>/, for a network file: nothing is written");
  verb->add_option("--run", arguments->project.run, "of a project: which run; default: the current one");
  verb->add_option("--dim", arguments->dims,
                   "of a network file: a size that it leaves open, see `edgesmith run --help`");
  verb->add_option("--name", arguments->network.name, "of a network file: what its namespace is called");
  verb->add_option("--kernels", arguments->network.kernels, "of a network file: reference, portable or native")
      ->capture_default_str();
  verb->add_option("--rounding", arguments->network.rounding, "of a network file: tflm_double or single")
      ->capture_default_str();
}

struct BuildArguments {
  std::string folder, board, run;
  bool all = false;
};

void add_target_options(CLI::App* verb, BuildArguments& arguments) {
  add_project(verb, arguments.folder);
  verb->add_option("--target", arguments.board, "board; default: [target] board");
  verb->add_option("--run", arguments.run, "which run; default: the current one");
}

Answer build_answer(const ProjectBuild& build) {
  Answer answer;
  answer.document = {
      {"target", build.compiled.board},
      {"elf", build.generated.elf.string()},
      {"elf_plan_file", build.plan_file.elf.string()},
      {"plan_id", hex(build.compiled.plan.plan_id)},
      {"ram", ram_json(build.memory)},
      {"flash", flash_json(build.memory)},
      {"image", {{"flash", build.generated.sizes.flash_bytes}, {"ram", build.generated.sizes.ram_bytes}}},
      {"violations", build.generated.violations}};
  answer.text = fmt::format("{}\n{}", build.generated.elf.string(), memory_text(build.memory));
  for (const std::string& violation : build.generated.violations)
    answer.text += "violation: " + violation + "\n";
  answer.holds = build.generated.violations.empty() && build.plan_file.violations.empty();
  return answer;
}

void add_build(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App* verb = add_verb(app, chosen, "build", "compile and link firmware for a board", [arguments] {
    return build_answer(build_project(open_project(arguments->folder), arguments->board, arguments->run));
  });
  add_target_options(verb, *arguments);
}

void add_flash(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App* verb = add_verb(app, chosen, "flash", "write the firmware to a board", [arguments]() -> Answer {
    flash_project(open_project(arguments->folder), arguments->board);
  });
  add_target_options(verb, *arguments);
}

Answer test_answer(const TestResult& result) {
  Answer answer;
  answer.document = to_json(result);
  answer.text = to_text(result);
  answer.holds = result.mismatches == 0;
  return answer;
}

void add_test(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App* verb = add_verb(
      app, chosen, "test", "run recorded samples on the board and compare every window with the desk", [arguments] {
        return test_answer(
            test_project(open_project(arguments->folder), arguments->board, arguments->run, arguments->all));
      });
  add_target_options(verb, *arguments);
  verb->add_flag("--all", arguments->all, "every window of every recording, in bulk; else 150 windows over the link");
}

Answer replay_answer(const LiveReplay& replay) {
  Answer answer;
  answer.document = {
      {"target", replay.board}, {"recording", replay.recording}, {"output", replay.output}, {"labels", replay.labels}};
  answer.text = replay.output + "\nwhat the labels say of " + replay.recording + ":\n";
  for (const std::string& label : replay.labels)
    answer.text += "  " + label + "\n";
  return answer;
}

void add_replay(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App* verb =
      add_verb(app, chosen, "replay", "let the firmware run by itself on ten recorded seconds", [arguments] {
        return replay_answer(replay_project(open_project(arguments->folder), arguments->board, arguments->run));
      });
  add_target_options(verb, *arguments);
}

}  // namespace

void add_firmware_verbs(CLI::App& app, Chosen& chosen) {
  add_compile(app, chosen);
  add_build(app, chosen);
  add_flash(app, chosen);
  add_test(app, chosen);
  add_replay(app, chosen);
}

}  // namespace edgesmith::cli
