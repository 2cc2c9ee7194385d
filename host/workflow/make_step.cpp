#include "host/workflow/make_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>

#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/progress.h"
#include "host/codegen/device_sources.h"
#include "host/codegen/emit_cpp.h"
#include "host/dataset/windows.h"
#include "host/target/profile.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/import_step.h"
#include "host/workflow/quantize_step.h"
#include "host/workflow/report_step.h"
#include "host/workflow/stamps.h"
#include "host/workflow/train_step.h"
#include "host/workflow/version.h"

namespace edgesmith {
namespace {

using Files = std::vector<fs::path>;

/// One step: what goes into it, and what it leaves.
struct Step {
  std::string name, inputs;
  bool present = true;                   // what the next steps need is there
  std::function<std::string()> work;     // returns a note
  std::function<fs::path()> place = {};  // where its files lie now; none: they are inputs of the next step anyway
  std::function<Files()> files = {};     // in `place`, once the work is done
};

/// Runs steps in order, each only when its inputs changed or what it made is gone or no longer what it made.
class Maker {
 public:
  Maker(const Project& project, bool fresh) : stamps_(project), fresh_(fresh) {}

  /// Did it run?
  bool step(const Step& step) {
    MadeStep made;
    made.name = step.name;
    made.ran = fresh_ || !step.present || !stamps_.fresh(step.name, step.inputs) || is_damaged(step);
    made.note = "fresh";
    if (made.ran) {
      const auto start = std::chrono::steady_clock::now();
      made.note = step.work();
      made.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      stamp(step);
      say(fmt::format("{:<7} {:6.1f} s  {}", step.name, made.seconds, made.note));
    }
    steps.push_back(made);
    return made.ran;
  }

  /// A step whose work an earlier one has done.
  void done(const Step& step, const std::string& note) {
    stamp(step);
    steps.push_back({step.name, true, 0, note});
  }

  /// For what a step both reads and writes: did it stay as remember() saw it last?
  bool untouched(const std::string& name, const std::string& content) const {
    return stamps_.fresh(name, content);
  }
  void remember(const std::string& name, const std::string& content) {
    if (!untouched(name, content)) stamps_.set(name, content);
  }

  std::vector<MadeStep> steps;

 private:
  bool is_damaged(const Step& step) {
    if (!step.place) return false;
    const fs::path file = stamps_.damaged(step.name, step.place());
    if (!file.empty()) say(fmt::format("{} is not what {} made: once more", file.string(), step.name));
    return !file.empty();
  }
  void stamp(const Step& step) {
    if (step.place) stamps_.record(step.name, step.place(), step.files());
    stamps_.set(step.name, step.inputs);
  }

