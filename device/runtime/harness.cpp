// Input is untrusted: every packet's size is checked against what it says it holds.
#include "device/runtime/harness.h"

namespace edgesmith {
namespace {

Harness* tapped = nullptr;

/// At most `capacity` - 1 characters of `text`, then zeros.
void copy_text(char* to, size_t capacity, const char* text) {
  memset(to, 0, capacity);
  for (size_t i = 0; i + 1 < capacity && text[i] != 0; ++i)
    to[i] = text[i];
}

Span<const uint8_t> as_bytes(Span<const int8_t> values) {
  return {reinterpret_cast<const uint8_t*>(values.data), values.size()};
}

}  // namespace

void Harness::begin(Pipeline& pipeline, Status begun, const HarnessBoard& board, link::ByteSink sink) {
  pipeline_ = &pipeline;
  board_ = &board;
  begun_ = begun;
  last_status_ = Status::ok;
  active_ = false;
  reported_window_ = 0;
  sequence_ = link::kNoSequence;
  answers_ = 0;
  reader_.begin(span_of(buffer_));
  writer_.begin(sink);
}

void Harness::receive(uint8_t byte) {
  switch (reader_.receive(byte)) {
    case link::PacketReader::Event::none:
      return;
    case link::PacketReader::Event::packet:
      handle(reader_.packet());
      return;
    case link::PacketReader::Event::damaged: {
      if (!active_) return;  // not our conversation yet
      const link::AckRecord again = {static_cast<uint8_t>(reader_.status()), 0, 0};
      writer_.send(link::kAck, link::kNoSequence, again);
      return;
    }
  }
}

void Harness::handle(const link::Packet& packet) {
  const bool is_hello = packet.type == link::kHello;
  if (!active_ && !is_hello) return;
  const bool repeated = packet.sequence == sequence_ && !is_hello;
  if (!repeated) {
    sequence_ = packet.sequence;
    answers_ = 0;
    last_status_ = execute(packet);
  }
  const link::AckRecord ack = {static_cast<uint8_t>(last_status_), packet.type, answers_};
  writer_.send(link::kAck, packet.sequence, ack);
}

Status Harness::execute(const link::Packet& packet) {
  switch (packet.type) {
    case link::kHello:
      return hello(packet.payload);
    case link::kReset:
      return reset();
    case link::kSamples:
      return samples(packet.payload);
    case link::kThreshold:
      return threshold(packet.payload);
    case link::kStatus:
      return status();
    case link::kBye:
      return bye();
  }
  return Status::unsupported;
}

template <typename Record>
void Harness::answer(link::Answer type, const Record& record, Span<const uint8_t> tail) {
  writer_.send(type, sequence_, record, tail);
  ++answers_;
}

Status Harness::hello(Span<const uint8_t> payload) {
  link::Hello hello;
  Span<const uint8_t> tail = {nullptr, 0};
  if (!link::read_record(payload, hello, tail)) return Status::link_malformed;
  if (!active_ && board_->take_over) board_->take_over(true);
  active_ = true;
  tapped = this;
  link::InfoRecord info;
  memset(&info, 0, sizeof info);
  info.link_version = link::kLinkVersion;
  info.begun = static_cast<uint8_t>(begun_);
  info.clock_hz = board_->clock_hz;
  info.ram_bytes = board_->ram_bytes;
  info.stack_bytes = board_->stack_bytes;
  info.payload_bytes_max = kHarnessPayloadBytes;
  copy_text(info.board, sizeof info.board, board_->name);
  if (begun_ == Status::ok) fill_model(info);
  answer(link::kInfo, info);
  if (begun_ == Status::ok) reset();
  return hello.link_version == link::kLinkVersion ? Status::ok : Status::unsupported;
}

void Harness::fill_model(link::InfoRecord& info) const {
  const Plan& plan = pipeline_->plan();
  info.sample_format = static_cast<uint8_t>(plan.road.format);
  info.channels = plan.road.channels;
  info.window_samples = plan.road.window_samples;
  info.hop_samples = plan.road.hop_samples;
  info.hop_us = plan.road.hop_us;
  info.classes = plan.info.classes;
  info.input_elems = plan.network.input_elems;
  info.output_elems = plan.network.output_elems;
  info.input_scale = plan.network.input.scale;
  info.input_zero_point = plan.network.input.zero_point;
  info.output_scale = plan.network.output.scale;
  info.output_zero_point = plan.network.output.zero_point;
  memcpy(info.plan_id, plan.info.plan_id, sizeof info.plan_id);
  copy_text(info.name, sizeof info.name, plan.info.name);
  copy_text(info.version, sizeof info.version, plan.info.version);
}

Status Harness::reset() {
  if (begun_ != Status::ok) return Status::not_begun;
  pipeline_->set_input_tap(&Harness::tap);
  pipeline_->reset();
  reported_window_ = 0;
  return Status::ok;
}

Status Harness::samples(Span<const uint8_t> payload) {
  if (begun_ != Status::ok) return Status::not_begun;
  link::SamplesHead head;
  Span<const uint8_t> bytes = {nullptr, 0};
  const RoadSpec& road = pipeline_->plan().road;
  const uint32_t sample_bytes = road.channels * sample_format_bytes(road.format);
  if (!link::read_record(payload, head, bytes)) return Status::link_malformed;
  if (head.count > bytes.size() || bytes.size() != size_t{head.count} * sample_bytes) return Status::link_malformed;
  for (uint32_t i = 0; i < head.count; ++i) {
    const uint64_t time_us = (uint64_t{head.first_sample} + i) * road.hop_us / road.hop_samples;
    pipeline_->push(bytes.data + size_t{i} * sample_bytes, static_cast<uint32_t>(time_us));
    const Event* event = pipeline_->poll();
    if (pipeline_->last().sequence != reported_window_) report_window(event);
  }
  return Status::ok;
}

void Harness::tap(Span<const int8_t> input) {
  tapped->report_input(input);
}

void Harness::report_input(Span<const int8_t> input) {
  const link::InputHead head = {reported_window_ + 1};
  answer(link::kInput, head, as_bytes(input));
}

void Harness::report_window(const Event* event) {
  const LastWindow& last = pipeline_->last();
  reported_window_ = last.sequence;
  link::WindowRecord record;
  memset(&record, 0, sizeof record);
  record.window = last.sequence;
  record.time_us = last.time_us;
  record.flags = last.flags;
  if (last.flags != 0) {
    answer(link::kWindow, record);
    return;
  }
  record.best = last.outcome.best;
  record.score = last.outcome.score;
  record.margin = last.outcome.margin;
  record.candidate = last.outcome.candidate;
  record.current = last.outcome.current;
  record.emitted = last.outcome.emitted;
  record.suppressed = last.outcome.suppressed;
  record.event_kind = event ? static_cast<uint8_t>(event->kind) : uint8_t{0};
  record.event_reason = event ? static_cast<uint8_t>(event->reason) : uint8_t{0};
  record.features_ticks = last.features_ticks;
  record.network_ticks = last.network_ticks;
  answer(link::kWindow, record, as_bytes(last.output));
}

Status Harness::threshold(Span<const uint8_t> payload) {
  if (begun_ != Status::ok) return Status::not_begun;
  link::ThresholdRecord record;
  Span<const uint8_t> tail = {nullptr, 0};
  if (!link::read_record(payload, record, tail)) return Status::link_malformed;
  Config config = pipeline_->plan().config;
  const Span<const decision::ClassRule> given = config.rules.classes;
  if (record.class_index >= given.size() || given.size() > decision::kMaxClasses) return Status::config_invalid;
  for (size_t c = 0; c < given.size(); ++c)
    rules_[c] = given[c];
  rules_[record.class_index].threshold = record.threshold;
  config.rules.classes = {rules_, given.size()};
  return pipeline_->configure(config);
}

Status Harness::status() {
  link::StatusRecord record;
  memset(&record, 0, sizeof record);
  if (begun_ == Status::ok) {
    const Counters counters = pipeline_->counters();
    record.samples = counters.samples;
    record.lost_samples = counters.lost_samples;
    record.faults = counters.faults;
    record.bad_values = counters.bad_values;
    record.windows = counters.windows;
    record.flagged_windows = counters.flagged_windows;
    record.events = counters.events;
    record.suppressed = counters.suppressed;
  }
  record.stack_used_bytes = board_->stack_used_bytes ? board_->stack_used_bytes() : 0;
  answer(link::kStatusReport, record);
  return Status::ok;
}

Status Harness::bye() {
  pipeline_->set_input_tap(nullptr);
  if (begun_ == Status::ok) {
    pipeline_->configure(pipeline_->plan().config);
    pipeline_->reset();
  }
  active_ = false;
  if (board_->take_over) board_->take_over(false);
  return Status::ok;
}

}  // namespace edgesmith
