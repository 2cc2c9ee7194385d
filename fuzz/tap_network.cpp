#include "fuzz/tap_network.h"

#include "host/base/random.h"
#include "host/passes/passes.h"
#include "host/plan/compiled_plan.h"
#include "host/quantize/quantize.h"
#include "host/train/initial.h"
#include "host/train/to_graph.h"

namespace edgesmith::fuzz {
namespace {

std::vector<std::vector<float>> normal_inputs(std::size_t elems) {
  Random random(3);
  std::vector<std::vector<float>> inputs(20, std::vector<float>(elems));
  for (auto& input : inputs) {
    for (float& value : input)
      value = static_cast<float>(random.normal());
  }
  return inputs;
}

}  // namespace

Project tap_project() {
  return read_project("examples/tap");
}

ir::Graph tap_int8_network(const Project& project) {
  const ModelSection& model = project.model;
  const train::NetworkConfig config = {.architecture = model.architecture,
                                       .hidden = model.hidden,
                                       .filters = model.filters,
                                       .kernel = model.kernel,
                                       .pool = model.pool};
  const std::vector<std::uint32_t> shape = make_road_plan(project).input_shape();
  const train::InputShape input = {static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  const int classes = static_cast<int>(project.labels.classes.size());
  const std::vector<train::LayerSpec> layers = train::build_layers(config, input, classes);
  ir::Graph graph = train::to_graph(layers, input, classes, train::initial_weights(layers, 1));
  passes::run_passes(graph, Rounding::tflm_double);
  const quantize::Ranges ranges = quantize::calibrate(graph, normal_inputs(static_cast<std::size_t>(input.elems())),
                                                      quantize::CalibrationMethod::minmax);
  return quantize::quantize(graph, ranges);
}

Bytes tap_plan(const Project& project, const ir::Graph& network) {
  RoadPlan road = make_road_plan(project);
  road.offset.assign(road.feature_elems(), 0.0f);
  road.gain.assign(road.feature_elems(), 1.0f);
  const std::size_t channels = project.input.channels.size();
  return plan_file_bytes(compile_plan({.project = project,
                                       .road = road,
                                       .network = network,
                                       .model_hash = {},
                                       .thresholds = std::vector<double>(project.labels.classes.size(), 0.5),
                                       .center = std::vector<float>(channels, 0.0f),
                                       .spread = std::vector<float>(channels, 1.0f)}));
}

}  // namespace edgesmith::fuzz
