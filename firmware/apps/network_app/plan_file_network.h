#pragma once
// The network of a plan file, as network_app sees it. The build defines EDGESMITH_ARENA_BYTES,
// EDGESMITH_KERNELS (a namespace in edgesmith::kernels) and the two symbols below.

#include "device/runtime/arena_guard.h"
#include "device/runtime/network_file.h"

extern "C" const uint8_t edgesmith_plan[];  // aligned to 16
extern "C" const uint32_t edgesmith_plan_bytes;
extern "C" void edgesmith_after_operator(uint32_t index, const void* output, uint32_t bytes);

namespace app {

class PlanFileNetwork {
 public:
  edgesmith::Status begin() {
    paint_guards(edgesmith::span_of(memory_));
    const edgesmith::Status status = edgesmith::open_network({edgesmith_plan, edgesmith_plan_bytes},
                                                             edgesmith::kernels::EDGESMITH_KERNELS::kSet, network_);
    return status == edgesmith::Status::ok ? run_self_test(network_, reinterpret_cast<int8_t*>(arena())) : status;
  }
  uint32_t inputs() const {
    return network_.input_count;
  }
  uint32_t outputs() const {
    return network_.output_count;
  }
  edgesmith::Span<uint8_t> input(uint32_t i) {
    return {arena() + network_.inputs[i].offset, network_.inputs[i].bytes};
  }
  edgesmith::Span<const uint8_t> output(uint32_t i) {
    return {arena() + network_.outputs[i].offset, network_.outputs[i].bytes};
  }
  void run() {
    const edgesmith::Program& program = network_.program;
    for (uint32_t i = 0; i < program.ops.size(); ++i) {
      run_operator(program, i, reinterpret_cast<int8_t*>(arena()));
      edgesmith_after_operator(i, arena() + program.places[i].output_offset, program.ops[i].output_bytes);
    }
  }
  bool intact() const {
    return edgesmith::guards_intact(edgesmith::span_of(memory_));
  }

 private:
  uint8_t* arena() {
    return memory_ + edgesmith::kGuardBytes;
  }

  edgesmith::LoadedNetwork network_;
  alignas(16) uint8_t memory_[edgesmith::kGuardBytes + EDGESMITH_ARENA_BYTES + edgesmith::kGuardBytes];
};

}  // namespace app
