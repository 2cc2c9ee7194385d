#pragma once
// The known answer that begin() checks on every start.

#include "host/plan/compiled_plan.h"

namespace edgesmith {

/// Fills the plan's self-test from its road and network. Of 64 seeds the one is taken whose second best class scores
/// highest: an undecided answer moves when a weight does, a saturated one hides it.
void add_self_test(CompiledPlan& plan);

/// The same for a bare network: its input tensors are noise, its answer is the bytes of all outputs.
void add_network_self_test(CompiledPlan& plan);

}  // namespace edgesmith
