// stream SAMPLES: int16 counts of three channels through a generated folder of tap. Prints what every window came to as
// checksums, to be compared with desk_trace of the same recording. Built with any flags, it must print the same line.

#include <stdio.h>
#include <string.h>

#include "device/base/crc32.h"
#include "tap.h"

static tap::Pipeline pipeline;
static uint32_t inputs, outputs, outcomes, events;

static void mix(uint32_t& crc, const void* bytes, size_t count) {
  crc = edgesmith::crc32(edgesmith::Span<const uint8_t>{static_cast<const uint8_t*>(bytes), count}, crc);
}

static void mix_word(uint32_t& crc, uint32_t word) {
  mix(crc, &word, sizeof word);
}

static void mix_float(uint32_t& crc, float value) {
  mix(crc, &value, sizeof value);
}

static void keep_input(edgesmith::Span<const int8_t> input) {
  mix(inputs, input.data, input.size());
}

static void mix_window(const tap::LastWindow& last, const tap::Event* event) {
  mix_word(outcomes, last.flags);
  if (last.flags != 0) return;
  mix(outputs, last.output.data, last.output.size());
  mix_word(outcomes, static_cast<uint32_t>(last.outcome.best));
  mix_float(outcomes, last.outcome.score);
  mix_float(outcomes, last.outcome.margin);
  mix_word(outcomes, static_cast<uint32_t>(last.outcome.current));
  if (event == nullptr) return;
  mix_word(events, event->time_us);
  mix_word(events, static_cast<uint32_t>(event->label));
}

int main(int argc, char** argv) {
  const tap::Status begun = pipeline.begin();
  FILE* file = argc > 1 ? fopen(argv[1], "rb") : nullptr;
  if (begun != tap::Status::ok || file == nullptr) {
    printf("begin %d\n", static_cast<int>(begun));
    return 1;
  }
  pipeline.set_input_tap(keep_input);
  tap::Sample sample;
  uint32_t windows = 0;
  for (uint32_t i = 0; fread(sample, sizeof sample, 1, file) == 1; ++i) {
    pipeline.push(sample, i * TAP_SAMPLE_PERIOD_US);
    const tap::Event* event = pipeline.poll();
    if (pipeline.last().sequence == windows) continue;
    windows = pipeline.last().sequence;
    mix_window(pipeline.last(), event);
  }
  printf("%u windows, inputs %08x, outputs %08x, outcomes %08x, events %08x\n", static_cast<unsigned>(windows),
         static_cast<unsigned>(inputs), static_cast<unsigned>(outputs), static_cast<unsigned>(outcomes),
         static_cast<unsigned>(events));
  return 0;
}
