#pragma once
// The device's pipeline, run on the desk over whole recordings, each from the reset state.

#include <cstdint>
#include <functional>
#include <vector>

#include "device/runtime/pipeline.h"
#include "device/runtime/plan_file.h"
#include "host/dataset/recording.h"
#include "host/plan/road_plan.h"

namespace edgesmith {

/// What one window came to; the n-th window of a recording is entry n.
struct DeskWindow {
  std::uint8_t flags = 0;  // guard::Reason bits; 0 = good, and the rest is set
  std::vector<std::int8_t> input, output;
  std::vector<float> scores;
  decision::Outcome outcome = {};
};

/// A plan file opened on the desk, with its memory.
class Desk {
 public:
  /// Error (request) when the runtime refuses the plan.
  explicit Desk(std::vector<std::uint8_t> plan_file);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  std::vector<DeskWindow> run(const dataset::Recording& recording);
  const Plan& plan() const { return loaded_.plan; }

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
