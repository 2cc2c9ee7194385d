// A plugin of QEMU that counts what a program executes between two addresses, exactly. Built with the desk's compiler;
// read by host/target/instruction_count.cpp.
//
//   -plugin FILE,out=PATH,begin=0xADDRESS,end=0xADDRESS[,mark=0xADDRESS...]
//
// Counting starts when the core comes to `begin` and stops before it executes `end`; every time anew, so that the last
// round counts. Marks divide a round into phases: phase 0 until the first mark is met, phase i + 1 from mark i on.
// PATH gets a line for every stretch of code that ran in a phase:
//
//   phase first_address end_address instructions times jumps
//
// A stretch is run from its first instruction to its last; `jumps` of its `times` went on elsewhere than at its end.
// What runs in between, an interrupt for one, is counted too.
//
// Source: QEMU documentation, TCG plugins, plugin API version 1. Distributions leave the header out, so the functions
// that are used here are declared here.

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vector>

extern "C" {
struct qemu_plugin_tb;    // translated code: instructions without a branch between them
struct qemu_plugin_insn;  // one of them
typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t {
  const char* target_name;  // "arm", "riscv32"; more follows
};

size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* tb);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn* insn);
const void* qemu_plugin_insn_data(const qemu_plugin_insn* insn);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*call)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn* insn, void (*call)(unsigned cpu, void* data),
                                            int registers, void* data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*call)(qemu_plugin_id_t, void*), void* data);
}

namespace {

constexpr int kNoRegisters = 0;  // QEMU_PLUGIN_CB_NO_REGS

struct Stretch {
  uint64_t first = 0, end = 0;
  uint32_t instructions = 0;
  std::vector<uint64_t> times, jumps;  // by phase
};

uint64_t begin_at, end_at;
// Never destroyed: the emulator calls ends() after the destructors of its plugins.
std::vector<uint64_t>& marks = *new std::vector<uint64_t>;
const char* out_path = "count.txt";

std::vector<Stretch*>& stretches = *new std::vector<Stretch*>;
bool riscv;
bool counting;
size_t phase;
Stretch* last;  // that ran, in `last_phase`; null at the beginning of a round
size_t last_phase;

/// From the encoding: Thumb, or RISC-V with compressed instructions. The size that QEMU tells is too large in front of
/// an instruction that lies across two pages, since it has read that one's first half by then.
uint64_t instruction_bytes(const qemu_plugin_insn* insn) {
  const uint8_t* const bytes = static_cast<const uint8_t*>(qemu_plugin_insn_data(insn));
  const bool wide = riscv ? (bytes[0] & 3) == 3 : bytes[1] >> 3 >= 0x1d;
  return wide ? 4 : 2;
}

bool divides(uint64_t address) {
  if (address == begin_at || address == end_at) return true;
  for (uint64_t mark : marks) {
    if (address == mark) return true;
  }
  return false;
}

void begin_round() {
  for (Stretch* stretch : stretches) {
    stretch->times.assign(stretch->times.size(), 0);
    stretch->jumps.assign(stretch->jumps.size(), 0);
  }
  counting = true;
  phase = 0;
  last = nullptr;
}

/// Several marks may lie at one address, where a phase has no instructions: the last of them holds.
void enter_phase(uint64_t address) {
  for (size_t i = marks.size(); i > 0; --i) {
    if (marks[i - 1] != address) continue;
    phase = i;
    return;
  }
}

void runs(unsigned, void* data) {
  Stretch* const now = static_cast<Stretch*>(data);
  if (now->first == begin_at) begin_round();
  if (!counting) return;
  if (last != nullptr && now->first != last->end) ++last->jumps[last_phase];
  if (now->first == end_at) {
    counting = false;
    return;
  }
  enter_phase(now->first);
  ++now->times[phase];
  last = now;
  last_phase = phase;
}

void translated(qemu_plugin_id_t, qemu_plugin_tb* tb) {
  const size_t count = qemu_plugin_tb_n_insns(tb);
  Stretch* stretch = nullptr;
  for (size_t i = 0; i < count; ++i) {
    qemu_plugin_insn* const insn = qemu_plugin_tb_get_insn(tb, i);
    const uint64_t address = qemu_plugin_insn_vaddr(insn);
    if (i == 0 || divides(address)) {
      stretch = new Stretch;
      stretches.push_back(stretch);
      stretch->first = address;
      stretch->times.resize(marks.size() + 1);
      stretch->jumps.resize(marks.size() + 1);
      qemu_plugin_register_vcpu_insn_exec_cb(insn, runs, kNoRegisters, stretch);
    }
    stretch->end = address + instruction_bytes(insn);
    ++stretch->instructions;
  }
}

void ends(qemu_plugin_id_t, void*) {
  FILE* const out = fopen(out_path, "w");
  if (out == nullptr) return;
  for (Stretch* stretch : stretches) {
    for (size_t i = 0; i < stretch->times.size(); ++i) {
      if (stretch->times[i] == 0) continue;
      fprintf(out, "%zu %#llx %#llx %u %llu %llu\n", i, static_cast<unsigned long long>(stretch->first),
              static_cast<unsigned long long>(stretch->end), stretch->instructions,
              static_cast<unsigned long long>(stretch->times[i]), static_cast<unsigned long long>(stretch->jumps[i]));
    }
  }
  fclose(out);
}

/// What stands behind "name=", or null.
const char* value_of(const char* argument, const char* name) {
  const size_t length = strlen(name);
  return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : nullptr;
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int count,
                                                               char** arguments) {
  riscv = strncmp(info->target_name, "riscv", 5) == 0;
  for (int i = 0; i < count; ++i) {
    if (const char* path = value_of(arguments[i], "out")) out_path = strdup(path);
    if (const char* address = value_of(arguments[i], "begin")) begin_at = strtoull(address, nullptr, 0);
    if (const char* address = value_of(arguments[i], "end")) end_at = strtoull(address, nullptr, 0);
    if (const char* address = value_of(arguments[i], "mark")) marks.push_back(strtoull(address, nullptr, 0));
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ends, nullptr);
  return 0;
}
}
