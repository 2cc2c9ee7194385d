#include "host/workflow/make_step.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>

#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/progress.h"
#include "host/codegen/device_sources.h"
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

/// Runs steps in order, each only when its inputs changed or what it makes is gone.
class Maker {
 public:
  Maker(const Project& project, bool fresh) : stamps_(project), fresh_(fresh) {}

  void step(const std::string& name, const std::string& inputs, bool present,
            const std::function<std::string()>& work) {
    MadeStep made;
    made.name = name;
    if (!fresh_ && present && stamps_.fresh(name, inputs)) {
      made.note = "fresh";
    } else {
      const auto start = std::chrono::steady_clock::now();
      made.note = work();
      made.ran = true;
      made.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      stamps_.set(name, inputs);
      say(fmt::format("{:<7} {:6.1f} s  {}", name, made.seconds, made.note));
    }
    steps.push_back(std::move(made));
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

}  // namespace

MakeResult make_project(const Project& project, bool fresh) {
  Maker maker(project, fresh);
  const TargetProfile board = load_profile(project.target.board);
  const bool recordings = fs::exists(project.folder / "recordings");
  maker.step("import", import_inputs(project), recordings, [&] { return import_step(project); });
  const bool trained = has_run(project) && maker.untouched("splits", splits_hash(project));
  maker.step("train", train_inputs(project), trained, [&] { return train_step(project); });
  maker.remember("splits", splits_hash(project));
  const Run run = find_run(project, "");
  const std::string plan_inputs =
      joined({train_inputs(project), run.name, section_hash(project, {"project", "quantize", "decision"})});
  maker.step("plan", plan_inputs, fs::exists(run.plan()), [&] { return plan_step(project); });
  if (board.missing.build.empty()) {
    const bool built = fs::exists(project.folder / "build" / board.name);
    maker.step("build", build_inputs(project, run), built, [&] { return build_step(project); });
  }
  MakeResult result;
  const std::string report_inputs =
      joined({build_inputs(project, run), train_inputs(project), section_hash(project, {"accept"})});
  maker.step("report", report_inputs, has_report(run), [&] {
    const ReportResult report = report_run(project, run);
    result.unmet = report.unmet;
    return report.summary;
  });
  result.steps = std::move(maker.steps);
  result.run = run.name;
  result.report = run.report().string();
  result.plan_id = report_plan_id(run);
  if (!result.steps.back().ran) result.unmet = recorded_unmet(run);
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
