// The application that every board runs: samples in from a timer interrupt, decisions out over the serial line.
//
//   live       prints who it is, then one line per event; sleeps in between
//   harness    a hello packet on the serial line stops the sampling: the host's samples travel the road instead
//   bulk       started with the words "harness IN OUT": the host's packets come from file IN, the answers go to OUT
//
// All three are the same image, so what the harness proves holds for what runs.

#include <firmware_model.h>  // written by the build: ModelPipeline

#include "device/runtime/harness.h"
#include "firmware/apps/pipeline_app/replay.h"
#include "firmware/apps/pipeline_app/text.h"
#include "firmware/boards/board.h"
#include "firmware/boards/memory.h"
#include "firmware/boards/semihosting.h"

namespace app {
namespace {

using edgesmith::Span;
using edgesmith::Status;

ModelPipeline pipeline;
edgesmith::Harness harness;
edgesmith::HarnessBoard harness_board;

// Written by the sample interrupt.
uint32_t samples_pushed;
uint64_t sample_time_us_x_hop;  // time since the start, in units of 1 us / hop_samples: no rounding adds up

uint32_t samples_polled;
bool replay_reported;
Status model_begun;

void print(const Text& line) {
  board::write(line.bytes());
}

bool has_replay() {
  return &edgesmith_replay != nullptr;
}

bool replay_ended() {
  return has_replay() && __atomic_load_n(&samples_pushed, __ATOMIC_RELAXED) == edgesmith_replay.count;
}

/// The sample interrupt. A board with a sensor reads it here.
void on_sample() {
  if (replay_ended()) {
    board::stop_sampling();
    return;
  }
  const edgesmith::RoadSpec& road = pipeline.plan().road;
  const uint32_t sample_bytes = road.channels * sample_format_bytes(road.format);
  pipeline.push(edgesmith_replay.samples + samples_pushed * sample_bytes,
                static_cast<uint32_t>(sample_time_us_x_hop / road.hop_samples));
  sample_time_us_x_hop += road.hop_us;
  __atomic_store_n(&samples_pushed, samples_pushed + 1, __ATOMIC_RELEASE);
}

void start_sampling() {
  samples_pushed = 0;
  samples_polled = 0;
  sample_time_us_x_hop = 0;
  replay_reported = false;
  if (!has_replay()) return;
  const edgesmith::RoadSpec& road = pipeline.plan().road;
  const uint64_t period_ticks = uint64_t{board::kClockHz} * road.hop_us / (uint64_t{1000000} * road.hop_samples);
  board::start_sampling(static_cast<uint32_t>(period_ticks), on_sample);
}

void take_over(bool harness_runs) {
  board::stop_sampling();
  if (!harness_runs && model_begun == Status::ok) start_sampling();
}

void print_identity() {
  const edgesmith::Info& info = pipeline.info();
  const edgesmith::NetworkSpec& network = pipeline.plan().network;
  print(Text().text("edgesmith ").text(info.name).text(" ").text(info.version).text(" plan ").hex({info.plan_id, 8}));
  print(Text().text(" on ").text(board::kName).text(", RAM ").number(board::ram_bytes()).text(" + stack "));
  print(Text().number(board::stack_bytes()).text(" bytes\n"));
  print(Text().text("input int8[").number(network.input_elems).text("] scale ").real(network.input.scale, 8));
  print(Text().text(" zero_point ").number(network.input.zero_point));
  print(Text().text(", output int8[").number(network.output_elems).text("] scale ").real(network.output.scale, 8));
  print(Text().text(" zero_point ").number(network.output.zero_point).text("\n"));
}

void print_event(const edgesmith::Event& event) {
  print(Text().number(event.time_us / 1000).text(" ms  ").text(label_text(pipeline.info(), event.label)));
  print(Text().text("  ").real(event.score, 2).text("\n"));
}

void print_replay_end() {
  const edgesmith::Counters counters = pipeline.counters();
  print(Text().text("replay ended: ").number(counters.samples).text(" samples, ").number(counters.windows));
  print(Text().text(" windows, ").number(counters.events).text(" events, ").number(counters.lost_samples));
  print(Text().text(" lost, stack ").number(board::stack_used_bytes()).text(" bytes\n"));
}

bool samples_wait() {
  return __atomic_load_n(&samples_pushed, __ATOMIC_ACQUIRE) != samples_polled;
}

/// At most one hop of work.
void poll() {
  if (const edgesmith::Event* event = pipeline.poll()) print_event(*event);
  const edgesmith::Counters counters = pipeline.counters();
  samples_polled = counters.samples + counters.lost_samples;
  if (replay_ended() && !replay_reported && !samples_wait()) {
    replay_reported = true;
    print_replay_end();
  }
}

uint8_t waiting_byte;
bool byte_waits;

bool work_waits() {
  byte_waits = byte_waits || board::read(waiting_byte);
  return byte_waits || (!harness.active() && samples_wait());
}

[[noreturn]] void run() {
  for (;;) {
    if (byte_waits) {
      byte_waits = false;
      harness.receive(waiting_byte);
    }
    if (!harness.active() && model_begun == Status::ok) poll();
    board::sleep_unless(work_waits);
  }
}

void write_serial(void*, Span<const uint8_t> bytes) {
  board::write(bytes);
}

/// Answers on their way to the file, gathered: a request to the emulator costs more than a copy.
struct OutFile {
  int32_t file;
  uint32_t filled;
  uint8_t bytes[512];

