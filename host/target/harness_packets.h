#pragma once
// Between packets and what they mean on the desk; shared by the line and the bulk way of running the harness.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "device/link/packet.h"
#include "host/target/harness.h"

namespace edgesmith {

/// One packet as the bytes of its frame.
Bytes make_frame(link::Command command, std::uint16_t sequence, std::span<const std::uint8_t> payload);

/// Payload of a command with samples [from, from + count) of a stretch.
Bytes samples_payload(const Stretch& stretch, std::uint32_t from, std::uint32_t count);

/// Samples that fit into one command; at least one. Throws Error "harness.refused" when not even one does.
std::uint32_t samples_per_packet(const Stretch& stretch, std::uint32_t payload_bytes_max);

/// The stretch with the planted bit turned over.
Stretch with_fault(const Stretch& stretch, std::size_t index, const PlantedFaults& faults);

/// Puts answers together: an input tensor and a window report become one WindowTrace.
class AnswerReader {
 public:
  /// Answers that belong to this stretch come next. Half a window from before is forgotten.
  void begin_stretch(std::uint32_t stretch);
  /// Throws Error "harness.refused" when a record has another size than its type says.
  void take(const link::Packet& packet, HarnessRun& run);

 private:
  std::uint32_t stretch_ = 0;
  std::vector<std::int8_t> input_;
};

/// Throws Error (unavailable, "harness.refused") with the device's reason.
void check_ack(const link::AckRecord& ack, const std::string& doing);

[[noreturn]] void harness_error(const std::string& code, const std::string& what, const std::string& try_this);

}  // namespace edgesmith
