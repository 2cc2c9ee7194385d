#include "host/workflow/quantize_step.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/convert/tflite/tflite.h"
#include "host/evaluate/threshold_search.h"
#include "host/quantize/quantize.h"
#include "host/workflow/desk.h"

namespace edgesmith {
namespace {

constexpr std::size_t kCalibrationWindows = 2000;  // evenly spread over the training windows; more changes no range

std::vector<std::vector<float>> calibration_inputs(const RoadPlan& road, const FeatureSet& features,
                                                   const std::vector<std::size_t>& windows) {
  const std::size_t count = std::min(windows.size(), kCalibrationWindows);
  std::vector<std::vector<float>> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(normalised(road, features, {windows[i * windows.size() / count]}));
  }
  return inputs;
}

void quantize_network(const Project& project, const Run& run, const RoadPlan& road, const ProjectData& data,
                      const FeatureSet& features) {
  const ir::Graph network = convert::read_tflite(run.float_model());
  const auto method = project.quantize.calibration == "percentile" ? quantize::CalibrationMethod::percentile
                                                                   : quantize::CalibrationMethod::minmax;
  const std::vector<std::size_t> windows = usable_windows(project, data, features, dataset::Split::train);
  const quantize::Ranges ranges =
      quantize::calibrate(network, calibration_inputs(road, features, windows), method, project.quantize.percentile);
  const Bytes file = convert::write_tflite(quantize::quantize(network, ranges));
  write_bytes(run.int8_model(), file.data(), file.size());
}

/// Scores of the int8 network on the usable validation windows.
evaluate::ScoredWindows validation_scores(const Project& project, const Run& run, const ProjectData& data) {
  Desk desk(plan_file_bytes(compile_run(project, run, given_thresholds(project))));
  evaluate::ScoredWindows scored;
  scored.classes = static_cast<int>(project.labels.classes.size());
  for (std::size_t r = 0; r < data.recordings.size(); ++r) {
    if (!data.in_split(data.recordings[r], dataset::Split::validate)) continue;
    const std::vector<WindowTrace> traces = desk.run(data.recordings[r]);
    for (std::size_t i = 0; i < traces.size(); ++i) {
      const dataset::Window& window = data.windows[data.first_window[r] + i];
      if (traces[i].flags != 0 || !usable(project, window)) continue;
      const std::vector<float> scores = desk.scores(traces[i].output);
      scored.scores.insert(scored.scores.end(), scores.begin(), scores.end());
      scored.truth.push_back(window.label);
    }
  }
  return scored;
}

int reject_class(const Project& project) {
  const std::string& label = project.decision.reject_to.empty() ? project.labels.idle : project.decision.reject_to;
  const auto& classes = project.labels.classes;
  const auto at = std::find(classes.begin(), classes.end(), label);
  return at == classes.end() ? -1 : static_cast<int>(at - classes.begin());
}

RunDecision decide_thresholds(const Project& project, const Run& run, const ProjectData& data) {
  if (project.decision.objective.empty()) return {given_thresholds(project), "as given in [decision]"};
  const evaluate::ScoredWindows scored = validation_scores(project, run, data);
  const evaluate::Thresholds found = evaluate::search_thresholds(scored, reject_class(project));
  RunDecision decision;
  decision.source =
      fmt::format("searched on {} validation windows for {}", scored.truth.size(), project.decision.objective);
  for (float value : found.values)
    decision.thresholds.push_back(std::round(static_cast<double>(value) * 100) / 100);
  return decision;
}

}  // namespace

QuantizeResult finish_run(const Project& project, const Run& run, const RoadPlan& road, const ProjectData& data,
                          const FeatureSet& features) {
  if (fs::exists(run.float_model())) quantize_network(project, run, road, data, features);
  const RunDecision decision = decide_thresholds(project, run, data);
  write_decision(run, project, decision);
  const CompiledPlan plan = compile_run(project, run, decision.thresholds);
  const std::vector<std::uint8_t> bytes = plan_file_bytes(plan);
  write_bytes(run.plan(), bytes.data(), bytes.size());
  return {run.name, plan.network.constants.size(), decision.source};
}

QuantizeResult quantize_run(const Project& project, const std::string& run_name) {
  const Run run = find_run(project, run_name);
  FittedRoad fitted;
  const RoadPlan road = road_of_run(project, run, fitted);
  const ProjectData data = load_project_data(project, road);
  check_split(data, run.splits());
  return finish_run(project, run, road, data, extract_features(road, data));
}

nlohmann::ordered_json to_json(const QuantizeResult& result) {
  return {{"run", result.run}, {"weights_bytes", result.weights_bytes}, {"thresholds", result.threshold_source}};
}

}  // namespace edgesmith
