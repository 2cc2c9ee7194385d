#pragma once
// A project and network small enough to follow by hand, for tests: one channel, windows of four samples every two.
//
// The network is FULLY_CONNECTED with all weights -1 for class "low" and +1 for "high", then SOFTMAX: "high" wins where
// the window's sum is positive.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "host/ir/graph.h"
#include "host/plan/compiled_plan.h"
#include "host/project/project.h"

namespace edgesmith {

constexpr const char* kSmallProject = R"(
[project]
name = "small"
[input]
channels = ["x"]
unit = "g"
rate_hz = 100
range = [-8, 8]
[window]
length_samples = 4
hop_samples = 2
[features]
kind = "raw"
[normalize]
kind = "none"
[labels]
classes = ["low", "high"]
idle = "low"
)";

/// `text` with one piece of it replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

inline Project small_project(const std::string& more = "") {
  return parse_project(kSmallProject + more, ".");
}

inline ir::TensorId add_small(ir::Graph& graph, const char* name, std::vector<std::int64_t> shape, float scale,
                              std::int64_t zero_point, std::vector<std::uint8_t> data = {}) {
  return graph.add({.name = name,
                    .dtype = ir::DType::s8,
                    .shape = std::move(shape),
                    .quantization = {{scale}, {zero_point}, 0},
                    .data = std::move(data)});
}

inline ir::Graph small_network() {
  ir::Graph graph;
  graph.name = "small";
  const ir::TensorId input = add_small(graph, "input", {1, 4}, 1.0f / 16, 0);
  std::vector<std::uint8_t> rows(8, 16);           // 16 / 16 = 1
  std::fill(rows.begin(), rows.begin() + 4, 240);  // -16
  const ir::TensorId weights = add_small(graph, "weights", {2, 4}, 1.0f / 16, 0, rows);
  const ir::TensorId logits = add_small(graph, "logits", {1, 2}, 0.25f, 0);
  const ir::TensorId scores = add_small(graph, "scores", {1, 2}, 1.0f / 256, -128);
  graph.inputs = {input};
  graph.outputs = {scores};
  graph.ops = {{ir::OpKind::fully_connected, {input, weights, ir::kNoTensor}, {logits}, {}, "dense"},
               {ir::OpKind::softmax, {logits}, {scores}, {}, "scores"}};
  return graph;
}

inline CompiledPlan small_plan(const Project& project, const ir::Graph& network,
                               const std::vector<double>& thresholds = {0.5, 0.5}) {
  return compile_plan({.project = project,
                       .road = make_road_plan(project),
                       .network = network,
                       .model_hash = {},
                       .thresholds = thresholds,
                       .center = {0.25f},
                       .spread = {2.0f}});
}

inline CompiledPlan small_plan(const std::string& more = "") {
  return small_plan(small_project(more), small_network());
}

}  // namespace edgesmith
