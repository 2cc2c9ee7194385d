#include "host/workflow/evaluate_step.h"

#include <fmt/format.h>

#include <cstring>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"
#include "host/workflow/desk.h"
#include "host/workflow/device_step.h"

namespace edgesmith {
namespace {

dataset::Split split_named(const std::string& name) {
  for (const auto split : {dataset::Split::train, dataset::Split::validate, dataset::Split::test}) {
    if (name == dataset::split_name(split)) return split;
  }
  throw Error({.code = "evaluate.split",
               .what = "there is no such split",
               .expected = "train, validate or test",
               .found = name,
               .try_this = did_you_mean(name, {"train", "validate", "test"})});
}

/// Recordings to evaluate, as indices.
std::vector<std::size_t> chosen_recordings(const ProjectData& data, const EvaluateRequest& request) {
  std::vector<std::size_t> chosen;
  for (std::size_t r = 0; r < data.recordings.size(); ++r) {
    const bool foreign = !request.recordings.empty();
    if (foreign || data.in_split(data.recordings[r], split_named(request.split))) chosen.push_back(r);
  }
  if (!chosen.empty()) return chosen;
  throw Error({.code = "evaluate.empty",
               .what = "the split holds no recording",
               .found = request.split,
               .try_this = "look at splits.json and [split]"});
}

/// The answer to one window.
struct Verdict {
  int predicted = 0;
  float score = 0;
  bool flagged = false;
};

/// Collects verdicts into what measure() takes.
class Scorer {
 public:
  Scorer(const Project& project, const std::vector<double>& thresholds) : thresholds_(thresholds) {
    scores_.classes = static_cast<int>(project.labels.classes.size());
    scores_.purity_limit = project.labels.purity;
  }
  void add(const dataset::Window& window, const Verdict& verdict) {
    flagged_ += verdict.flagged;
    if (verdict.flagged) return;
    const float threshold = static_cast<float>(thresholds_[static_cast<std::size_t>(verdict.predicted)]);
    scores_.truth.push_back(window.label);
    scores_.predicted.push_back(verdict.predicted);
    scores_.decided.push_back(verdict.score >= threshold ? verdict.predicted : evaluate::kRejected);
    scores_.purity.push_back(window.purity);
  }
  const evaluate::Scores& scores() const {
    return scores_;
  }
  int flagged() const {
    return flagged_;
  }

 private:
  std::vector<double> thresholds_;
  evaluate::Scores scores_;
  int flagged_ = 0;
};

void score_float(const Run& run, const RoadPlan& road, const ProjectData& data,
                 const std::vector<std::size_t>& recordings, Scorer& scorer) {
  const FeatureSet features = extract_features(road, data);
  std::vector<std::size_t> windows;
  for (std::size_t r : recordings) {
    for (std::size_t i = 0; i < data.window_count(r); ++i)
      windows.push_back(data.first_window[r] + i);
  }
  const std::vector<float> scores = float_scores(run, road, features, windows);
  const std::size_t classes = windows.empty() ? 0 : scores.size() / windows.size();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const float* row = scores.data() + i * classes;
    const int best = best_class(row, classes);
    scorer.add(data.windows[windows[i]], {best, row[best], features.flags[windows[i]] != 0});
  }
}

void score_traces(const ProjectData& data, std::size_t recording, const std::vector<WindowTrace>& traces,
                  Scorer& scorer) {
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const WindowTrace& trace = traces[i];
    scorer.add(data.windows[data.first_window[recording] + i],
               {trace.outcome.best, trace.outcome.score, trace.flags != 0});
  }
}

void score_int8(const CompiledPlan& plan, const ProjectData& data, const std::vector<std::size_t>& recordings,
                Scorer& scorer) {
  Desk desk(plan_file_bytes(plan));
  for (std::size_t r : recordings)
    score_traces(data, r, desk.run(data.recordings[r]), scorer);
}

void score_device(const Project& project, const Run& run, const std::string& board, const ProjectData& data,
                  const std::vector<std::size_t>& recordings, Scorer& scorer) {
  const std::vector<std::vector<WindowTrace>> traces = run_on_device(project, run, board, data, recordings);
  for (std::size_t i = 0; i < recordings.size(); ++i)
    score_traces(data, recordings[i], traces[i], scorer);
}

std::vector<std::string> unmet_goals(const Project& project, const evaluate::Metrics& metrics) {
  std::vector<std::string> unmet;
  const auto check = [&unmet](const char* name, const std::optional<double>& least, double value) {
    if (least && value < *least)
      unmet.push_back(fmt::format("{} is {:.4f}, [accept] asks for {:.4f}", name, value, *least));
  };
  check("macro_f1", project.accept.macro_f1, metrics.macro_f1);
  check("accuracy", project.accept.accuracy, metrics.accuracy);
  return unmet;
}

}  // namespace

int best_class(const float* scores, std::size_t classes) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < classes; ++c)
    best = scores[c] > scores[best] ? c : best;
  return static_cast<int>(best);
}

std::vector<float> float_scores(const Run& run, const RoadPlan& road, const FeatureSet& features,
                                const std::vector<std::size_t>& windows) {
  if (!fs::exists(run.float_model())) {
    throw Error({.code = "evaluate.no_float",
                 .what = "the run has no float network: it was int8 when it came",
                 .where = run.folder.string(),
                 .try_this = "--stage int8"});
  }
  const ir::Graph network = convert::read_tflite(run.float_model());
  ir::Interpreter interpreter(network);
  std::vector<float> scores;
  for (std::size_t w : windows) {
    const std::vector<float> input = normalised(road, features, {w});
    std::vector<std::uint8_t> bytes(input.size() * sizeof(float));
    std::memcpy(bytes.data(), input.data(), bytes.size());
    const std::vector<std::uint8_t> output = interpreter.run({bytes}).at(0);
    std::vector<float> row(output.size() / sizeof(float));
    std::memcpy(row.data(), output.data(), output.size());
    scores.insert(scores.end(), row.begin(), row.end());
  }
  return scores;
}

EvaluateResult evaluate_run(const Project& project, const EvaluateRequest& request) {
  const Run run = find_run(project, request.run);
  FittedRoad fitted;
  const RoadPlan road = road_of_run(project, run, fitted);
  const bool foreign = !request.recordings.empty();
  const ProjectData data =
      foreign ? load_foreign_data(project, road, request.recordings) : load_project_data(project, road);
  if (!foreign) check_split(data, run.splits());
  const std::vector<std::size_t> recordings = chosen_recordings(data, request);
  const RunDecision decision = read_decision(run, project);
  Scorer scorer(project, decision.thresholds);
  if (request.stage == "float") {
    score_float(run, road, data, recordings, scorer);
  } else if (request.stage == "int8") {
    score_int8(compile_run(project, run, decision.thresholds), data, recordings, scorer);
  } else if (request.stage == "device") {
    const std::string board = request.board.empty() ? project.target.board : request.board;
    score_device(project, run, board, data, recordings, scorer);
  } else {
    throw Error({.code = "evaluate.stage",
                 .what = "there is no such stage",
                 .expected = "float, int8 or device",
                 .found = request.stage,
                 .try_this = did_you_mean(request.stage, {"float", "int8", "device"})});
  }
  EvaluateResult result;
  result.stage = request.stage;
  result.split = foreign ? request.recordings.string() : request.split;
  result.run = run.name;
  result.labels = project.labels.classes;
  result.metrics = evaluate::measure(scorer.scores());
  result.flagged = scorer.flagged();
  if (!foreign && request.split == "test") result.unmet = unmet_goals(project, result.metrics);
  return result;
}

}  // namespace edgesmith
