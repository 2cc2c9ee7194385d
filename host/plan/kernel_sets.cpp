#include "host/plan/kernel_sets.h"

#include "device/kernels/portable/set.h"
#include "device/kernels/reference/set.h"

namespace edgesmith {

const std::vector<const kernels::KernelSet*>& kernel_sets() {
  static const std::vector<const kernels::KernelSet*> sets = {&kernels::reference::kSet, &kernels::portable::kSet};
  return sets;
}

const kernels::KernelSet* find_kernel_set(const std::string& name) {
  for (const kernels::KernelSet* set : kernel_sets()) {
    if (set->name == name) return set;
  }
  return nullptr;
}

Status open_plan_on_desk(Span<const std::uint8_t> bytes, LoadedPlan& loaded) {
  Status status = Status::plan_foreign_target;
  for (const kernels::KernelSet* set : kernel_sets()) {
    status = open_plan(bytes, *set, loaded);
    if (status != Status::plan_foreign_target) break;
  }
  return status;
}

}  // namespace edgesmith
