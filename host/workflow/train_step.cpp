#include "host/workflow/train_step.h"

#include <fmt/format.h>

#include <signal.h>

#include <chrono>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/process.h"
#include "host/base/progress.h"
#include "host/convert/tflite/tflite.h"
#include "host/passes/passes.h"
#include "host/train/job.h"
#include "host/train/results.h"
#include "host/train/to_graph.h"
#include "host/workflow/evaluate_step.h"
#include "host/workflow/foreign_model.h"
#include "host/workflow/import_step.h"
#include "host/workflow/quantize_step.h"

namespace edgesmith {
namespace {

train::Job make_job(const Project& project, const RoadPlan& road, const ProjectData& data, const FeatureSet& features) {
  const auto samples = [&](dataset::Split split) {
    const std::vector<std::size_t> windows = usable_windows(project, data, features, split);
    train::Samples out;
    out.features = normalised(road, features, windows);
    for (std::size_t w : windows)
      out.labels.push_back(data.windows[w].label);
    return out;
  };
  const ModelSection& model = project.model;
  const TrainSection& train = project.train;
  train::Job job;
  job.network = {model.architecture, model.hidden,    model.filters, model.kernel,
                 model.pool,         model.separable, model.dropout};
  job.training = {.epochs = train.epochs,
                  .batch = train.batch,
                  .learning_rate = train.learning_rate,
                  .schedule = train.schedule,
                  .weight_decay = train.weight_decay,
                  .label_smoothing = train.label_smoothing,
                  .class_weights = train.class_weights,
                  .best = train.best,
                  .noise = train.noise,
                  .scale_jitter = train.scale_jitter,
                  .seed = train.seed};
  const std::vector<std::uint32_t> shape = road.input_shape();
  job.input = {static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  job.classes = project.labels.classes;
  job.train = samples(dataset::Split::train);
  job.validation = samples(dataset::Split::validate);
  return job;
}

fs::path training_program() {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "edgesmith-train";
  if (fs::exists(program)) return program;
  throw Error(ErrorKind::unavailable, {.code = "train.no_program",
                                       .what = "this build cannot train",
                                       .where = program.string(),
                                       .expected = "edgesmith-train beside edgesmith",
                                       .try_this = "make build (needs libtorch-dev)"});
}

constexpr int kKilled = 128 + SIGKILL;  // most often for want of memory

/// Whose turn it is after the training program, which ends with the same statuses as edgesmith itself.
ErrorKind kind_of(int status) {
  for (const ErrorKind kind : {ErrorKind::request, ErrorKind::unavailable}) {
    if (status == static_cast<int>(kind)) return kind;
  }
  return status == kKilled ? ErrorKind::unavailable : ErrorKind::defect;
}

void run_training(const fs::path& job_folder) {
  const ProcessResult result = run_process({training_program().string(), job_folder.string()}, {.capture = false});
  if (result.status == 0) return;
  const bool killed = result.status == kKilled;
  throw Error(kind_of(result.status), {.code = "train.failed",
                                       .what = "the training program failed",
                                       .where = job_folder.string(),
                                       .expected = "exit status 0",
                                       .found = fmt::format("exit status {}", result.status),
                                       .try_this = killed ? "it was killed; see whether the memory was full (dmesg)"
                                                          : "read its message above"});
}

/// The job's arrays are large and can be made again. The validation features stay: with validation_scores.f32 they show
/// anyone with another runtime what the exported network should answer.
void drop_arrays(const fs::path& folder) {
  for (const char* name : {"train_features.f32", "train_labels.i32", "validation_labels.i32"}) {
    fs::remove(folder / name);
  }
}

ir::Graph trained_network(const train::Job& job, const Run& run) {
  const int classes = static_cast<int>(job.classes.size());
  ir::Graph graph = train::to_graph(train::build_layers(job.network, job.input, classes), job.input, classes,
                                    train::read_checkpoint(run.checkpoint()));
  passes::simplify(graph);
  return graph;
}

/// Trains and writes the float network.
TrainResult train_network(const Project& project, const Run& run, const train::Job& job) {
  train::write_job(run.folder, job);
  run_training(run.folder);
  const train::TrainingResult trained = train::read_result(run.result());
  drop_arrays(run.folder);
  ir::Graph graph = trained_network(job, run);
  graph.name = project.name;
  const Bytes file = convert::write_tflite(graph);
  write_bytes(run.float_model(), file.data(), file.size());
  TrainResult result;
  result.accuracy = trained.val.accuracy;
  result.macro_f1 = trained.val.macro_f1;
  result.precision = trained.val.precision;
  result.recall = trained.val.recall;
  result.best_epoch = trained.best_epoch;
  result.epochs = trained.epochs;
  return result;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A network that was made elsewhere is judged, not trained.
TrainResult adopt_network(const Project& project, const Run& run) {
  adopt_foreign_model(project, run);
  return {};
}

void judge_on_validation(const Project& project, const Run& run, TrainResult& result) {
  const EvaluateResult judged = evaluate_run(project, {.stage = "int8", .split = "validate", .run = run.name});
  result.accuracy = judged.metrics.accuracy;
  result.macro_f1 = judged.metrics.macro_f1;
  double present = 0;
  for (const evaluate::ClassMetrics& metrics : judged.metrics.per_class) {
    if (metrics.support == 0) continue;
    ++present;
    result.precision += (metrics.precision - result.precision) / present;
    result.recall += (metrics.recall - result.recall) / present;
  }
}

/// Fills a new run; one that fails is taken away again.
template <typename Work>
void in_new_run(const Project& project, Run& run, const Work& work) {
  run = new_run(project);
  try {
    work();
  } catch (...) {
    fs::remove_all(run.folder);
    throw;
  }
  make_current(project, run);
}

TrainResult make_run(const Project& project, const Run& run, const RoadPlan& road, const ProjectData& data,
                     const FeatureSet& features, const FittedRoad& fitted) {
  fs::copy_file(project.folder / "edgesmith.toml", run.folder / "edgesmith.toml");
  fs::copy_file(project.folder / "splits.json", run.splits());
  write_fitted_road(run, make_road_plan(project), fitted);
  const bool foreign = !project.model.file.empty();
  TrainResult result =
      foreign ? adopt_network(project, run) : train_network(project, run, make_job(project, road, data, features));
  finish_run(project, run, road, data, features);
  if (foreign) judge_on_validation(project, run, result);
  return result;
}

}  // namespace

TrainResult train_project(const Project& project) {
  const auto start = std::chrono::steady_clock::now();
  if (!fs::exists(project.folder / "recordings")) import_project_data(project);
  RoadPlan road = make_road_plan(project);
  const ProjectData data = load_project_data(project, road);
  const FeatureSet features = extract_features(road, data);
  const FittedRoad fitted = fit_road(project, road, data, features);
  road.offset = fitted.offset;
  road.gain = fitted.gain;
  Run run;
  TrainResult result;
  in_new_run(project, run, [&] { result = make_run(project, run, road, data, features, fitted); });
  result.run = run.name;
  result.seconds = seconds_since(start);
  result.train_windows = usable_windows(project, data, features, dataset::Split::train).size();
  result.validate_windows = usable_windows(project, data, features, dataset::Split::validate).size();
  return result;
}

nlohmann::ordered_json to_json(const TrainResult& result) {
  return {{"run", result.run},
          {"val",
           {{"accuracy", result.accuracy},
            {"macro_f1", result.macro_f1},
            {"precision", result.precision},
            {"recall", result.recall}}},
          {"best_epoch", result.best_epoch},
          {"epochs", result.epochs},
          {"windows", {{"train", result.train_windows}, {"validate", result.validate_windows}}},
          {"seconds", result.seconds}};
}

}  // namespace edgesmith
