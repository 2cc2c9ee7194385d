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

Pass with(bool (*pass)(ir::Graph&, Rounding), Rounding rounding) {
  return [pass, rounding](ir::Graph& graph) { return pass(graph, rounding); };
}

/// Those that make nothing which a file could not say.
std::vector<Pass> for_files(Rounding rounding) {
  return {with(fold_constants, rounding), remove_dead_ops, remove_identities, fold_batch_norm, fuse_activation};
}

void finish(ir::Graph& graph) {
  drop_unused_tensors(graph);
  ir::verify(graph);
}

}  // namespace

void simplify(ir::Graph& graph) {
  ir::verify(graph);
  run_until_settled(graph, for_files(Rounding::tflm_double));
  finish(graph);
}

void run_passes(ir::Graph& graph, Rounding rounding) {
  ir::verify(graph);
  std::vector<Pass> passes = for_files(rounding);
  passes.insert(passes.end(), {with(cancel_quantize, rounding), sink_transposes, fold_pad});
  run_until_settled(graph, passes);
  passes.push_back(with(make_lookups, rounding));  // only now: RELU and the like could still have been fused
  run_until_settled(graph, passes);
  run_once(graph, {fuse_residual_add, fold_zero_point});
  finish(graph);
}

}  // namespace edgesmith::passes
