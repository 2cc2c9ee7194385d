// Source of the names: Armv7-M and Armv8-M Architecture Reference Manuals; RISC-V Unprivileged ISA and its assembler
// manual's pseudo-instructions.
#include "host/target/disassembly.h"

#include <array>
#include <set>
#include <sstream>

#include "host/base/error.h"
#include "host/base/process.h"

namespace edgesmith {
namespace fs = std::filesystem;
namespace {

bool begins_with_any(const std::string& word, std::initializer_list<const char*> prefixes) {
  for (const char* prefix : prefixes) {
    if (word.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

/// Without ".n", ".w", ".f32".
std::string without_suffix(const std::string& mnemonic) {
  return mnemonic.substr(0, mnemonic.find('.'));
}

/// b, bl, bx, blx with or without a condition.
bool is_arm_branch(const std::string& name) {
  static const std::set<std::string> branches = [] {
    std::set<std::string> names = {"cbz", "cbnz",  "tbb", "tbh",   "le",   "letp",
                                   "dls", "dlstp", "wls", "wlstp", "bxns", "blxns"};
    for (const std::string base : {"b", "bl", "bx", "blx"}) {
      for (const char* condition :
           {"", "eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al"})
        names.insert(base + condition);
    }
    return names;
  }();
  return branches.count(name) > 0;
}

/// "{r4, r6-r8, lr}" names five registers; those of 64 bits move two words.
std::uint32_t words_in_list(const std::string& operands) {
  std::uint32_t count = 0;
  int from = -1, number = -1;
  bool wide = false;
  const auto end_name = [&] {
    const bool range = from >= 0 && number >= from;
    count += range ? static_cast<std::uint32_t>(number - from + 1) : 1;
    from = number = -1;
  };
  for (std::size_t i = operands.find('{') + 1; i < operands.size(); ++i) {
    const char c = operands[i];
    if (c == 'd') wide = true;
    if (c >= '0' && c <= '9') number = (number < 0 ? 0 : number * 10) + (c - '0');
    if (c == '-') {
      from = number;
      number = -1;
    }
    if (c == ',' || c == '}') end_name();
    if (c == '}') break;
  }
  return wide ? 2 * count : count;
}

std::uint32_t registers_moved(const std::string& name, const std::string& operands) {
  if (begins_with_any(name, {"ldrd", "strd"})) return 2;
  const bool list = begins_with_any(name, {"ldm", "stm", "push", "pop", "vldm", "vstm", "vpush", "vpop"});
  return list ? words_in_list(operands) : 1;
}

std::string objdump_of(const TargetProfile& profile) {
  const std::string& compiler = profile.toolchain.compiler;
  return compiler.substr(0, compiler.rfind('-') + 1) + "objdump";
}

/// "     2c4:\tpush\t{r4, lr}": false for every other line.
bool read_line(const std::string& line, std::uint64_t& address, std::string& mnemonic, std::string& operands) {
  const std::size_t colon = line.find(":\t");
  if (colon == std::string::npos || line.find_first_not_of(" 0123456789abcdef") != colon) return false;
  address = std::stoull(line.substr(0, colon), nullptr, 16);
  const std::size_t end = line.find('\t', colon + 2);
  mnemonic = line.substr(colon + 2, end == std::string::npos ? end : end - colon - 2);
  operands = end == std::string::npos ? "" : line.substr(end + 1);
  while (!mnemonic.empty() && mnemonic.back() == ' ')
    mnemonic.pop_back();
  return !mnemonic.empty() && mnemonic[0] != '.';
}

}  // namespace

const char* class_name(InstructionClass kind) {
  static constexpr std::array<const char*, kInstructionClasses> kNames = {
      "load", "store", "multiply", "divide", "branch", "alu", "float_and_vector"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Instruction classify_arm(const std::string& mnemonic, const std::string& operands) {
  const std::string name = without_suffix(mnemonic);
  if (is_arm_branch(name)) return {InstructionClass::branch, 0};
  if (begins_with_any(name, {"ldr", "ldm", "pop", "lda", "vldr", "vldm", "vpop", "vld2", "vld4"}))
    return {InstructionClass::load, registers_moved(name, operands)};
  if (begins_with_any(name, {"str", "stm", "push", "stl", "vstr", "vstm", "vpush", "vst2", "vst4"}))
    return {InstructionClass::store, registers_moved(name, operands)};
  if (begins_with_any(name, {"v"})) return {InstructionClass::float_and_vector, 0};
  if (begins_with_any(name, {"sdiv", "udiv"})) return {InstructionClass::divide, 0};
  if (begins_with_any(name, {"mul", "mla", "mls", "smul", "smla", "smls", "smml", "smmul", "smuad", "smusd", "umul",
                             "umla", "umaal"}))
    return {InstructionClass::multiply, 0};
  return {InstructionClass::alu, 0};
}

Instruction classify_riscv(const std::string& mnemonic) {
  static const std::set<std::string> loads = {"lb", "lh", "lw", "lbu", "lhu", "flw", "fld"};
  static const std::set<std::string> stores = {"sb", "sh", "sw", "fsw", "fsd"};
  static const std::set<std::string> branches = {"beq",  "bne",  "blt",  "bge",  "bltu", "bgeu", "beqz", "bnez",
                                                 "blez", "bgez", "bltz", "bgtz", "bgt",  "ble",  "bgtu", "bleu",
                                                 "j",    "jr",   "jal",  "jalr", "ret",  "call", "tail"};
  if (loads.count(mnemonic) > 0) return {InstructionClass::load, 1};
  if (stores.count(mnemonic) > 0) return {InstructionClass::store, 1};
  if (branches.count(mnemonic) > 0) return {InstructionClass::branch, 0};
  if (begins_with_any(mnemonic, {"mul"})) return {InstructionClass::multiply, 0};
  if (begins_with_any(mnemonic, {"div", "rem"})) return {InstructionClass::divide, 0};
  if (mnemonic[0] == 'f' && mnemonic.rfind("fence", 0) != 0) return {InstructionClass::float_and_vector, 0};
  return {InstructionClass::alu, 0};
}

Disassembly disassemble(const TargetProfile& profile, const fs::path& elf) {
  const std::string program = objdump_of(profile);
  std::vector<std::string> command = {program, "-d", "--no-show-raw-insn", elf.string()};
  // By itself objdump shows what Armv8.1-M added as undefined.
  if (profile.core == "cortex-m55" || profile.core == "cortex-m85")
    command.insert(command.end(), {"-m", "armv8.1-m.main"});
  const ProcessResult result = run_process(command);
  if (result.status != 0) {
    throw Error(ErrorKind::unavailable, {.code = "count.disassembler",
                                         .what = "the disassembler refused the image",
                                         .where = elf.string(),
                                         .found = program + ": " + result.output.substr(0, 300),
                                         .try_this = "tools/bootstrap installs the toolchain"});
  }
  const bool riscv = program.rfind("riscv", 0) == 0;
  Disassembly code;
  std::istringstream lines(result.output);
  std::uint64_t address = 0;
  std::string mnemonic, operands;
  for (std::string line; std::getline(lines, line);) {
    if (!read_line(line, address, mnemonic, operands)) continue;
    code[address] = riscv ? classify_riscv(mnemonic) : classify_arm(mnemonic, operands);
  }
  return code;
}

}  // namespace edgesmith
