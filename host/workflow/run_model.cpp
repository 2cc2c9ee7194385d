#include "host/workflow/run_model.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/convert/tflite/tflite.h"
#include "host/passes/passes.h"

namespace edgesmith {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
void add(HashBuilder& hash, const std::vector<T>& items) {
  hash.add({reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T)});
}

/// Everything before normalisation.
std::string road_hash(const RoadPlan& road) {
  HashBuilder hash;
  hash.add({reinterpret_cast<const char*>(&road.record), sizeof road.record});
  add(hash, road.conditioning);
  add(hash, road.signals);
  return hash.hex();
}

/// What `read` makes of a file; any surprise in it is one message.
template <typename Read>
auto from_json(const fs::path& file, const Read& read) {
  try {
    return read(Json::parse(read_text(file)));
  } catch (const Json::exception& problem) {
    throw Error({.code = "run.unreadable",
                 .what = "a file of the run is damaged",
                 .where = file.string(),
                 .found = problem.what(),
                 .try_this = "edgesmith train"});
  }
}

}  // namespace

void write_fitted_road(const Run& run, const RoadPlan& road, const FittedRoad& fitted) {
  Json json;
  json["road"] = road_hash(road);
  json["offset"] = fitted.offset;
  json["gain"] = fitted.gain;
  json["center"] = fitted.center;
  json["spread"] = fitted.spread;
  write_text(run.features(), json.dump(1) + "\n");
}

namespace {

void check_road(const Run& run, const RoadPlan& road, const std::string& trained_on) {
  if (trained_on == road_hash(road)) return;
  throw Error({.code = "run.stale",
               .what = "the project's road is no longer the one that this run was trained on",
               .where = run.folder.string(),
               .expected = "[input], [conditioning], [window], [features] as then",
               .try_this = "edgesmith train, or undo the change"});
}

}  // namespace

RoadPlan road_of_run(const Project& project, const Run& run, FittedRoad& fitted) {
  RoadPlan road = make_road_plan(project);
  fitted = from_json(run.features(), [&](const Json& json) {
    check_road(run, road, json.at("road").get<std::string>());
    const auto floats = [&json](const char* key) { return json.at(key).get<std::vector<float>>(); };
    return FittedRoad{floats("offset"), floats("gain"), floats("center"), floats("spread")};
  });
  road.offset = fitted.offset;
  road.gain = fitted.gain;
  return road;
}

std::vector<double> given_thresholds(const Project& project) {
  const DecisionSection& decision = project.decision;
  std::vector<double> thresholds;
  for (const std::string& label : project.labels.classes) {
    double threshold = decision.threshold;
    for (const auto& [named, value] : decision.thresholds)
      threshold = named == label ? value : threshold;
    thresholds.push_back(threshold);
  }
  return thresholds;
}

void write_decision(const Run& run, const Project& project, const RunDecision& decision) {
  Json json;
  json["source"] = decision.source;
  for (std::size_t c = 0; c < decision.thresholds.size(); ++c) {
    json["thresholds"][project.labels.classes[c]] = decision.thresholds[c];
  }
  write_text(run.decision(), json.dump(1) + "\n");
}

RunDecision read_decision(const Run& run, const Project& project) {
  return from_json(run.decision(), [&project](const Json& json) {
    RunDecision decision;
    decision.source = json.at("source");
    for (const std::string& label : project.labels.classes)
      decision.thresholds.push_back(json.at("thresholds").value(label, 0.5));
    return decision;
  });
}

CompiledPlan compile_run(const Project& project, const Run& run, const std::vector<double>& thresholds,
                         const NetworkOptions& options) {
  FittedRoad fitted;
  RoadPlan road = road_of_run(project, run, fitted);
  const Bytes model = read_bytes(run.int8_model());
  ir::Graph network = convert::read_tflite(model, run.int8_model().filename().string());
  passes::run_passes(network, options.rounding);
  const std::string hash = sha256({reinterpret_cast<const char*>(model.data()), model.size()});
  return compile_plan({.project = project,
                       .road = std::move(road),
                       .network = network,
                       .model_hash = digest_from_hex(hash),
                       .thresholds = thresholds,
                       .center = fitted.center,
                       .spread = fitted.spread,
                       .options = options});
}

}  // namespace edgesmith
