// Counts against code whose instructions are written down one by one.
#include "host/target/instruction_count.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/process.h"
#include "host/target/emulator.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

using Kind = InstructionClass;

constexpr std::uint64_t kRounds = 1000;

/// The loop runs twice: what counts is the second time, which is told by the number of rounds. Between begin and mark:
/// 2 instructions, then 4 a round. Between mark and end: a store, loads, a divide, and two branches that are always
/// taken, one to the address behind the next instruction, one across pages.
const char* const kArm = R"(
  .syntax unified
  .thumb
  .global reset_handler
  .thumb_func
reset_handler:
  ldr r7, =7
again:
begin:
  movs r0, #0
  mov r1, r7
loop:
  adds r0, r0, #1
  muls r2, r0, r2
  subs r1, r1, #1
  bne loop
mark:
  push {r0, r1}
  ldr r3, [sp]
  ldr r4, [sp, #4]
  udiv r0, r0, r3
  b over
  nop
over:
  pop {r0, r1}
  b across
  .org 0xef8
across:
  adds r0, r0, #1
  movs r2, #1
  nop
  add.w r3, r0, #256
  nop
end:
  ldr r5, =1000
  cmp r7, r5
  mov r7, r5
  bne again
  ldr r1, =arguments
  movs r0, #0x20
  bkpt #0xab
here:
  b here
  .align 2
arguments:
  .word 0x20026, 0
)";

const std::string kVectors = ".section .vectors, \"a\"\n.word 0x20001000\n.word reset_handler\n.text\n";

/// Assembles, links and runs `source` under the counter.
std::vector<InstructionCount> count(const std::string& source, const testing::TemporaryFolder& folder) {
  const fs::path assembly = folder.path() / "a.s", elf = folder.path() / "a.elf";
  write_text(assembly, source);
  const ProcessResult linked =
      run_process({"arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-nostdlib", "-Wl,--section-start=.vectors=0",
                   "-Wl,-Ttext=0x100", assembly.string(), "-o", elf.string()});
  EXPECT_EQ(linked.status, 0) << linked.output;
  const TargetProfile profile = load_profile("mps2-an386");
  const InstructionCounter counter(profile, elf, "begin", "end", {"mark"}, folder.path(), folder.path());
  const ProcessResult run = run_process(emulator_command(profile, elf, {.words = {"x"}, .plugin = counter.plugin()}),
                                        {.cwd = folder.path(), .timeout_s = 60});
  EXPECT_FALSE(run.timed_out);
  return counter.result();
}

std::uint64_t of(const InstructionCount& sum, Kind kind) {
  return sum.by_class.at(static_cast<std::size_t>(kind));
}

// The code begins at 0x100: the add lies half on the page that begins at 0x1000.
TEST(InstructionCounter, IsExactAndCountsTheLastRound) {
  const testing::TemporaryFolder folder;
  const std::string source = kVectors + kArm;
  const std::vector<InstructionCount> phases = count(source, folder);
  ASSERT_EQ(phases.size(), 2u);
  EXPECT_EQ(phases[0].instructions, 2 + 4 * kRounds);
  EXPECT_EQ(of(phases[0], Kind::multiply), kRounds);
  EXPECT_EQ(of(phases[0], Kind::branch), kRounds);
  EXPECT_EQ(of(phases[0], Kind::alu), 2 + 2 * kRounds);
  EXPECT_EQ(phases[0].jumps, kRounds - 1);
  EXPECT_EQ(phases[0].m4_cycles_estimate, 2 + 4 * kRounds + 2 * (kRounds - 1));
  EXPECT_EQ(phases[1].instructions, 12u);
  EXPECT_EQ(of(phases[1], Kind::load), 3u);
  EXPECT_EQ(of(phases[1], Kind::store), 1u);
  EXPECT_EQ(of(phases[1], Kind::divide), 1u);
  EXPECT_EQ(of(phases[1], Kind::branch), 2u);
  EXPECT_EQ(of(phases[1], Kind::alu), 5u);
  EXPECT_EQ(phases[1].jumps, 2u);
  // push 3; ldr 2 behind it, then 1; udiv 7; b 1 and its jump 2; pop 3; b 1 and its jump 2; five of 1
  EXPECT_EQ(phases[1].m4_cycles_estimate, 3 + 2 + 1 + 7 + 3 + 3 + 3 + 5u);
}

