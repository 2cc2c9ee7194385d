#pragma once
// The device's pipeline, run on the desk over whole recordings, each from the reset state.

#include <cstdint>
#include <functional>
#include <vector>

#include "device/runtime/pipeline.h"
#include "device/runtime/plan_file.h"
#include "host/dataset/recording.h"
#include "host/plan/road_plan.h"
#include "host/target/compare.h"

namespace edgesmith {

/// A plan file opened on the desk, with its memory.
class Desk {
 public:
  /// Error (request) when the runtime refuses the plan.
  explicit Desk(std::vector<std::uint8_t> plan_file);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// One trace a window; the n-th window of a recording is entry n. `stretch` is what the traces carry.
  std::vector<WindowTrace> run(const dataset::Recording& recording, std::uint32_t stretch = 0);
  /// Class scores of an output tensor.
  std::vector<float> scores(const std::vector<std::int8_t>& output) const;
  const Plan& plan() const {
    return loaded_.plan;
  }

 private:
  std::vector<std::uint8_t> file_, memory_;
  LoadedPlan loaded_ = {};
  Pipeline pipeline_ = {};
};

/// Streams a recording through the road alone. For every window: its index, its guard flags, its feature vector before
/// normalisation (valid during the call).
using WindowVisitor = std::function<void(std::size_t index, std::uint8_t flags, const std::vector<float>& features)>;
void visit_windows(const RoadPlan& road, const dataset::Recording& recording, const WindowVisitor& visit);

}  // namespace edgesmith
