#include "host/workflow/desk.h"

#include "host/base/error.h"
#include "host/workflow/sample_bytes.h"
#include "host/workflow/status_text.h"

namespace edgesmith {
namespace {

// The tap is a plain function pointer on the device; one desk runs at a time on each thread.
thread_local std::vector<std::int8_t>* tapped_input = nullptr;

void keep_input(Span<const std::int8_t> input) {
  tapped_input->assign(input.begin(), input.end());
}

DeskWindow window_of(const LastWindow& last, const std::vector<std::int8_t>& input) {
  DeskWindow window;
  window.flags = last.flags;
  if (last.flags != 0) return window;
  window.input = input;
  window.output.assign(last.output.begin(), last.output.end());
  window.scores.assign(last.scores.begin(), last.scores.end());
  window.outcome = last.outcome;
  return window;
}

}  // namespace

Desk::Desk(std::vector<std::uint8_t> plan_file) : file_(std::move(plan_file)) {
  Status status = open_plan({file_.data(), file_.size()}, loaded_);
  Memory memory = {};
  if (status == Status::ok) {
    memory_.resize(memory_bytes(loaded_.plan));
    status = divide_memory(loaded_.plan, {memory_.data(), memory_.size()}, memory);
  }
  if (status == Status::ok) status = pipeline_.begin(loaded_.plan, memory);
  if (status == Status::ok) return;
  throw Error({.code = "plan.refused", .what = "the runtime refuses the plan", .found = status_text(status),
               .try_this = "compile it again: edgesmith compile --emit plan"});
}

std::vector<DeskWindow> Desk::run(const dataset::Recording& recording) {
  const RoadSpec& road = loaded_.plan.road;
  const std::vector<std::uint8_t> bytes = sample_bytes(recording, road.format);
  const std::size_t step = road.channels * sample_format_bytes(road.format);
  std::vector<std::int8_t> input;
  std::vector<DeskWindow> windows;
  tapped_input = &input;
  pipeline_.set_input_tap(keep_input);
  pipeline_.reset();
  for (std::int64_t i = 0; i < recording.length_samples(); ++i) {
    pipeline_.push(bytes.data() + static_cast<std::size_t>(i) * step, sample_time_us(i, recording.rate_hz));
    pipeline_.poll();
    if (pipeline_.last().sequence > windows.size()) windows.push_back(window_of(pipeline_.last(), input));
  }
  pipeline_.set_input_tap(nullptr);
  return windows;
}

void visit_windows(const RoadPlan& plan, const dataset::Recording& recording, const WindowVisitor& visit) {
  const RoadSpec spec = plan.spec();
  const std::vector<std::uint8_t> bytes = sample_bytes(recording, spec.format);
  const std::size_t step = spec.channels * sample_format_bytes(spec.format);
  std::vector<float> ring(road_ring_floats(spec)), state(road_state_floats(spec)), features(plan.feature_elems());
  Road road = {};
  road.begin(spec, {{ring.data(), ring.size()}, {state.data(), state.size()}});
  const Span<const guard::Range> ranges = {plan.ranges.data(), plan.ranges.size()};
  std::size_t index = 0;
  for (std::int64_t i = 0; i < recording.length_samples(); ++i) {
    if (!road.add(bytes.data() + static_cast<std::size_t>(i) * step, ranges)) continue;
    road.features({features.data(), features.size()});
    visit(index++, road.flags(), features);
  }
}

}  // namespace edgesmith
