#include <functional>
#include <vector>

#include "host/ir/verifier.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

using Pass = std::function<bool(ir::Graph&)>;

bool run_once(ir::Graph& graph, const std::vector<Pass>& passes) {
  bool changed = false;
  for (const Pass& pass : passes) {
    changed = pass(graph) || changed;
    ir::verify(graph);
  }
  return changed;
}

/// Until no pass finds anything. Each time round takes an operator away or moves one on its way out; the bound is for a
/// pair of passes that would undo each other, and stopping there leaves a sound network as well.
void run_until_settled(ir::Graph& graph, const std::vector<Pass>& passes) {
  constexpr int kRoundsMax = 100;
  for (int round = 0; round < kRoundsMax && run_once(graph, passes); ++round) {
  }
}

void finish(ir::Graph& graph) {
  drop_unused_tensors(graph);
  ir::verify(graph);
}

}  // namespace

void simplify(ir::Graph& graph) {
  ir::verify(graph);
  run_until_settled(graph, {fold_batch_norm, fuse_activation});
  finish(graph);
}

void run_passes(ir::Graph& graph, Rounding) {
  simplify(graph);
  run_once(graph, {fuse_residual_add, fold_zero_point});
  finish(graph);
}

}  // namespace edgesmith::passes
