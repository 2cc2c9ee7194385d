#pragma once
// The pipeline: what an application holds. Samples in from an interrupt, events out in the main loop.
//
//   push() -> queue -> [ poll(): guard, condition, window, features, network, decide ] -> event
//
// All memory belongs to the caller (generated code reserves it in .bss). Nothing here allocates, waits or fails.

#include <stdint.h>

#include "device/base/alignment.h"
#include "device/base/sample_fifo.h"
#include "device/runtime/plan.h"
#include "device/runtime/road.h"

namespace edgesmith {

/// What only the driver knows about a sample that it could not deliver.
enum class Fault : uint8_t { bus = 1, timeout = 2, self_check = 3 };

enum class EventReason : uint8_t {
  accepted = 1,  // the best class reached its threshold and the vote
  rejected = 2,  // it did not: the label is the reject class, or what the vote still holds
};

struct Event {
  uint32_t time_us;     // of the last sample of the window that decided
  decision::Emit kind;  // the rule that emitted it
  EventReason reason;
  int32_t label;      // class index, or decision::kNoClass
  float score;        // of that window's best class
  float margin;       // to the second
  uint32_t sequence;  // counts events from 1
};

/// The last window, event or not.
struct LastWindow {
  uint32_t sequence;  // counts windows from 1; 0 = none yet
  uint32_t time_us;
  uint8_t flags;                // guard::Reason bits; 0 = the window is good, and the rest below is set
  int8_t input_min, input_max;  // range of the input tensor
  decision::Outcome outcome;
  Span<const float> scores;                // [classes]
  Span<const int8_t> output;               // network output
  uint32_t features_ticks, network_ticks;  // of the clock given to set_clock()
};

struct Counters {
  uint32_t samples;          // taken from the queue
  uint32_t lost_samples;     // found the queue full
  uint32_t faults;           // push_error()
  uint32_t bad_values;       // not finite or out of range, held
  uint32_t windows;          // complete
  uint32_t flagged_windows;  // of these, decided nothing
  uint32_t events;
  uint32_t suppressed;  // events that a cooldown swallowed
};

struct Memory {
  Span<uint8_t> fifo;  // fifo_bytes()
  RoadMemory road;
  Span<float> scores;       // [classes]
  Span<uint32_t> cooldown;  // [classes]
  Span<int8_t> arena;       // network.arena_bytes, aligned to kArenaAlignment
};
constexpr uint32_t fifo_bytes(const RoadSpec& spec) {
  return spec.fifo_samples * SampleFifo::entry_bytes(spec.channels * sample_format_bytes(spec.format));
}

/// Sends the self-test's samples down `road`, freshly begun, until its first window is complete.
void run_self_test_road(const RoadSpec& spec, const SelfTest& test, Road& road);

class Pipeline {
 public:
  /// Checks plan and memory, runs the self-test, starts empty. `plan` outlives the pipeline. Samples that interrupts
  /// push before it answers ok are not taken.
  Status begin(const Plan& plan, const Memory& memory);

  /// One sample: `channels` values in the sensor's format, laid one after another. Safe in an interrupt; push() and
  /// push_error() must not interrupt each other.
  void push(const void* sample, uint32_t time_us);
  /// A sample that the driver could not deliver. Safe in an interrupt.
  void push_error(Fault fault, uint32_t time_us);

  /// At most one hop of work. The event of that hop, or nullptr; valid until the next poll().
  const Event* poll();

  const LastWindow& last() const {
    return last_;
  }
  Counters counters() const;
  /// Of the plan in force: only after begin() answered ok.
  const Info& info() const {
    return plan_->info;
  }
  const Plan& plan() const {
    return *plan_;
  }

  /// Empty as after begin(), counters too; the rules in force stay. Only while nothing pushes.
  void reset();
  /// Replaces the decision rules and guard limits; config_invalid leaves the old ones in force.
  Status configure(const Config& config);
  /// Clock for LastWindow's timing: any counter that runs forward. nullptr = none.
  void set_clock(uint32_t (*ticks)()) {
    ticks_ = ticks;
  }
  /// Observer for the harness: called with every input tensor before the network runs. nullptr = none.
  void set_input_tap(void (*tap)(Span<const int8_t> input)) {
    input_tap_ = tap;
  }

 private:
  void publish(const Plan* plan);
  void empty();
  Status self_test(const Plan& plan);
  const Event* finish_window(uint32_t time_us);
  uint32_t since_last_window(uint32_t time_us) const;
  void infer();
  void note_input(Span<const int8_t> input);
  const Event* emit();
  uint32_t now() const {
    return ticks_ ? ticks_() : 0;
  }

  const Plan* plan_;
  Config config_;
  Memory memory_;
  SampleFifo fifo_;
  Road road_;
  decision::State decision_;
  LastWindow last_;
  Event event_;
  Counters counters_;
  uint32_t lost_samples_;  // written by the producer only
  uint32_t faults_;        // likewise
  uint32_t (*ticks_)();
  void (*input_tap_)(Span<const int8_t>);
};

/// Size of a Pipeline on a 32-bit core, for the desktop's RAM figures; held true by every firmware build.
constexpr uint32_t kPipelineBytes32 = 340;
static_assert(sizeof(void*) != 4 || sizeof(Pipeline) == kPipelineBytes32, "kPipelineBytes32 is out of date");

}  // namespace edgesmith