TEST(InstructionCounter, GivesTheSameTwice) {
  const testing::TemporaryFolder folder;
  const std::string source = kVectors + kArm;
  const std::vector<InstructionCount> one = count(source, folder), two = count(source, folder);
  EXPECT_EQ(one[0].instructions, two[0].instructions);
  EXPECT_EQ(one[1].m4_cycles_estimate, two[1].m4_cycles_estimate);
}

TEST(InstructionCounter, MissesALabelByName) {
  const testing::TemporaryFolder folder;
  try {
    count(kVectors + ".thumb_func\nreset_handler: b reset_handler\n", folder);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "elf.no_symbol");
    EXPECT_EQ(error.text.expected, "begin");
  }
}

TEST(SumStretches, RefusesCodeThatTheDisassemblyLacks) {
  const Disassembly code = {{0x100, {Kind::alu, 0}}, {0x104, {Kind::branch, 0}}};
  const CountedStretch stretch = {.first = 0x100, .end = 0x106, .instructions = 3, .times = 1};
  try {
    sum_stretches({stretch}, code, 1);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.text.code, "count.code");
  }
}

TEST(ClassifyArm, TellsBranchesFromWhatLooksLikeThem) {
  for (const char* branch : {"b.n", "b.w", "beq.n", "bls.n", "bl", "ble.n", "blx", "bxeq", "cbz", "tbb", "le", "letp"})
    EXPECT_EQ(classify_arm(branch, "").kind, Kind::branch) << branch;
  for (const char* other : {"bic.w", "bfi", "bfc", "bics", "lsls", "it", "sxtb.w", "cmp", "ubfx", "ssat", "rev"})
    EXPECT_EQ(classify_arm(other, "").kind, Kind::alu) << other;
  for (const char* multiply : {"mla", "mls", "muls", "smlad", "smull", "umlal", "smmulr", "smlabb", "umaal"})
    EXPECT_EQ(classify_arm(multiply, "").kind, Kind::multiply) << multiply;
  EXPECT_EQ(classify_arm("vmlava.s8", "").kind, Kind::float_and_vector);
}

TEST(ClassifyArm, CountsTheRegistersThatMove) {
  EXPECT_EQ(classify_arm("ldr.w", "r0, [r1, #4]").registers, 1u);
  EXPECT_EQ(classify_arm("ldrd", "r0, r1, [sp]").registers, 2u);
  EXPECT_EQ(classify_arm("push", "{r4, r5, r6, lr}").registers, 4u);
  EXPECT_EQ(classify_arm("stmdb", "sp!, {r4, r5, r6, r7, r8, r9, sl, fp, lr}").registers, 9u);
  EXPECT_EQ(classify_arm("ldmia.w", "r9, {r0, r1}").registers, 2u);
  EXPECT_EQ(classify_arm("vpush", "{d8-d11}").registers, 8u);
  EXPECT_EQ(classify_arm("vldmia", "r3!, {s14-s15}").registers, 2u);
  EXPECT_EQ(classify_arm("vldrb.s8", "q0, [r1]").kind, Kind::load);
}

TEST(ClassifyRiscv, KnowsTheNamesOfObjdump) {
  EXPECT_EQ(classify_riscv("lbu").kind, Kind::load);
  EXPECT_EQ(classify_riscv("sb").kind, Kind::store);
  EXPECT_EQ(classify_riscv("bgtz").kind, Kind::branch);
  EXPECT_EQ(classify_riscv("ret").kind, Kind::branch);
  EXPECT_EQ(classify_riscv("mulh").kind, Kind::multiply);
  EXPECT_EQ(classify_riscv("remu").kind, Kind::divide);
  EXPECT_EQ(classify_riscv("fence").kind, Kind::alu);
  EXPECT_EQ(classify_riscv("fmul.s").kind, Kind::float_and_vector);
  EXPECT_EQ(classify_riscv("li").kind, Kind::alu);
}

}  // namespace
}  // namespace edgesmith
