#pragma once
// The harness's end on the device: executes the commands of link/messages.h on a pipeline and reports every window.

#include <stdint.h>

#include "device/link/messages.h"
#include "device/link/packet.h"
#include "device/runtime/pipeline.h"

namespace edgesmith {

/// What the harness reports of the board that it runs on.
struct HarnessBoard {
  const char* name;
  uint32_t clock_hz;  // of the pipeline's clock; 0 = none
  uint32_t ram_bytes;
  uint32_t stack_bytes;
  uint32_t (*stack_used_bytes)();
  void (*take_over)(bool harness_runs);  // stops and restarts the application's own sampling
};

/// Largest payload of a command. 1 KB keeps the buffer small and the line busy.
constexpr uint32_t kHarnessPayloadBytes = 1024;

/// Exactly one may exist: the pipeline's input tap carries no context.
class Harness {
 public:
  /// `begun` is what Pipeline::begin() answered; unless ok, the harness reports it and refuses samples.
  void begin(Pipeline& pipeline, Status begun, const HarnessBoard& board, link::ByteSink sink);

  /// One byte from the host. Runs the command that it completes; the answers leave through the sink.
  void receive(uint8_t byte);

  /// Between hello and bye: the pipeline belongs to the harness.
  bool active() const {
    return active_;
  }

 private:
  void handle(const link::Packet& packet);
  Status execute(const link::Packet& packet);
  Status hello(Span<const uint8_t> payload);
  Status reset();
  Status samples(Span<const uint8_t> payload);
  Status threshold(Span<const uint8_t> payload);
  Status status();
  Status bye();
  void fill_model(link::InfoRecord& info) const;
  void report_input(Span<const int8_t> input);
  void report_window(const Event* event);
  template <typename Record>
  void answer(link::Answer type, const Record& record, Span<const uint8_t> tail = {nullptr, 0});
  static void tap(Span<const int8_t> input);

  Pipeline* pipeline_;
  const HarnessBoard* board_;
  link::PacketReader reader_;
  link::PacketWriter writer_;
  uint32_t reported_window_;
  uint16_t sequence_;  // of the command under way
  uint16_t answers_;   // sent for it
  Status begun_, last_status_;
  bool active_;
  decision::ClassRule rules_[decision::kMaxClasses];
  uint8_t buffer_[kHarnessPayloadBytes + link::kOverheadBytes];
};

}  // namespace edgesmith
