#pragma once
// The kernel sets that the desk can run: each beside the others in one program.

#include <string>
#include <vector>

#include "device/runtime/plan_file.h"

namespace edgesmith {

/// Reference first.
const std::vector<const kernels::KernelSet*>& kernel_sets();

/// Null when there is none of this name.
const kernels::KernelSet* find_kernel_set(const std::string& name);

/// open_plan() with the kernel set that the plan was compiled for.
Status open_plan_on_desk(Span<const std::uint8_t> bytes, LoadedPlan& loaded);

}  // namespace edgesmith
