#include "host/workflow/compile_step.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/codegen/device_sources.h"
#include "host/codegen/emit_cpp.h"
#include "host/plan/kernel_sets.h"
#include "host/target/profile.h"
#include "host/workflow/replay.h"

namespace edgesmith {
namespace {

/// Weights lie apart from the other constants of the plan.
MemoryUse planned_memory(const CompiledPlan& plan) {
  MemoryUse use;
  use.ram = ram_use(plan);
  use.weights = static_cast<std::uint32_t>(plan.network.constants.size());
  for (std::uint32_t s = 0; s < plan::kContractSections; ++s) {
    use.tables += static_cast<std::uint32_t>(section_bytes(plan, static_cast<plan::Section>(s)).size());
  }
  return use;
}

void check_budget(const char* what, std::uint64_t used, std::uint64_t available, const std::string& board,
                  const std::string& advice) {
  if (available == 0 || used <= available) return;
  throw Error({.code = "target.does_not_fit",
               .what = fmt::format("the model does not fit into {}", what),
               .where = board,
               .expected = fmt::format("at most {} bytes", available),
               .found = fmt::format("{} bytes, {} too many", used, used - available),
               .try_this = advice});
}

std::uint64_t budget(std::int64_t asked, const std::optional<MemoryRegion>& region) {
  const std::uint64_t there = region ? region->bytes : 0;
  if (asked <= 0) return there;
  return there == 0 ? static_cast<std::uint64_t>(asked) : std::min(static_cast<std::uint64_t>(asked), there);
}

void check_fit(const Budget& granted, const TargetProfile& profile, const CompiledPlan& plan, const MemoryUse& use) {
  const std::string tensors = "its largest moment takes " + plan.network.lower_bound_inplace.text;
  check_budget("RAM", use.ram_total(), budget(granted.ram_bytes, profile.ram), profile.name,
               plan.bare()
                   ? "a smaller input, or fewer filters there: " + tensors
                   : "shorten the window, use fewer filters, or statistics instead of raw features; " + tensors);
  check_budget("flash", use.flash_total(), budget(granted.flash_bytes, profile.flash), profile.name,
               plan.bare() ? "fewer filters or units" : "use fewer units or filters in [model]");
}

Budget budget_of(const Project& project) {
  return {project.target.ram_bytes, project.target.flash_bytes};
}

using GeneratedFiles = std::map<std::string, std::string>;

/// What people put beside generated code, a sketch or a repository, stays.
void keep_other_files(const fs::path& folder, const GeneratedFiles& files, const fs::path& fresh) {
  if (!fs::exists(folder)) return;
  for (const fs::path& file : files_below(folder)) {
    const std::string path = file.lexically_relative(folder).generic_string();
    if (files.count(path) > 0 || path.starts_with("device/")) continue;
    fs::create_directories((fresh / path).parent_path());
    fs::copy_file(file, fresh / path);
  }
}

/// A folder that holds something else than generated code is not overwritten.
void check_output_folder(const fs::path& folder, const std::string& name) {
  if (!fs::exists(folder) || fs::is_empty(folder) || fs::exists(folder / (name + "_network.cpp"))) return;
  throw Error({.code = "compile.output",
               .what = "the output folder holds files that compile did not make",
               .where = folder.string(),
               .try_this = "choose a new folder with -o"});
}

}  // namespace

void write_cpp_folder(const CompiledPlan& plan, const fs::path& folder, const std::string& made_by) {
  const GeneratedFiles files = emit_cpp(plan, made_by);
  const fs::path fresh = folder.parent_path() / fmt::format(".{}.unfinished-compile", folder.filename().string());
  fs::remove_all(fresh);
  {
    FileBatch batch(fresh);  // its hidden folder must be gone before the swap
    for (const auto& [path, text] : files)
      batch.add(fresh / path, text);
    batch.commit();
  }
  keep_other_files(folder, files, fresh);
  replace_folder(fresh, folder);
}

// Firmware takes the runtime from the source tree, the desk has the one that it was built from: were they different,
// every difference between them would look like a broken contract.
void check_same_tree() {
  for (const SourceFile& file : device_sources()) {
    if (!file.path.starts_with("device/")) continue;
    const fs::path there = home_folder() / file.path;
    if (fs::exists(there) && read_text(there) == file.text) continue;
    throw Error(ErrorKind::unavailable, {.code = "build.other_tree",
                                         .what = "this edgesmith was built from other device sources",
                                         .where = there.string(),
                                         .expected = "the source tree that the tool was built from",
                                         .try_this = "make build"});
  }
}

std::uint64_t MemoryUse::ram_total() const {
  return std::uint64_t{ram.arena} + ram.state + ram.rings + ram.features + ram.config + stack;
}

nlohmann::ordered_json ram_json(const MemoryUse& use) {
  return {{"arena", use.ram.arena},       {"state", use.ram.state},   {"rings", use.ram.rings},
          {"features", use.ram.features}, {"config", use.ram.config}, {"stack", use.stack},
          {"total", use.ram_total()}};
}

nlohmann::ordered_json flash_json(const MemoryUse& use) {
  return {{"weights", use.weights}, {"tables", use.tables}, {"code", use.code}, {"total", use.flash_total()}};
}

const kernels::KernelSet& kernel_set_for(const std::string& name, const TargetProfile& profile) {
  const std::string wanted = name == "native" ? profile.kernel_set : name;
  if (const kernels::KernelSet* set = find_kernel_set(wanted)) return *set;
  std::vector<std::string> known = {"native"};
  for (const kernels::KernelSet* set : kernel_sets())
    known.emplace_back(set->name);
  throw Error({.code = "kernels.unknown",
               .what = "there is no such kernel set",
               .expected = join(known, ", "),
               .found = wanted,
               .try_this = did_you_mean(wanted, known)});
}

std::string board_name(const Project& project, const std::string& asked) {
  return asked.empty() ? project.target.board : asked;
}

CompileResult compile_project(const Project& project, const CompileRequest& request) {
  const Run run = find_run(project, request.run);
  const TargetProfile profile = load_profile(board_name(project, request.board));
  CompileResult result;
  result.plan = compile_run(project, run, read_decision(run, project).thresholds,
                            {.kernels = &kernel_set_for("native", profile)});
  result.run = run.name;
  result.board = profile.name;
  result.emit = request.emit;
  const fs::path fallback = project.folder / "build" / profile.name;
  const fs::path beside = request.emit == "cpp" ? fallback / identifier(project.name) : fallback / "";
  finish_compile(profile, budget_of(project),
                 fmt::format("edgesmith compile {} --target {} --emit cpp", project.name, profile.name),
                 request.output.empty() ? beside : request.output, result);
  return result;
}

void finish_compile(const TargetProfile& profile, const Budget& budget, const std::string& made_by,
                    const fs::path& output, CompileResult& result) {
  if (result.emit != "cpp" && result.emit != "plan") {
    throw Error({.code = "compile.emit",
                 .what = "there is no such form to emit",
                 .expected = "cpp or plan",
                 .found = result.emit,
                 .try_this = did_you_mean(result.emit, {"cpp", "plan"})});
  }
  result.memory = planned_memory(result.plan);
  check_fit(budget, profile, result.plan, result.memory);
  if (output.empty()) return;
  const std::string name = identifier(result.plan.name);
  if (result.emit == "cpp") {
    result.output = fs::absolute(output).lexically_normal();
    if (!result.output.has_filename()) result.output = result.output.parent_path();
    check_output_folder(result.output, name);
    write_cpp_folder(result.plan, result.output, made_by);
    return;
  }
  result.output = output;
  if (!output.has_filename() || fs::is_directory(output)) result.output /= name + ".plan";
  const std::vector<std::uint8_t> bytes = plan_file_bytes(result.plan);
  write_bytes(result.output, bytes.data(), bytes.size());
}

ProjectBuild build_project(const Project& project, const std::string& board, const std::string& run) {
  const TargetProfile profile = load_profile(board_name(project, board));
  require(profile, "build");
  check_same_tree();
  const fs::path folder = project.folder / "build" / profile.name;
  ProjectBuild build;
  build.compiled = compile_project(project, {profile.name, run, "cpp", {}});
  const Bytes plan = plan_file_bytes(build.compiled.plan);
  const std::string name = identifier(project.name);
  const ReplaySamples replay = replay_samples(project, build.compiled.plan.road);
  build.generated = build_firmware(
      {profile, GeneratedModel{build.compiled.output, name}, replay, folder / "generated", folder / (name + ".elf")});
  const auto memory = static_cast<std::uint32_t>(plan_memory_bytes(plan));
  build.plan_file = build_firmware({profile, PlanFileModel{plan, memory, build.compiled.plan.network.kernels->name},
                                    replay, folder / "plan_file", folder / (name + "_plan.elf")});
  build.memory = build.compiled.memory;
  const std::uint64_t constants = std::uint64_t{build.memory.weights} + build.memory.tables + replay.samples.size();
  build.memory.code = static_cast<std::uint32_t>(build.generated.sizes.flash_bytes -
                                                 std::min<std::uint64_t>(constants, build.generated.sizes.flash_bytes));
  check_fit(budget_of(project), profile, build.compiled.plan, build.memory);
  return build;
}

void flash_project(const Project& project, const std::string& board) {
  const TargetProfile profile = load_profile(board_name(project, board));
  require(profile, "flash");
  throw Error(ErrorKind::unavailable, {.code = "target.cannot_flash",
                                       .what = "'" + profile.name + "' has no flash to write",
                                       .where = profile.title,
                                       .expected = "a board; this one takes its image when it starts",
                                       .try_this = "edgesmith test, or edgesmith replay"});
}

}  // namespace edgesmith
