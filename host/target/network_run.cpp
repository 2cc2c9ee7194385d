#include "host/target/network_run.h"

#include <fmt/format.h>

#include <cstring>

#include "firmware/apps/network_app/files.h"
#include "host/base/error.h"
#include "host/base/process.h"
#include "host/target/emulator.h"

namespace edgesmith {
namespace fs = std::filesystem;
namespace {

constexpr double kTimeoutS = 600;
constexpr int kArenaBroken = 4;  // exit status of the application

[[noreturn]] void no_answer(const TargetProfile& profile, int status, const std::string& said) {
  throw Error(ErrorKind::unavailable, {.code = "network.no_answer",
                                       .what = "the image ended without an answer",
                                       .where = profile.name,
                                       .expected = "exit status 0",
                                       .found = fmt::format("{} {}", status, said.substr(0, 300)),
                                       .try_this = "a board with more memory, or --target host"});
}

void run_emulator(const TargetProfile& profile, const fs::path& elf, const fs::path& work_folder, bool trace,
                  const std::string& plugin) {
  const std::vector<std::string> words = {"network", "in.bin", "out.bin", trace ? "trace.bin" : "-"};
  const ProcessResult result = run_process(emulator_command(profile, elf, {.words = words, .plugin = plugin}),
                                           {.cwd = work_folder, .timeout_s = kTimeoutS});
  if (result.status == kArenaBroken) {
    throw Error(ErrorKind::defect, {.code = "network.arena",
                                    .what = "a kernel wrote beside the arena",
                                    .where = profile.name,
                                    .expected = "guard bytes as they were painted"});
  }
  const bool answered = result.status == 0 || result.status == 3;
  if (!answered) no_answer(profile, result.status, result.output);
}

std::vector<OperatorOutput> read_trace(const Bytes& bytes) {
  std::vector<OperatorOutput> trace;
  std::size_t at = 0;
  app::TraceRecord record;
  while (at + sizeof record <= bytes.size()) {
    std::memcpy(&record, bytes.data() + at, sizeof record);
    at += sizeof record;
    const std::size_t end = std::min(bytes.size(), at + record.bytes);
    trace.push_back({record.op, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(end))});
    at = end;
  }
  return trace;
}

}  // namespace

NetworkImageRun run_network_image(const TargetProfile& profile, const fs::path& elf, const Bytes& inputs,
                                  const fs::path& work_folder, bool trace, const std::string& plugin) {
  write_bytes(work_folder / "in.bin", inputs.data(), inputs.size());
  fs::remove(work_folder / "out.bin");
  fs::remove(work_folder / "trace.bin");
  run_emulator(profile, elf, work_folder, trace, plugin);
  NetworkImageRun run;
  run.outputs = read_bytes(work_folder / "out.bin");
  app::Trailer trailer = {};
  if (run.outputs.size() < sizeof trailer) no_answer(profile, 0, "a short file");
  const std::size_t end = run.outputs.size() - sizeof trailer;
  std::memcpy(&trailer, run.outputs.data() + end, sizeof trailer);
  if (trailer.magic != app::kTrailerMagic) no_answer(profile, 0, "no trailer");
  run.outputs.resize(end);
  run.begun = static_cast<Status>(trailer.begun);
  run.inferences = trailer.inferences;
  run.stack_bytes = trailer.stack_bytes;
  if (trace) run.trace = read_trace(read_bytes(work_folder / "trace.bin"));
  return run;
}

}  // namespace edgesmith