  Stamps stamps_;
  bool fresh_;
};

std::string joined(std::initializer_list<std::string> parts) {
  HashBuilder hash;
  for (const std::string& part : parts)
    hash.add(part);
  return hash.hex();
}

/// Files of the project that the generator's command names.
std::string generator_hash(const Project& project) {
  HashBuilder hash;
  std::istringstream words(project.data.generator);
  for (std::string word; words >> word;) {
    const fs::path file = project.folder / word;
    hash.add(word).add(fs::is_regular_file(file) ? sha256_file(file) : "");
  }
  return hash.hex();
}

std::string import_inputs(const Project& project) {
  const std::string source = project.data.source.empty() ? generator_hash(project) : listing_hash(data_source(project));
  return joined({kVersion, section_hash(project, {"data", "input"}), source});
}

std::string device_hash() {
  HashBuilder hash;
  for (const SourceFile& file : device_sources())
    hash.add(file.path).add(file.text);
  return hash.hex();
}

std::string train_inputs(const Project& project) {
  const fs::path foreign = project.folder / project.model.file;
  return joined({kVersion,
                 section_hash(project, {"input", "conditioning", "window", "features", "normalize", "labels", "split",
                                        "model", "train"}),
                 folder_hash(project.folder / "recordings"),
                 project.model.file.empty() || !fs::exists(foreign) ? "" : sha256_file(foreign)});
}

/// Who is in which split, by the file that people may edit.
std::string splits_hash(const Project& project) {
  const fs::path file = project.folder / "splits.json";
  if (!fs::exists(file)) return "";
  HashBuilder hash;
  for (const auto& [group, split] : dataset::read_splits(file))
    hash.add(group).add(dataset::split_name(split));
  return hash.hex();
}

std::string build_inputs(const Project& project, const Run& run) {
  return joined({kVersion, sha256_file(run.plan()), project.target.board, device_hash(),
                 folder_hash(home_folder() / "firmware"), folder_hash(targets_folder()),
                 section_hash(project, {"target"})});
}

std::string import_step(const Project& project) {
  return import_project_data(project) ? "recordings/ is made anew" : "recordings/ is kept by hand";
}

std::string train_step(const Project& project) {
  const TrainResult result = train_project(project);
  return fmt::format("run {}: validation accuracy {:.2f} %, macro F1 {:.4f}", result.run, 100 * result.accuracy,
                     result.macro_f1);
}

std::string plan_step(const Project& project) {
  const QuantizeResult result = quantize_run(project, "");
  return fmt::format("{} bytes of weights, thresholds {}", result.weights_bytes, result.threshold_source);
}

std::string build_step(const Project& project) {
  const ProjectBuild build = build_project(project, "", "");
  return fmt::format("{}: {} bytes of flash, {} of RAM", build.compiled.board, build.generated.sizes.flash_bytes,
                     build.generated.sizes.ram_bytes);
}

Files those_there(const Files& files) {
  Files there;
  std::copy_if(files.begin(), files.end(), std::back_inserter(there),
               [](const fs::path& file) { return fs::exists(file); });
  return there;
}

/// The int8 network is the plan's when it was made from a float one, else it came with training.
Files plan_files(const Run& run) {
  Files files = {run.decision(), run.plan()};
  if (fs::exists(run.float_model())) files.push_back(run.int8_model());
  return files;
}

Files report_files(const Project& project, const Run& run) {
  const std::string plan = identifier(project.name) + ".plan";
  return those_there(
      {run.report(), run.report_json(), run.manifest(), project.folder / "build" / project.target.board / plan});
}

/// Everything in the run but what other steps leave there.
Files train_files(const Project& project, const Run& run) {
  Files others = plan_files(run), files;
  for (const fs::path& file : report_files(project, run))
    others.push_back(file);
  for (const fs::path& file : files_below(run.folder)) {
    if (std::find(others.begin(), others.end(), file) == others.end()) files.push_back(file);
  }
  return files;
}

/// What is flashed, and the folder of sources; objects look after themselves.
Files build_files(const Project& project, const fs::path& folder) {
  const std::string name = identifier(project.name);
  Files files = files_below(folder / name);
  for (const char* end : {".elf", "_plan.elf"})
    files.push_back(folder / (name + end));
  return those_there(files);
}

Step plan_step_of(const Project& project, const Run& run) {
  return {
      .name = "plan",
      .inputs = joined({train_inputs(project), run.name, section_hash(project, {"project", "quantize", "decision"})}),
      .present = fs::exists(run.plan()),
      .work = [&] { return plan_step(project); },
      .place = [&] { return run.folder; },
      .files = [&] { return plan_files(run); }};
}

/// Trains when it must. True when the plan came with it.
bool make_run(const Project& project, Maker& maker) {
  const auto current = [&] { return find_run(project, ""); };
  const bool trained = has_run(project) && maker.untouched("splits", splits_hash(project));
  const bool ran = maker.step({.name = "train",
                               .inputs = train_inputs(project),
                               .present = trained,
                               .work = [&] { return train_step(project); },
                               .place = [&] { return current().folder; },
                               .files = [&] { return train_files(project, current()); }});
  maker.remember("splits", splits_hash(project));
  return ran;
}

void make_build(const Project& project, const Run& run, const TargetProfile& board, Maker& maker) {
  if (!board.missing.build.empty()) return;
  const fs::path folder = project.folder / "build" / board.name;
  maker.step({.name = "build",
              .inputs = build_inputs(project, run),
              .present = fs::exists(folder),
              .work = [&] { return build_step(project); },
              .place = [&] { return folder; },
              .files = [&] { return build_files(project, folder); }});
}

void make_report(const Project& project, const Run& run, Maker& maker, MakeResult& result) {
  const auto work = [&] {
    const ReportResult report = report_run(project, run);
    result.unmet = report.unmet;
    return report.summary;
  };
  const bool ran = maker.step(
      {.name = "report",
       .inputs = joined({build_inputs(project, run), train_inputs(project), section_hash(project, {"accept"})}),
       .present = has_report(run),
       .work = work,
       .place = [&] { return project.folder; },
       .files = [&] { return report_files(project, run); }});
  if (!ran) result.unmet = recorded_unmet(run);
}

}  // namespace

MakeResult make_project(const Project& project, bool fresh) {
  Maker maker(project, fresh);
  const TargetProfile board = load_profile(project.target.board);
  maker.step({.name = "import",
              .inputs = import_inputs(project),
              .present = fs::exists(project.folder / "recordings"),
              .work = [&] { return import_step(project); }});
  const bool trained = make_run(project, maker);
  const Run run = find_run(project, "");
  const Step plan = plan_step_of(project, run);
  trained ? maker.done(plan, "came with training") : void(maker.step(plan));
  make_build(project, run, board, maker);
  MakeResult result;
  make_report(project, run, maker, result);
  result.steps = std::move(maker.steps);
  result.run = run.name;
  result.report = run.report().string();
  result.plan_id = report_plan_id(run);
  return result;
}

nlohmann::ordered_json to_json(const MakeResult& result) {
  nlohmann::ordered_json json = {
      {"run", result.run}, {"plan_id", result.plan_id}, {"report", result.report}, {"unmet", result.unmet}};
  for (const MadeStep& step : result.steps) {
    json["steps"].push_back({{"name", step.name}, {"ran", step.ran}, {"seconds", step.seconds}, {"note", step.note}});
  }
  return json;
}

}  // namespace edgesmith
