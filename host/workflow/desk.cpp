#include "host/workflow/desk.h"

#include "host/base/error.h"
#include "host/plan/kernel_sets.h"
#include "host/target/status_text.h"
#include "host/workflow/sample_bytes.h"

namespace edgesmith {
namespace {

// The tap is a plain function pointer on the device; one desk runs at a time on each thread.
thread_local std::vector<std::int8_t>* tapped_input = nullptr;

void keep_input(Span<const std::int8_t> input) {
  tapped_input->assign(input.begin(), input.end());
}

WindowTrace trace_of(const LastWindow& last, const Event* event, const std::vector<std::int8_t>& input) {
  WindowTrace trace;
  trace.window = last.sequence;
  trace.time_us = last.time_us;
  trace.flags = last.flags;
  if (last.flags != 0) return trace;
  trace.input = input;
  trace.output.assign(last.output.begin(), last.output.end());
  trace.outcome = last.outcome;
  if (event != nullptr) trace.event_kind = static_cast<std::uint8_t>(event->kind);
  if (event != nullptr) trace.event_reason = static_cast<std::uint8_t>(event->reason);
  return trace;
}

}  // namespace

Desk::Desk(std::vector<std::uint8_t> plan_file) : file_(std::move(plan_file)) {
  Status status = open_plan_on_desk({file_.data(), file_.size()}, loaded_);
  Memory memory = {};
  if (status == Status::ok) {
    memory_.resize(memory_bytes(loaded_.plan));
    status = divide_memory(loaded_.plan, {memory_.data(), memory_.size()}, memory);
  }
  if (status == Status::ok) status = pipeline_.begin(loaded_.plan, memory);
  if (status == Status::ok) return;
  throw Error({.code = "plan.refused",
               .what = "the runtime refuses the plan",
               .found = status_text(status),
               .try_this = "compile it again: edgesmith compile --emit plan"});
}

std::vector<WindowTrace> Desk::run(const dataset::Recording& recording, std::uint32_t stretch) {
  const RoadSpec& road = loaded_.plan.road;
  const std::vector<std::uint8_t> bytes = sample_bytes(recording, road.format);
  const std::size_t step = road.channels * sample_format_bytes(road.format);
  std::vector<std::int8_t> input;
  std::vector<WindowTrace> traces;
  tapped_input = &input;
  pipeline_.set_input_tap(keep_input);
  pipeline_.reset();
  for (std::int64_t i = 0; i < recording.length_samples(); ++i) {
    pipeline_.push(bytes.data() + static_cast<std::size_t>(i) * step, sample_time_us(loaded_.plan.road, i));
    const Event* event = pipeline_.poll();
    if (pipeline_.last().sequence == traces.size()) continue;
    traces.push_back(trace_of(pipeline_.last(), event, input));
    traces.back().stretch = stretch;
  }
  pipeline_.set_input_tap(nullptr);
  return traces;
}

std::vector<float> Desk::scores(const std::vector<std::int8_t>& output) const {
  const QuantParams& quant = loaded_.plan.network.output;
  std::vector<float> scores;
  for (std::int8_t q : output)
    scores.push_back(static_cast<float>(q - quant.zero_point) * quant.scale);
  return scores;
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
