#include "host/target/build_firmware.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/error.h"
#include "host/base/process.h"
#include "host/target/compile_cache.h"

namespace edgesmith {
namespace {

constexpr std::size_t kLinkerWordsMax = 2000;  // it repeats itself
constexpr const char* kPipelineApp = "firmware/apps/pipeline_app";
constexpr const char* kNetworkApp = "firmware/apps/network_app";

/// Parts of device/ that the application needs beside a generated folder, which brings the rest along.
const std::vector<std::string> kBesideGenerated = {"device/base/crc32.cpp", "device/link/packet.cpp",
                                                   "device/runtime/harness.cpp"};
const std::vector<std::string> kPipelineRuntime = {"base",     "tensor", "kernels", "signal", "guard",
                                                   "decision", "plan",   "link",    "runtime"};
const std::vector<std::string> kNetworkRuntime = {"base", "tensor", "kernels", "plan", "runtime/network_file.cpp"};

bool is_host(const TargetProfile& profile) {
  return !profile.flash.has_value();
}

/// Writes only what changed, so that nothing is compiled again without need.
void put(const fs::path& file, const std::string& text) {
  if (!fs::exists(file) || read_text(file) != text) write_text(file, text);
}

std::string byte_table(const Bytes& bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += std::to_string(bytes[i]);
    text += i % 32 == 31 ? ",\n" : ",";
  }
  return text;
}

void write_memory_map(const TargetProfile& profile, const fs::path& folder) {
  put(folder / "memory.ld", fmt::format("MEMORY {{\n  FLASH (rx) : ORIGIN = {:#x}, LENGTH = {:#x}\n"
                                        "  RAM (rwx) : ORIGIN = {:#x}, LENGTH = {:#x}\n}}\nld_stack_size = {};\n",
                                        profile.flash->address, profile.flash->bytes, profile.ram->address,
                                        profile.ram->bytes, profile.stack_bytes));
}

/// The application's view of a generated folder.
std::string model_header(const GeneratedModel& model) {
  return fmt::format("#pragma once\n#include \"{0}.h\"\nusing ModelPipeline = {0}::Pipeline;\n", model.name);
}
std::string model_header(const PlanFileModel& model) {
  return fmt::format(
      "#pragma once\n#define EDGESMITH_PLAN_MEMORY_BYTES {}\n#define EDGESMITH_KERNELS {}\n"
      "#include \"device/kernels/{}/set.h\"\n#include \"{}/plan_file_model.h\"\n"
      "using ModelPipeline = app::PlanFilePipeline;\n",
      model.memory_bytes, model.kernels, model.kernels, kPipelineApp);
}
std::string model_header(const GeneratedNetwork& model) {
  return fmt::format(
      "#pragma once\n#include \"{0}.h\"\n#include \"{1}/generated_network.h\"\nnamespace app {{\n"
      "struct Ends {{\n"
      "  static constexpr uint32_t kInputCount = sizeof {0}::kInputs / sizeof {0}::kInputs[0];\n"
      "  static constexpr uint32_t kOutputCount = sizeof {0}::kOutputs / sizeof {0}::kOutputs[0];\n"
      "  static {0}::TensorPlace input(uint32_t i) {{ return {0}::kInputs[i]; }}\n"
      "  static {0}::TensorPlace output(uint32_t i) {{ return {0}::kOutputs[i]; }}\n"
      "  static uint8_t* arena() {{ return {0}::arena(); }}\n"
      "#ifdef EDGESMITH_ARENA_GUARD\n"
      "  static bool intact() {{ return {0}::arena_intact(); }}\n"
      "#else\n"
      "  static bool intact() {{ return true; }}\n"
      "#endif\n}};\n"
      "using Model = GeneratedNetwork<{0}::Network, Ends>;\n}}\n",
      model.name, kNetworkApp);
}
std::string model_header(const PlanFileNetwork& model) {
  return fmt::format(
      "#pragma once\n#define EDGESMITH_ARENA_BYTES {}\n#define EDGESMITH_KERNELS {}\n"
      "#include \"device/kernels/{}/set.h\"\n#include \"{}/plan_file_network.h\"\n"
      "namespace app {{\nusing Model = PlanFileNetwork;\n}}\n",
      model.arena_bytes, model.kernels, model.kernels, kNetworkApp);
}

std::string plan_source(const Bytes& plan) {
  return fmt::format(
      "#include <firmware_model.h>\nextern \"C\" {{\nalignas(16) const uint8_t edgesmith_plan[] = {{\n{}}};\n"
      "const uint32_t edgesmith_plan_bytes = {};\n}}\n",
      byte_table(plan), plan.size());
}

std::string replay_source(const ReplaySamples& replay) {
  return fmt::format(
      "#include \"{}/replay.h\"\nnamespace {{\nalignas(4) const uint8_t samples[] = {{\n{}}};\n}}\n"
      "extern \"C\" const app::Replay edgesmith_replay = {{samples, {}}};\n",
      kPipelineApp, byte_table(replay.samples), replay.count);
}

bool is_source(const fs::path& file) {
  const std::string name = file.filename().string();
  const auto ends = [&](const std::string& end) {
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  return ends(".cpp") && !ends("_test.cpp") && !ends("_main.cpp");
}

/// Everything in a generated folder but the program that checks it on a desktop.
std::vector<fs::path> generated_sources(const fs::path& folder) {
  std::vector<fs::path> sources;
  for (const fs::path& file : files_below(folder)) {
    if (is_source(file) && file != folder / "main.cpp") sources.push_back(file);
  }
  return sources;
}

/// `parts` are folders and files below device/.
std::vector<fs::path> runtime_sources(const fs::path& home, const std::vector<std::string>& parts) {
  std::vector<fs::path> sources;
  for (const std::string& part : parts) {
    const fs::path path = home / "device" / part;
    if (is_source(path)) sources.push_back(path);
    if (!fs::is_directory(path)) continue;
    for (const fs::path& file : files_below(path)) {
      if (is_source(file)) sources.push_back(file);
    }
  }
  return sources;
}

struct Inputs {
  std::vector<fs::path> sources;  // first the model's
  std::size_t model_sources = 0;
  std::vector<fs::path> include_folders;
  std::vector<std::string> flags;  // of this application
};

/// What a back end brings. A generated folder comes before the tree: its copy of device/ is the one to build.
void add_model(const GeneratedModel& model, const fs::path& home, const fs::path&, Inputs& in) {
  in.sources = generated_sources(model.folder);
  for (const std::string& file : kBesideGenerated) {
    if (!fs::exists(model.folder / file)) in.sources.push_back(home / file);
  }
  in.include_folders.push_back(model.folder);
}
void add_model(const GeneratedNetwork& model, const fs::path& home, const fs::path&, Inputs& in) {
  in.sources = generated_sources(model.folder);
  in.include_folders.push_back(model.folder);
  if (!model.labels) in.flags = {"-DEDGESMITH_ARENA_GUARD"};
  const fs::path hook = home / kNetworkApp / (model.labels ? "labels.h" : "after_operator.h");
  in.flags.insert(in.flags.end(), {"-include", hook.string()});
}
void add_plan(const Bytes& plan, const std::vector<std::string>& runtime, const fs::path& home, const fs::path& work,
              Inputs& in) {
  put(work / "plan.cpp", plan_source(plan));
  in.sources = runtime_sources(home, runtime);
  in.sources.push_back(work / "plan.cpp");
}
void add_model(const PlanFileModel& model, const fs::path& home, const fs::path& work, Inputs& in) {
  add_plan(model.plan, kPipelineRuntime, home, work, in);
}
void add_model(const PlanFileNetwork& model, const fs::path& home, const fs::path& work, Inputs& in) {
  add_plan(model.plan, kNetworkRuntime, home, work, in);
}

/// The application that runs this kind of model.
std::vector<std::string> app_sources(const BuildRequest& request) {
  const bool network =
      std::holds_alternative<GeneratedNetwork>(request.model) || std::holds_alternative<PlanFileNetwork>(request.model);
  if (network) return {std::string(kNetworkApp) + "/main.cpp"};
  return {std::string(kPipelineApp) + "/main.cpp", std::string(kPipelineApp) + "/text.cpp"};
}

Inputs gather(const BuildRequest& request, const fs::path& home) {
  Inputs in;
  in.include_folders.push_back(request.work_folder);
  std::visit(
      [&](const auto& model) {
        put(request.work_folder / "firmware_model.h", model_header(model));
        add_model(model, home, request.work_folder, in);
      },
      request.model);
  in.model_sources = in.sources.size();
  if (request.replay.count > 0) {
    put(request.work_folder / "replay.cpp", replay_source(request.replay));
    in.sources.push_back(request.work_folder / "replay.cpp");
  }
  const BoardFirmware& board = *request.profile.firmware;
  if (!board.machine_folder.empty()) in.include_folders.push_back(home / board.machine_folder);
  in.include_folders.push_back(home);
  for (const std::string& file : app_sources(request))
    in.sources.push_back(home / file);
  for (const std::string& file : board.sources)
    in.sources.push_back(home / file);
  return in;
}

std::vector<std::string> compile_command(const TargetProfile& profile, const Inputs& in) {
  std::vector<std::string> command = {profile.toolchain.compiler};
  for (const std::string& flag : profile.toolchain.cpu_flags)
    command.push_back(flag);
  for (const char* flag : {"-std=gnu++14", "-O2", "-g1", "-Wall", "-Wextra", "-fno-exceptions", "-fno-rtti",
                           "-fno-threadsafe-statics", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",
                           "-ffunction-sections", "-fdata-sections", "-fno-math-errno"}) {
    command.emplace_back(flag);
  }
  command.insert(command.end(), in.flags.begin(), in.flags.end());
  for (const fs::path& folder : in.include_folders)
    command.push_back("-I" + folder.string());
  return command;
}

std::vector<std::string> link_command(const BuildRequest& request, const fs::path& home) {
  const BoardToolchain& tools = request.profile.toolchain;
  std::vector<std::string> command = {tools.linker};
  for (const std::string& flag : tools.cpu_flags)
    command.push_back(flag);
  for (const std::string& flag : tools.link_flags)
    command.push_back(flag);
  command.emplace_back("-Wl,--gc-sections");
  if (is_host(request.profile)) return command;
  for (const std::string& flag :
       {std::string("-nostartfiles"), "-L" + request.work_folder.string(), std::string("-T"),
        (home / "firmware/boards/sections.ld").string(), "-Wl,-Map=" + request.elf.string() + ".map"}) {
    command.push_back(flag);
  }
  return command;
}

/// The linker's "region `RAM' overflowed by 123 bytes", as an error of the request.
[[noreturn]] void link_failed(const BuildRequest& request, const std::string& said) {
  const std::size_t at = said.find("overflowed by ");
  const bool full = at != std::string::npos;
  const std::string region = said.find("region `RAM'") != std::string::npos ? "RAM" : "flash";
  const std::string by = full ? said.substr(at + 14, said.find('\n', at) - at - 14) : "";
  throw Error{{.code = full ? "build.does_not_fit" : "build.linker",
               .what = full ? fmt::format("the firmware does not fit: {} is too small by {}", region, by)
                            : "the linker refused:\n" + said.substr(0, kLinkerWordsMax),
               .where = request.profile.name,
               .expected = full ? fmt::format("flash of {} bytes, RAM of {} bytes", request.profile.flash->bytes,
                                              request.profile.ram->bytes)
                                : "",
               .found = {},
               .try_this = full ? "a smaller model or window, or a larger board (edgesmith targets)"
                                : "if nothing of yours is linked in, this is a defect of Edgesmith: please report it"}};
}

void link(const BuildRequest& request, const fs::path& home, const std::vector<fs::path>& objects) {
  std::vector<std::string> command = link_command(request, home);
  for (const fs::path& object : objects)
    command.push_back(object.string());
  for (const std::string& library : request.profile.toolchain.libraries)
    command.push_back(library);
  const fs::path unfinished = request.elf.string() + ".part";
  command.emplace_back("-o");
  command.push_back(unfinished.string());
  const ProcessResult result = run_process(command);
  if (result.status != 0) link_failed(request, result.output);
  fs::rename(unfinished, request.elf);
}

}  // namespace

BuildResult build_firmware(const BuildRequest& given) {
  require(given.profile, "build");
  BuildRequest request = given;
  request.work_folder = fs::absolute(given.work_folder).lexically_normal();
  request.elf = fs::absolute(given.elf).lexically_normal();
  if (auto* generated = std::get_if<GeneratedModel>(&request.model)) {
    generated->folder = fs::absolute(generated->folder).lexically_normal();
  }
  const fs::path home = home_folder();
  fs::create_directories(request.work_folder);
  fs::create_directories(request.elf.parent_path());
  if (!is_host(request.profile)) write_memory_map(request.profile, request.work_folder);
  const Inputs in = gather(request, home);
  const std::vector<std::string> command = compile_command(request.profile, in);
  std::vector<Compilation> units;
  for (const fs::path& source : in.sources)
    units.push_back({command, source});
  const CompiledObjects compiled = compile_all(units, request.work_folder / "objects");
  link(request, home, compiled.objects);
  BuildResult result;
  result.elf = request.elf;
  result.sizes = firmware_sizes(read_elf(request.elf));
  if (!is_host(request.profile)) result.violations = check_linked_firmware(request.elf);
  result.model_objects.assign(compiled.objects.begin(),
                              compiled.objects.begin() + static_cast<std::ptrdiff_t>(in.model_sources));
  result.compiled = compiled.compiled;
  result.reused = compiled.reused;
  return result;
}

}  // namespace edgesmith
