#include "host/workflow/report_step.h"

#include <fmt/format.h>

#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/target/profile.h"
#include "host/workflow/report_parts.h"
#include "host/workflow/version.h"

namespace edgesmith {
namespace {

using Json = nlohmann::ordered_json;

report::Figure f1_figure(const report::StageResult& stage) {
  return {.title = "macro F1, " + stage.stage,
          .value = fmt::format("{:.4f}", stage.macro_f1),
          .unit = "",
          .note = fmt::format("{} {} windows", stage.windows, stage.split)};
}

std::vector<report::Figure> headline(const report::Report& report, const CompiledPlan& plan) {
  std::vector<report::Figure> figures;
  for (const report::StageResult& stage : report.results)
    figures.push_back(f1_figure(stage));
  figures.push_back({.title = "weights",
                     .value = fmt::format("{:.1f}", static_cast<double>(plan.network.constants.size()) / 1024),
                     .unit = "KB",
                     .note = "with biases and requantisation"});
  if (report.verification) {
    const report::Verification& v = *report.verification;
    figures.push_back({.title = "windows that differ on the device",
                       .value = std::to_string(v.mismatches),
                       .unit = "",
                       .note = fmt::format("of {}, on each of two back ends", v.windows),
                       .tone = v.mismatches == 0 ? report::Tone::good : report::Tone::bad});
  }
  return figures;
}

/// Runs the firmware where the board can be run here.
void add_device(const Project& project, const Run& run, ReportResult& result, MemoryUse& memory) {
  const TestResult link = test_project(project, "", run.name, false);
  const TestResult bulk = test_project(project, "", run.name, true);
  memory = bulk.memory;
  result.report.verification = verification_part(bulk, link);
  result.report.instructions = instructions_part(bulk);
  const std::size_t mismatches = bulk.mismatches + link.mismatches;
  if (mismatches > 0) result.unmet.push_back(fmt::format("{} windows differ on the device", mismatches));
  const EvaluateResult device = evaluate_run(project, {.stage = "device", .run = run.name});
  result.report.results.push_back(stage_part(device, project.target.board + ", emulated"));
}

void add_results(const Project& project, const Run& run, ReportResult& result) {
  if (fs::exists(run.float_model())) {
    const EvaluateResult network = evaluate_run(project, {.stage = "float", .run = run.name});
    result.report.results.push_back(stage_part(network, "the trained network, on the desk"));
  }
  const EvaluateResult int8 = evaluate_run(project, {.stage = "int8", .run = run.name});
  result.report.results.push_back(stage_part(int8, "the plan, on the desk"));
  result.unmet.insert(result.unmet.end(), int8.unmet.begin(), int8.unmet.end());
}

void check_drop(const Project& project, ReportResult& result) {
  if (!project.accept.int8_drop_points || result.report.results.size() < 2) return;
  const double drop = 100 * (result.report.results[0].accuracy - result.report.results[1].accuracy);
  if (result.report.results[0].stage == "float" && drop > *project.accept.int8_drop_points) {
    result.unmet.push_back(fmt::format("int8 loses {:.2f} points of accuracy, [accept] allows {:.2f}", drop,
                                       *project.accept.int8_drop_points));
  }
}

/// What a repeated run must be held against.
Json manifest(const Project& project, const Run& run, const CompiledPlan& plan, const std::vector<std::string>& unmet) {
  Json json;
  json["edgesmith"] = kVersion;
  json["run"] = run.name;
  json["plan_id"] = hex(plan.plan_id);
  json["model_hash"] = hex(plan.model_hash);
  json["preprocess_id"] = hex(plan.preprocess_id);
  json["decision_hash"] = hex(plan.decision_hash);
  json["labels_hash"] = hex(plan.labels_hash);
  json["splits"] = sha256_file(project.folder / "splits.json");
  json["target"] = project.target.board;
  json["unmet"] = unmet;
  return json;
}

/// Empty when it is missing or damaged.
Json read_manifest(const Run& run) {
  if (!fs::exists(run.manifest())) return Json::object();
  const Json json = Json::parse(read_text(run.manifest()), nullptr, false);
  return json.is_object() ? json : Json::object();
}

}  // namespace

ReportResult report_run(const Project& project, const Run& run) {
  const RunDecision decision = read_decision(run, project);
  const CompileResult compiled = compile_project(project, {"", run.name, "plan", {}});
  const CompiledPlan& plan = compiled.plan;
  const ProjectData data = load_project_data(project, plan.road);
  ReportResult result;
  report::Report& report = result.report;
  report.project = project.name;
  report.version = project.version;
  report.plan_id = hex(plan.plan_id);
  report.run = run.name;
  report.target = project.target.board;
  report.tool = std::string("edgesmith ") + kVersion;
  report.labels = project.labels.classes;
  report.road = road_part(project, plan.road);
  report.flow = flow_part(project, split_result(project, data, extract_features(plan.road, data)));
  report.training = training_part(project, run);
  add_results(project, run, result);
  check_drop(project, result);
  MemoryUse memory = compiled.memory;
  const TargetProfile board = load_profile(project.target.board);
  if (board.missing.test.empty()) {
    add_device(project, run, result, memory);
  } else {
    report.notes.push_back(board.name + ": " + board.missing.test);
  }
  report.decision = decision_part(project, plan, decision);
  report.arena = arena_part(plan);
  report.memory = memory_part(project, board.name, memory);
  report.contract = contract_part(plan);
  report.headline = headline(report, plan);
  for (const std::string& unmet : result.unmet)
    report.notes.push_back("Not met: " + unmet + ".");
  write_text(run.report(), report::to_html(report));
  write_text(run.report_json(), report::to_json(report).dump(1) + "\n");
  write_text(run.manifest(), manifest(project, run, plan, result.unmet).dump(1) + "\n");
  const report::StageResult& last = report.results.back();
  result.summary = fmt::format(
      "{}: accuracy {:.2f} %, macro F1 {:.4f} on {} test windows{}", last.stage, 100 * last.accuracy, last.macro_f1,
      last.windows, report.verification ? fmt::format("; {} mismatches", report.verification->mismatches) : "");
  return result;
}

bool has_report(const Run& run) {
  return fs::exists(run.report()) && !read_manifest(run).empty();
}

std::string report_plan_id(const Run& run) {
  return read_manifest(run).value("plan_id", "");
}

std::vector<std::string> recorded_unmet(const Run& run) {
  return read_manifest(run).value("unmet", std::vector<std::string>());
}

}  // namespace edgesmith
