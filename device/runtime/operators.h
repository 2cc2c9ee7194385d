#pragma once
// Dispatch of a plan's operators to the kernel set of this build.

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/kernels/reference/kernels.h"
#include "device/plan/format.h"

namespace edgesmith {

/// plan_malformed unless the operator is known and stays inside its tensors.
Status check_operator(const plan::ContractOp& op, const kernels::Weights& weights);

/// Runs an operator that check_operator() found good.
void run_operator(const plan::ContractOp& op, const kernels::Weights& weights, Span<const int8_t> input,
                  Span<int8_t> output);

}  // namespace edgesmith
