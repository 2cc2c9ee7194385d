#include "host/layout/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/ir/text.h"
#include "host/layout/search.h"

namespace edgesmith::layout {
namespace {

Bound bound_of(const Model& model, const Peak& peak) {
  Bound bound{static_cast<std::size_t>(peak.bytes), peak.step, {}, peak.exact};
  for (const int buffer : peak.alive)
    bound.tensors.push_back(model.buffers[static_cast<std::size_t>(buffer)].tensor);
  return bound;
}

std::size_t offset_of(const Placement& placement, std::size_t block) {
  return static_cast<std::size_t>(placement.offsets[block]);
}

// What the first output and the inputs whose bytes it shares ask of the operator.
Walk walk_of(const ir::Graph& graph, const Options& options, const Layout& layout, const ir::Op& op) {
  struct Range {
    std::ptrdiff_t begin, end;
  };
  const auto range = [&](ir::TensorId id) {
    const auto begin = static_cast<std::ptrdiff_t>(layout.offsets[static_cast<std::size_t>(id)]);
    return Range{begin, begin + static_cast<std::ptrdiff_t>(ir::tensor_bytes(graph.tensor(id)))};
  };
  if (op.kind == ir::OpKind::reshape || !options.overlap) return Walk::any;
  const Range output = range(op.outputs[0]);
  Walk walk = Walk::any;
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    if (op.inputs[k] == ir::kNoTensor || graph.tensor(op.inputs[k]).constant()) continue;
    const Range input = range(op.inputs[k]);
    if (input.end <= output.begin || output.end <= input.begin) continue;
    const Overlap overlap = options.overlap(op, k);
    const bool forwards = overlap.forwards && input.begin - output.begin >= *overlap.forwards;
    if (!forwards) return Walk::backwards;
    walk = Walk::forwards;
  }
  return walk;
}

}  // namespace

Layout plan_arena(const ir::Graph& graph, const Options& options) {
  const Model model = make_model(graph, options);
  const Peak shared = least_peak(model, Counting::shared);
  const bool scratch =
      std::any_of(model.steps.begin(), model.steps.end(), [](const Step& step) { return step.scratch != 0; });
  const Peak whole = scratch ? least_peak(model, Counting::shared_and_scratch) : shared;
  const Found found = search(model, whole, options.reorder);
  Layout layout;
  layout.arena_bytes = static_cast<std::size_t>(found.placement.height);
  layout.order = found.order;
  layout.optimal = found.placement.proven;
  for (const int buffer : model.buffer_of)
    layout.offsets.push_back(buffer < 0 ? kNoOffset : offset_of(found.placement, static_cast<std::size_t>(buffer)));
  std::size_t block = model.buffers.size();  // as blocks_of numbers them
  for (const Step& step : model.steps)
    layout.scratch_offsets.push_back(step.scratch == 0 ? kNoOffset : offset_of(found.placement, block++));
  for (const ir::Op& op : graph.ops)
    layout.walks.push_back(walk_of(graph, options, layout, op));
  layout.lower_bound = bound_of(model, least_peak(model, Counting::apart));
  layout.lower_bound_inplace = bound_of(model, shared);
  return layout;
}

ir::Graph reorder(ir::Graph graph, const std::vector<std::size_t>& order) {
  std::vector<ir::Op> ops;
  for (const std::size_t i : order)
    ops.push_back(std::move(graph.ops[i]));
  graph.ops = std::move(ops);
  return graph;
}

std::string bound_text(const ir::Graph& graph, const Bound& bound) {
  std::string text = fmt::format("{} bytes", bound.bytes);
  if (bound.op == kNoOp) {
    text += " at the network's ends";
  } else {
    const ir::Op& op = graph.ops[static_cast<std::size_t>(bound.op)];
    text += op.name.empty() ? fmt::format(" at {}", ir::op_name(op.kind))
                            : fmt::format(" at '{}' ({})", ir::short_name(op.name), ir::op_name(op.kind));
  }
  const char* separator = ": ";
  for (const ir::TensorId id : bound.tensors) {
    text +=
        fmt::format("{}{} {}", separator, ir::short_name(graph.tensor(id).name), ir::tensor_bytes(graph.tensor(id)));
    separator = ", ";
  }
  return text;
}

}  // namespace edgesmith::layout