  void flush() {
    if (filled > 0) board::semihosting::write(file, {bytes, filled});
    filled = 0;
  }
};
OutFile out;

void write_file(void*, Span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) {
    out.bytes[out.filled++] = byte;
    if (out.filled == sizeof out.bytes) out.flush();
  }
}

/// Cuts the next word off `text`, in place.
char* next_word(char*& text) {
  while (*text == ' ')
    ++text;
  char* word = text;
  while (*text != 0 && *text != ' ')
    ++text;
  if (*text != 0) *text++ = 0;
  return word;
}

bool same(const char* a, const char* b) {
  while (*a != 0 && *a == *b)
    ++a, ++b;
  return *a == *b;
}

/// Status for the emulator's exit: 0, or 2 when a file does not open.
uint32_t run_bulk(const char* in_path, const char* out_path) {
  const int32_t in = board::semihosting::open(in_path, board::semihosting::Mode::read);
  out.file = board::semihosting::open(out_path, board::semihosting::Mode::write);
  if (in == board::semihosting::kNoFile || out.file == board::semihosting::kNoFile) return 2;
  harness.begin(pipeline, model_begun, harness_board, {write_file, nullptr});
  static uint8_t block[512];
  for (uint32_t got = 1; got > 0;) {
    got = board::semihosting::read(in, edgesmith::span_of(block));
    for (uint32_t i = 0; i < got; ++i)
      harness.receive(block[i]);
  }
  out.flush();
  board::semihosting::close(out.file);
  return 0;
}

void run_bulk_if_asked() {
  static char words[128];
  if (!board::semihosting::command_line(edgesmith::span_of(words))) return;
  char* rest = words;
  if (!same(next_word(rest), "harness")) return;
  const char* in_path = next_word(rest);
  board::semihosting::exit(run_bulk(in_path, next_word(rest)));
}

}  // namespace
}  // namespace app

int main() {
  using namespace app;
  board::begin();
  model_begun = pipeline.begin();
  pipeline.set_clock(board::ticks);
  harness_board = {board::kName,         board::kClockHz,         board::ram_bytes(),
                   board::stack_bytes(), board::stack_used_bytes, take_over};
  run_bulk_if_asked();
  harness.begin(pipeline, model_begun, harness_board, {write_serial, nullptr});
  if (model_begun == Status::ok) {
    print_identity();
    start_sampling();
  } else {
    print(Text().text("edgesmith: begin() failed, status ").number(static_cast<uint32_t>(model_begun)).text("\n"));
  }
  run();
}
