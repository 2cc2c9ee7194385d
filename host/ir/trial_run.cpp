#include "host/ir/trial_run.h"

#include "host/base/error.h"
#include "host/ir/interpreter.h"

namespace edgesmith::ir {
namespace {

constexpr std::int64_t kMaxMultiplies = 20'000'000;  // more is a slow network, not a broken reader

// An upper bound on the multiplications of one run: output elements times what feeds each.
std::int64_t multiplies(const Graph& graph) {
  std::int64_t total = 0;
  for (const Op& op : graph.ops) {
    const std::int64_t outputs = elems(graph.tensor(op.outputs[0]).shape);  // at most 2^24
    const Attributes& a = op.attributes;
    std::int64_t each = std::int64_t{a.filter_h} * a.filter_w + 1;
    if (op.kind == OpKind::mean) each = elems(graph.tensor(op.inputs[0]).shape);
    if (takes_weights(op.kind)) each = elems(graph.tensor(op.inputs[1]).shape);
    total += outputs * each;
    if (total > kMaxMultiplies) break;
  }
  return total;
}

}  // namespace

bool accepts_and_runs(const std::function<Graph()>& read) {
  try {
    const Graph graph = read();
    if (multiplies(graph) > kMaxMultiplies) return true;
    Interpreter interpreter(graph);
    std::vector<std::vector<std::uint8_t>> zeros;
    for (const TensorId id : graph.inputs)
      zeros.emplace_back(tensor_bytes(graph.tensor(id)), 0);
    interpreter.run(zeros);
    return true;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::request) throw;
    return false;
  }
}

}  // namespace edgesmith::ir
