#include "host/ir/verifier.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {

void run_passes(ir::Graph& graph) {
  ir::verify(graph);
  for (const auto pass : {fold_batch_norm, fuse_activation, drop_unused_tensors}) {
    pass(graph);
    ir::verify(graph);
  }
}

}  // namespace edgesmith::passes
