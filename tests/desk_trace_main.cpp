// desk_trace PLAN RECORDINGS SESSION: what every window of a session came to on the desk, as checksums. The line is the
// one that tests/end_to_end/stream.cpp prints for the same samples in a generated folder.

#include <cstdio>
#include <cstring>

#include "device/base/crc32.h"
#include "host/base/files.h"
#include "host/dataset/recording.h"
#include "host/workflow/desk.h"

namespace edgesmith {
namespace {

struct Checksums {
  std::uint32_t inputs = 0, outputs = 0, outcomes = 0, events = 0;
};

void mix(std::uint32_t& crc, const void* bytes, std::size_t count) {
  crc = crc32({static_cast<const std::uint8_t*>(bytes), count}, crc);
}

template <typename Word>
void mix_word(std::uint32_t& crc, Word word) {
  static_assert(sizeof word == 4);
  mix(crc, &word, sizeof word);
}

void mix_window(const WindowTrace& trace, Checksums& sums) {
  mix_word(sums.outcomes, std::uint32_t{trace.flags});
  if (trace.flags != 0) return;
  mix(sums.inputs, trace.input.data(), trace.input.size());
  mix(sums.outputs, trace.output.data(), trace.output.size());
  mix_word(sums.outcomes, trace.outcome.best);
  mix_word(sums.outcomes, trace.outcome.score);
  mix_word(sums.outcomes, trace.outcome.margin);
  mix_word(sums.outcomes, trace.outcome.current);
  if (trace.event_kind == 0) return;
  mix_word(sums.events, trace.time_us);
  mix_word(sums.events, trace.outcome.current);
}

int run(const fs::path& plan, const fs::path& recordings, const std::string& session) {
  Desk desk(read_bytes(plan));
  Checksums sums;
  std::size_t windows = 0;
  for (const dataset::Recording& recording : dataset::read_recordings(recordings)) {
    if (recording.session != session) continue;
    const std::vector<WindowTrace> traces = desk.run(recording);
    windows += traces.size();
    for (const WindowTrace& trace : traces)
      mix_window(trace, sums);
  }
  std::printf("%zu windows, inputs %08x, outputs %08x, outcomes %08x, events %08x\n", windows, sums.inputs,
              sums.outputs, sums.outcomes, sums.events);
  return windows > 0 ? 0 : 1;
}

}  // namespace
}  // namespace edgesmith

int main(int argc, char** argv) {
  return argc == 4 ? edgesmith::run(argv[1], argv[2], argv[3]) : 2;
}
