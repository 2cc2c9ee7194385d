// The harness over a line: one command under way at a time, repeated when it or its acknowledgement was lost.
#include <fmt/format.h>

#include <chrono>

#include "host/base/error.h"
#include "host/target/emulator.h"
#include "host/target/harness_packets.h"

namespace edgesmith {
namespace {

constexpr int kTriesMax = 4;         // of a command
constexpr int kStretchTriesMax = 8;  // of a stretch whose answers were lost
constexpr std::size_t kPacketBytesMax = 1 << 20;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Answers were lost on the way; the stretch can be sent again.
struct AnswersLost {};

class Conversation {
 public:
  Conversation(Line& line, const HarnessOptions& options, HarnessRun& run)
      : line_(line), options_(options), run_(run), buffer_(kPacketBytesMax) {
    reader_.begin({buffer_.data(), buffer_.size()});
  }

  void hello() {
    const link::Hello hello = {link::kLinkVersion, 0};
    const std::uint8_t delimiter = 0;
    line_.write({&delimiter, 1});  // ends whatever the device may have heard before
    for (int tries = 1;; ++tries) {
      try {
        return ask(link::kHello, record(hello), "say who it is");
      } catch (const AnswersLost&) {
        if (tries == kTriesMax) lost("its answer to hello");
      }
    }
  }
  void threshold(const link::ThresholdRecord& change) {
    ask(link::kThreshold, record(change), "change a threshold");
  }
  void status() {
    ask(link::kStatus, {}, "report its counters");
  }
  void bye() {
    ask(link::kBye, {}, "end the conversation");
  }

  /// All windows of a stretch, or of its beginning when `windows_max` is reached.
  void stretch(const Stretch& stretch, std::uint32_t index) {
    const std::size_t before = run_.windows.size();
    for (int tries = 1;; ++tries) {
      try {
        return send_stretch(stretch, index);
      } catch (const AnswersLost&) {
        if (tries == kStretchTriesMax) lost("windows");
        run_.windows.resize(before);
        ++run_.repeated_stretches;
      }
    }
  }

 private:
  template <typename Record>
  static std::span<const std::uint8_t> record(const Record& record) {
    return {reinterpret_cast<const std::uint8_t*>(&record), sizeof record};
  }
  [[noreturn]] static void lost(const std::string& what) {
    harness_error("harness.lost", "the line loses too much: " + what + " did not arrive in several tries",
                  "check cable and baud rate");
  }

  void send_stretch(const Stretch& stretch, std::uint32_t index) {
    answers_.begin_stretch(index);
    ask(link::kReset, {}, "reset");
    if (stretch.count == 0) return;
    const std::uint32_t step = samples_per_packet(stretch, run_.info.record.payload_bytes_max);
    for (std::uint32_t from = 0; from < stretch.count && run_.windows.size() < options_.windows_max; from += step) {
      const Bytes payload = samples_payload(stretch, from, std::min(step, stretch.count - from));
      ask(link::kSamples, payload, "take samples");
      run_.sample_bytes += payload.size() - sizeof(link::SamplesHead);
    }
  }

  /// Sends a command until it is acknowledged. Throws AnswersLost when one of its answers did not arrive.
  void ask(link::Command command, std::span<const std::uint8_t> payload, const std::string& doing) {
    sequence_ = sequence_ == 0xffff ? std::uint16_t{1} : static_cast<std::uint16_t>(sequence_ + 1);
    const Bytes frame = make_frame(command, sequence_, payload);
    std::uint16_t answers = 0;
    for (int tries = 0; tries < kTriesMax; ++tries) {
      line_.write(frame);
      const std::optional<link::AckRecord> ack = wait(answers);
      if (!ack) continue;
      check_ack(*ack, doing);
      if (ack->answers != answers) throw AnswersLost{};
      return;
    }
    harness_error("harness.silent", "the device does not answer the request to " + doing,
                  "is the image an Edgesmith firmware, and is the line free?");
  }

  /// Collects answers up to the acknowledgement; nothing when the device is silent or asks for the command again.
  std::optional<link::AckRecord> wait(std::uint16_t& answers) {
    for (;;) {
      if (at_ == arrived_) {
        arrived_ = line_.read(block_, options_.timeout_s);
        at_ = 0;
        if (arrived_ == 0) return {};
      }
      if (reader_.receive(block_[at_++]) != link::PacketReader::Event::packet) continue;
      const link::Packet packet = reader_.packet();
      if (packet.type == link::kAck) {
        link::AckRecord ack;
        Span<const std::uint8_t> tail = {nullptr, 0};
        if (!link::read_record(packet.payload, ack, tail)) continue;
        if (ack.command == 0) return {};
        if (packet.sequence == sequence_) return ack;
      } else if (packet.sequence == sequence_) {
        answers_.take(packet, run_);
        ++answers;
      }
    }
  }

  Line& line_;
  const HarnessOptions& options_;
  HarnessRun& run_;
  AnswerReader answers_;
  link::PacketReader reader_;
  Bytes buffer_;
  std::uint8_t block_[4096];
  std::size_t at_ = 0, arrived_ = 0;
  std::uint16_t sequence_ = link::kNoSequence;
};

}  // namespace

HarnessRun run_over_line(Line& line, const std::vector<Stretch>& stretches, const HarnessOptions& options) {
  HarnessRun run;
  Conversation device(line, options, run);
  device.hello();
  const double started_s = seconds_now();
  if (run.info.begun != Status::ok) return run;
  if (options.faults.threshold) device.threshold(*options.faults.threshold);
  for (std::size_t i = 0; i < stretches.size() && run.windows.size() < options.windows_max; ++i) {
    device.stretch(with_fault(stretches[i], i, options.faults), static_cast<std::uint32_t>(i));
  }
  device.status();
  device.bye();
  run.seconds = seconds_now() - started_s;
  if (run.windows.size() > options.windows_max) run.windows.resize(options.windows_max);
  return run;
}

HarnessRun run_over_link(const TargetProfile& profile, const fs::path& elf, const std::vector<Stretch>& stretches,
                         const HarnessOptions& options) {
  Emulator emulator(profile, elf);
  return run_over_line(emulator, stretches, options);
}

}  // namespace edgesmith
