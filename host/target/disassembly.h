#pragma once
// What the instructions of an image are, by the toolchain's own disassembler.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "host/target/profile.h"

namespace edgesmith {

enum class InstructionClass { load, store, multiply, divide, branch, alu, float_and_vector };
constexpr std::size_t kInstructionClasses = 7;
const char* class_name(InstructionClass kind);

struct Instruction {
  InstructionClass kind = InstructionClass::alu;
  std::uint32_t registers = 0;  // that a load or store moves; 0 for others
};

/// A mnemonic of objdump, with its operands where they matter. Arm: Armv6-M to Armv8.1-M; RISC-V: RV32 with compressed
/// instructions under the names of the full ones.
Instruction classify_arm(const std::string& mnemonic, const std::string& operands);
Instruction classify_riscv(const std::string& mnemonic);

/// By address. Throws Error (unavailable, "process.not_started", "count.disassembler").
using Disassembly = std::map<std::uint64_t, Instruction>;
Disassembly disassemble(const TargetProfile& profile, const std::filesystem::path& elf);

}  // namespace edgesmith
