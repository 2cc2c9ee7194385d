#include "host/workflow/foreign_model.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/convert/tflite/tflite.h"
#include "host/passes/passes.h"

namespace edgesmith {
namespace {

bool is_int8(const ir::Graph& graph) {
  return graph.tensor(graph.inputs.at(0)).dtype == ir::DType::s8;
}

void append_softmax(ir::Graph& graph) {
  const ir::TensorId logits = graph.outputs.at(0);
  ir::Tensor scores = graph.tensor(logits);
  scores.name = "scores";
  if (scores.dtype == ir::DType::s8) scores.quantization = {{1.0f / 256}, {-128}, 0};  // what int8 SOFTMAX always has
  ir::Op softmax = {};
  softmax.kind = ir::OpKind::softmax;
  softmax.name = "scores";
  softmax.inputs = {logits};
  softmax.outputs = {graph.add(std::move(scores))};
  graph.outputs = softmax.outputs;
  graph.ops.push_back(std::move(softmax));
}

void check_one_end_each(const ir::Graph& graph, const fs::path& file) {
  if (graph.inputs.size() == 1 && graph.outputs.size() == 1) return;
  throw Error({.code = "model.ends",
               .what = "the network has not one input and one output",
               .where = file.string(),
               .expected = "one of each",
               .found = fmt::format("{} inputs, {} outputs", graph.inputs.size(), graph.outputs.size()),
               .try_this = "export the part between features and scores by itself"});
}

bool ends_in_softmax(const ir::Graph& graph) {
  return !graph.ops.empty() && graph.ops.back().kind == ir::OpKind::softmax;
}

}  // namespace

void adopt_foreign_model(const Project& project, const Run& run) {
  const fs::path file = project.folder / project.model.file;
  ir::Graph graph = convert::read_tflite(file);
  check_one_end_each(graph, file);
  const bool logits = project.model.output == "logits";
  if (logits && ends_in_softmax(graph)) {
    throw Error({.code = "model.output",
                 .what = "the network already ends in SOFTMAX",
                 .where = file.string(),
                 .expected = "[model] output = \"probabilities\"",
                 .found = "output = \"logits\"",
                 .try_this = "set output = \"probabilities\" in [model]"});
  }
  if (logits) append_softmax(graph);
  if (!is_int8(graph)) passes::simplify(graph);
  const Bytes bytes = convert::write_tflite(graph);
  const fs::path kept = is_int8(graph) ? run.int8_model() : run.float_model();
  write_bytes(kept, bytes.data(), bytes.size());
}

}  // namespace edgesmith
