// The harness through files: all commands in one, all answers in the other. Nothing is lost on the way, so nothing is
// repeated; the conversation is checked when it is over.
#include <fmt/format.h>

#include <chrono>

#include "device/runtime/harness.h"
#include "host/base/error.h"
#include "host/base/process.h"
#include "host/target/emulator.h"
#include "host/target/harness_packets.h"

namespace edgesmith {
namespace {

constexpr std::size_t kPacketBytesMax = 1 << 20;

/// The commands as one stream, and what is to be known of each to understand its answers.
class Script {
 public:
  void add(link::Command command, std::span<const std::uint8_t> payload, std::uint32_t stretch = 0) {
    const std::uint16_t sequence = static_cast<std::uint16_t>(1 + commands_.size() % 0xffff);
    const Bytes frame = make_frame(command, sequence, payload);
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    commands_.push_back({sequence, stretch});
  }
  template <typename Record>
  void add_record(link::Command command, const Record& record) {
    add(command, {reinterpret_cast<const std::uint8_t*>(&record), sizeof record});
  }

  struct Command {
    std::uint16_t sequence;
    std::uint32_t stretch;
  };
  const Bytes& bytes() const {
    return bytes_;
  }
  const std::vector<Command>& commands() const {
    return commands_;
  }

 private:
  Bytes bytes_;
  std::vector<Command> commands_;
};

Script write_script(const std::vector<Stretch>& stretches, const HarnessOptions& options, HarnessRun& run) {
  Script script;
  script.add_record(link::kHello, link::Hello{link::kLinkVersion, 0});
  if (options.faults.threshold) script.add_record(link::kThreshold, *options.faults.threshold);
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const std::uint32_t index = static_cast<std::uint32_t>(i);
    const Stretch stretch = with_fault(stretches[i], i, options.faults);
    script.add(link::kReset, {}, index);
    if (stretch.count == 0) continue;
    const std::uint32_t step = samples_per_packet(stretch, kHarnessPayloadBytes);
    for (std::uint32_t from = 0; from < stretch.count; from += step) {
      script.add(link::kSamples, samples_payload(stretch, from, std::min(step, stretch.count - from)), index);
    }
    run.sample_bytes += stretch.samples.size();
  }
  script.add(link::kStatus, {});
  script.add(link::kBye, {});
  return script;
}

/// The device's answers, command by command. Ends early, without windows, when begin() failed there.
void read_answers(const Bytes& answers, const Script& script, HarnessRun& run) {
  Bytes buffer(kPacketBytesMax);
  link::PacketReader reader;
  reader.begin({buffer.data(), buffer.size()});
  AnswerReader meaning;
  std::size_t command = 0;
  std::uint16_t count = 0;
  for (std::uint8_t byte : answers) {
    if (reader.receive(byte) != link::PacketReader::Event::packet) continue;
    const link::Packet packet = reader.packet();
    if (command == script.commands().size() || packet.sequence != script.commands()[command].sequence) break;
    if (packet.type != link::kAck) {
      meaning.take(packet, run);
      ++count;
      continue;
    }
    link::AckRecord ack;
    Span<const std::uint8_t> tail = {nullptr, 0};
    if (!link::read_record(packet.payload, ack, tail) || ack.answers != count) break;
    if (run.info.begun != Status::ok) return;
    check_ack(ack, fmt::format("execute command {} of the file", command));
    ++command;
    count = 0;
    if (command < script.commands().size()) meaning.begin_stretch(script.commands()[command].stretch);
  }
  if (command == script.commands().size()) return;
  harness_error("harness.lost", fmt::format("the device answered {} of {} commands", command, script.commands().size()),
                "the firmware ended before it was through: does it run live?");
}

void run_emulator(const TargetProfile& profile, const fs::path& elf, const fs::path& folder, double timeout_s) {
  const EmulatorOptions options = {.words = {"harness", "commands.bin", "answers.bin"}};
  const ProcessResult result =
      run_process(emulator_command(profile, elf, options), {.cwd = folder, .timeout_s = timeout_s});
  if (result.status == 0) return;
  harness_error(result.timed_out ? "harness.silent" : "harness.refused",
                result.timed_out ? fmt::format("the device was not through after {} s", timeout_s)
                                 : fmt::format("the emulator ended with status {}: {}", result.status, result.output),
                "fewer recordings, or a longer time");
}

}  // namespace

HarnessRun run_bulk(const TargetProfile& profile, const fs::path& elf, const std::vector<Stretch>& stretches,
                    const fs::path& work_folder, const HarnessOptions& options) {
  HarnessRun run;
  const Script script = write_script(stretches, options, run);
  const fs::path answers = work_folder / "answers.bin";
  write_bytes(work_folder / "commands.bin", script.bytes().data(), script.bytes().size());
  fs::remove(answers);
  const auto started = std::chrono::steady_clock::now();
  run_emulator(profile, elf, work_folder, options.bulk_timeout_s);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  read_answers(read_bytes(answers), script, run);
  if (run.windows.size() > options.windows_max) run.windows.resize(options.windows_max);
  return run;
}

}  // namespace edgesmith
