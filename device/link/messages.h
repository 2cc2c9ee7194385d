#pragma once
// What the packets of the harness say. Every record is plain little-endian data without padding, copied as it lies.
//
// The host commands, the device answers. One command is under way at a time: the host sends the next one when it holds
// the acknowledgement of the last, so the device receives while it is idle and computes while the line is quiet. That
// is the whole flow control (a credit of one packet), and it keeps interrupts out of the instruction counts.
//
//   host -> device                         device -> host
//   hello     Hello                        info         InfoRecord, then the acknowledgement
//   reset     (empty)                      acknowledge  AckRecord
//   samples   SamplesHead, samples         input        InputHead, int8 input tensor   } for every window that a
//   threshold ThresholdRecord              window       WindowRecord, int8 output      } sample completed
//   status    (empty)                      status       StatusRecord, then the acknowledgement
//   bye       (empty)
//
// Answers carry the sequence number of their command. A command whose sequence number is that of the last one is a
// repetition (its acknowledgement was lost): it is acknowledged and not executed again. The acknowledgement counts the
// answers, so that the host notices when one was lost on the way; it then resets and sends the recording anew.

#include <stdint.h>
#include <string.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace link {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are copied as they lie");

constexpr uint16_t kLinkVersion = 1;
constexpr uint16_t kNoSequence = 0;  // sequence numbers of commands go from 1 to 65535 and round

enum Command : uint8_t { kHello = 1, kReset = 2, kSamples = 3, kThreshold = 4, kStatus = 5, kBye = 6 };
enum Answer : uint8_t { kAck = 0x81, kInfo = 0x82, kInput = 0x83, kWindow = 0x84, kStatusReport = 0x85 };

struct Hello {
  uint16_t link_version;
  uint16_t reserved;
};
static_assert(sizeof(Hello) == 4, "a link format");

/// Who answers, what it takes and what it gives.
struct InfoRecord {
  uint16_t link_version;
  uint8_t begun;          // Status of Pipeline::begin(); unless ok, everything about the model is zero
  uint8_t sample_format;  // SampleFormat
  uint32_t channels;
  uint32_t window_samples;
  uint32_t hop_samples;
  uint32_t hop_us;
  uint32_t classes;
  uint32_t input_elems, output_elems;
  float input_scale;
  int32_t input_zero_point;
  float output_scale;
  int32_t output_zero_point;
  uint32_t clock_hz;           // of the ticks in WindowRecord; 0 = no clock
  uint32_t ram_bytes;          // .data and .bss
  uint32_t stack_bytes;        // reserved beside them
  uint32_t payload_bytes_max;  // of a command
  uint8_t plan_id[32];
  char name[32];  // zero-ended, as the next two
  char version[16];
  char board[16];
};
static_assert(sizeof(InfoRecord) == 160, "a link format");

/// Behind it: `count` samples in the sensor's format. The first one is number `first_sample` since the reset: the time
/// of number n is n sample periods.
struct SamplesHead {
  uint32_t first_sample;
  uint32_t count;
};
static_assert(sizeof(SamplesHead) == 8, "a link format");

/// Replaces one class's threshold until the next begin(); the desktop's way to plant a DECISION fault.
struct ThresholdRecord {
  uint32_t class_index;
  float threshold;
};
static_assert(sizeof(ThresholdRecord) == 8, "a link format");

/// After all other answers to a command.
struct AckRecord {
  uint8_t status;    // Status
  uint8_t command;   // 0 = a packet that was damaged: send the last one again
  uint16_t answers;  // sent before this one
};
static_assert(sizeof(AckRecord) == 4, "a link format");

/// Behind it: the input tensor as the network found it.
struct InputHead {
  uint32_t window;  // WindowRecord::window
};
static_assert(sizeof(InputHead) == 4, "a link format");

/// Behind it, unless the window is flagged: the output tensor.
struct WindowRecord {
  uint32_t window;  // counts from 1 after a reset
  uint32_t time_us;
  uint8_t flags;  // guard::Reason bits; when set, all below is zero
  uint8_t emitted;
  uint8_t suppressed;
  uint8_t event_kind;    // decision::Emit; 0 = no event
  uint8_t event_reason;  // EventReason
  uint8_t reserved[3];
  int32_t best;
  float score;
  float margin;
  int32_t candidate;
  int32_t current;
  uint32_t features_ticks;
  uint32_t network_ticks;
};
static_assert(sizeof(WindowRecord) == 44, "a link format");

struct StatusRecord {
  uint32_t samples, lost_samples, faults, bad_values, windows, flagged_windows, events, suppressed;  // Counters
  uint32_t stack_used_bytes;  // deepest so far, interrupts included
};
static_assert(sizeof(StatusRecord) == 36, "a link format");

/// The record at the start of `payload`; false when it is shorter. `tail` = what follows. Input is untrusted.
template <typename Record>
bool read_record(Span<const uint8_t> payload, Record& record, Span<const uint8_t>& tail) {
  if (payload.size() < sizeof record) return false;
  memcpy(&record, payload.data, sizeof record);
  tail = payload.subspan(sizeof record, payload.size() - sizeof record);
  return true;
}

}  // namespace link
}  // namespace edgesmith
