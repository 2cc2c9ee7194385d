// Input is untrusted: records are read through read_record(), which checks their size.
#include "host/target/harness_packets.h"

#include <fmt/format.h>

#include <cstring>

#include "host/base/error.h"
#include "host/target/status_text.h"

namespace edgesmith {
namespace {

void append(void* context, Span<const std::uint8_t> bytes) {
  auto& frame = *static_cast<Bytes*>(context);
  frame.insert(frame.end(), bytes.begin(), bytes.end());
}

template <typename Record>
Span<const std::uint8_t> read(const link::Packet& packet, Record& record) {
  Span<const std::uint8_t> tail = {nullptr, 0};
  if (link::read_record(packet.payload, record, tail)) return tail;
  harness_error("harness.refused", fmt::format("an answer of type {:#x} is too short", packet.type),
                "build tool and firmware from the same source");
}

std::vector<std::int8_t> tensor(Span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const std::int8_t*>(bytes.begin()), reinterpret_cast<const std::int8_t*>(bytes.end())};
}

/// A text field that may lack its closing zero.
template <std::size_t N>
std::string text(const char (&field)[N]) {
  return {field, strnlen(field, N)};
}

DeviceInfo info_of(const link::InfoRecord& record) {
  DeviceInfo info;
  info.begun = static_cast<Status>(record.begun);
  info.name = text(record.name);
  info.version = text(record.version);
  info.board = text(record.board);
  for (std::uint8_t byte : record.plan_id)
    info.plan_id += fmt::format("{:02x}", byte);
  info.record = record;
  return info;
}

WindowTrace trace_of(const link::WindowRecord& record) {
  WindowTrace trace;
  trace.window = record.window;
  trace.time_us = record.time_us;
  trace.flags = record.flags;
  trace.outcome.best = record.best;
  trace.outcome.score = record.score;
  trace.outcome.margin = record.margin;
  trace.outcome.candidate = record.candidate;
  trace.outcome.current = record.current;
  trace.outcome.emitted = record.emitted;
  trace.outcome.suppressed = record.suppressed;
  trace.event_kind = record.event_kind;
  trace.event_reason = record.event_reason;
  trace.features_ticks = record.features_ticks;
  trace.network_ticks = record.network_ticks;
  return trace;
}

}  // namespace

void harness_error(const std::string& code, const std::string& what, const std::string& try_this) {
  throw Error{ErrorKind::unavailable,
              {.code = code, .what = what, .where = {}, .expected = {}, .found = {}, .try_this = try_this}};
}

Bytes make_frame(link::Command command, std::uint16_t sequence, std::span<const std::uint8_t> payload) {
  Bytes frame;
  link::PacketWriter writer;
  writer.begin({append, &frame});
  writer.start(command, sequence);
  writer.add({payload.data(), payload.size()});
  writer.finish();
  return frame;
}

std::uint32_t samples_per_packet(const Stretch& stretch, std::uint32_t payload_bytes_max) {
  const std::size_t bytes = stretch.count == 0 ? 0 : stretch.samples.size() / stretch.count;
  const std::size_t room =
      payload_bytes_max < sizeof(link::SamplesHead) ? 0 : payload_bytes_max - sizeof(link::SamplesHead);
  if (bytes == 0 || room < bytes) {
    harness_error("harness.refused", fmt::format("samples of {} bytes for packets with room for {}", bytes, room),
                  "build tool and firmware from the same source");
  }
  return static_cast<std::uint32_t>(room / bytes);
}

Bytes samples_payload(const Stretch& stretch, std::uint32_t from, std::uint32_t count) {
  const std::size_t bytes = stretch.samples.size() / stretch.count;
  const link::SamplesHead head = {from, count};
  Bytes payload(sizeof head + count * bytes);
  std::memcpy(payload.data(), &head, sizeof head);
  std::memcpy(payload.data() + sizeof head, stretch.samples.data() + from * bytes, count * bytes);
  return payload;
}

Stretch with_fault(const Stretch& stretch, std::size_t index, const PlantedFaults& faults) {
  Stretch changed = stretch;
  if (!faults.sample_bit || faults.sample_bit->stretch != index) return changed;
  const std::size_t bit = faults.sample_bit->bit;
  changed.samples.at(bit / 8) = static_cast<std::uint8_t>(changed.samples.at(bit / 8) ^ (1u << (bit % 8)));
  return changed;
}

void AnswerReader::begin_stretch(std::uint32_t stretch) {
  stretch_ = stretch;
  input_.clear();
}

void AnswerReader::take(const link::Packet& packet, HarnessRun& run) {
  if (packet.type == link::kInfo) {
    link::InfoRecord record;
    read(packet, record);
    run.info = info_of(record);
  } else if (packet.type == link::kInput) {
    link::InputHead head;
    input_ = tensor(read(packet, head));
  } else if (packet.type == link::kWindow) {
    link::WindowRecord record;
    const Span<const std::uint8_t> output = read(packet, record);
    WindowTrace trace = trace_of(record);
    trace.stretch = stretch_;
    trace.input = std::move(input_);
    trace.output = tensor(output);
    input_.clear();
    run.windows.push_back(std::move(trace));
  } else if (packet.type == link::kStatusReport) {
    read(packet, run.status);
  }
}

void check_ack(const link::AckRecord& ack, const std::string& doing) {
  const Status status = static_cast<Status>(ack.status);
  if (status == Status::ok) return;
  harness_error("harness.refused", fmt::format("the device refused to {}: {}", doing, status_text(status)),
                "build tool and firmware from the same source");
}

}  // namespace edgesmith
