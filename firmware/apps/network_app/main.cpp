// Runs a bare network on files: the emulator is started with the words "network IN OUT TRACE".
//
//   IN     the input tensors, one inference after another
//   OUT    as many times the output tensors, then a Trailer
//   TRACE  of every operator of every inference a TraceRecord and its output; "-" for none
//
// Ends with status 0, 2 when a file does not open, 3 when begin() failed, 4 when something wrote beside the arena.

#include <firmware_model.h>  // written by the build: app::Model

#include "firmware/apps/network_app/files.h"
#include "firmware/boards/board.h"
#include "firmware/boards/memory.h"
#include "firmware/boards/semihosting.h"

#ifndef EDGESMITH_LABEL  // labels.h defines it where instructions are counted
#define EDGESMITH_LABEL(name)
#endif

namespace app {
namespace {

using edgesmith::Span;
using edgesmith::Status;
namespace files = board::semihosting;

Model model;
int32_t trace_file = files::kNoFile;
bool tracing;  // the self-test is not traced

enum ExitStatus : uint32_t { kDone = 0, kNoSuchFile = 2, kNotBegun = 3, kArenaBroken = 4 };

template <typename Record>
Span<const uint8_t> bytes_of(const Record& record) {
  return {reinterpret_cast<const uint8_t*>(&record), sizeof record};
}

/// Fills every input; false at the end of the file.
bool read_inputs(int32_t in) {
  for (uint32_t i = 0; i < model.inputs(); ++i) {
    const Span<uint8_t> tensor = model.input(i);
    if (files::read(in, tensor) != tensor.size()) return false;
  }
  return true;
}

void write_outputs(int32_t out) {
  for (uint32_t i = 0; i < model.outputs(); ++i)
    files::write(out, model.output(i));
}

/// One inference; answers the stack that it took.
__attribute__((noinline)) uint32_t run_measured() {
  const uint32_t in_use = board::repaint_stack();
  EDGESMITH_LABEL("edgesmith_run_begins");
  model.run();
  EDGESMITH_LABEL("edgesmith_run_ended");
  const uint32_t deepest = board::stack_used_bytes();
  return deepest > in_use ? deepest - in_use : 0;
}

uint32_t run_all(int32_t in, int32_t out) {
  Trailer trailer = {kTrailerMagic, 0, 0, 0};
  trailer.begun = static_cast<uint32_t>(model.begin());
  tracing = trace_file != files::kNoFile;
  while (trailer.begun == 0 && read_inputs(in)) {
    const uint32_t stack = run_measured();
    if (stack > trailer.stack_bytes) trailer.stack_bytes = stack;
    write_outputs(out);
    ++trailer.inferences;
    if (!model.intact()) return kArenaBroken;
  }
  files::write(out, bytes_of(trailer));
  return trailer.begun == 0 ? kDone : kNotBegun;
}

/// Cuts the next word off `text`, in place.
char* next_word(char*& text) {
  char* word = text;
  while (*text != 0 && *text != ' ')
    ++text;
  if (*text != 0) *text++ = 0;
  return word;
}

uint32_t run_on_files(char* words) {
  next_word(words);  // "network"
  const int32_t in = files::open(next_word(words), files::Mode::read);
  const int32_t out = files::open(next_word(words), files::Mode::write);
  const char* trace = next_word(words);
  if (*trace != '-') trace_file = files::open(trace, files::Mode::write);
  if (in == files::kNoFile || out == files::kNoFile) return kNoSuchFile;
  const uint32_t status = run_all(in, out);
  files::close(out);
  if (trace_file != files::kNoFile) files::close(trace_file);
  return status;
}

}  // namespace
}  // namespace app

extern "C" void edgesmith_after_operator(uint32_t index, const void* output, uint32_t bytes) {
  if (!app::tracing) return;
  const app::TraceRecord record = {index, bytes};
  board::semihosting::write(app::trace_file, app::bytes_of(record));
  board::semihosting::write(app::trace_file, {static_cast<const uint8_t*>(output), bytes});
}

int main() {
  static char words[256];
  board::begin();
  if (board::semihosting::command_line(edgesmith::span_of(words))) {
    board::semihosting::exit(app::run_on_files(words));
  }
  static const uint8_t kMessage[] = "edgesmith: this image runs files, in an emulator\n";
  board::write({kMessage, sizeof kMessage - 1});
  for (;;) {
  }
}
