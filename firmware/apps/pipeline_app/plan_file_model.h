#pragma once
// The plan file back end behind the interface of a generated pipeline: begin() without arguments, all memory its own.
// The build defines EDGESMITH_PLAN_MEMORY_BYTES (edgesmith::memory_bytes() of this plan), EDGESMITH_KERNELS (a
// namespace in edgesmith::kernels, whose set.h it includes) and the two symbols below.

#include "device/runtime/pipeline.h"
#include "device/runtime/plan_file.h"

extern "C" const uint8_t edgesmith_plan[];  // aligned to 16
extern "C" const uint32_t edgesmith_plan_bytes;

namespace app {

class PlanFilePipeline : public edgesmith::Pipeline {
 public:
  edgesmith::Status begin() {
    edgesmith::Memory memory;
    edgesmith::Status status = edgesmith::open_plan({edgesmith_plan, edgesmith_plan_bytes},
                                                    edgesmith::kernels::EDGESMITH_KERNELS::kSet, loaded_);
    if (status == edgesmith::Status::ok) status = divide_memory(loaded_.plan, edgesmith::span_of(block_), memory);
    if (status == edgesmith::Status::ok) status = Pipeline::begin(loaded_.plan, memory);
    return status;
  }

 private:
  edgesmith::LoadedPlan loaded_;
  alignas(16) uint8_t block_[EDGESMITH_PLAN_MEMORY_BYTES];
};

}  // namespace app
