#include "host/target/instruction_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/hash.h"
#include "host/base/process.h"
#include "host/target/elf.h"

namespace edgesmith {
namespace {

constexpr const char* kPluginSource = "firmware/emulator/count_instructions.cpp";
constexpr std::uint64_t kDivideCycles = 7, kJumpCycles = 2;

/// The emulator's plugin, built by the compiler of this computer and named by its source, so that no two mix.
fs::path plugin_file(const fs::path& cache_folder) {
  const fs::path source = home_folder() / kPluginSource;
  const fs::path file = cache_folder / fmt::format("count_instructions-{}.so", sha256_file(source).substr(0, 12));
  if (fs::exists(file)) return file;
  fs::create_directories(cache_folder);
  const fs::path unfinished = file.string() + ".part";
  const std::string compiler = load_profile("host").toolchain.compiler;
  const ProcessResult result =
      run_process({compiler, "-std=c++17", "-O2", "-shared", "-fPIC", source.string(), "-o", unfinished.string()});
  if (result.status != 0) {
    throw Error(ErrorKind::unavailable, {.code = "count.plugin",
                                         .what = "the emulator's plugin cannot be built",
                                         .where = source.string(),
                                         .found = result.output.substr(0, 1000),
                                         .try_this = "a C++17 compiler for this computer: tools/bootstrap"});
  }
  fs::rename(unfinished, file);
  return file;
}

std::uint64_t address_of(const Elf& elf, const fs::path& file, const std::string& label) {
  for (const ElfSymbol& symbol : elf.symbols) {
    if (symbol.section != 0 && symbol.name == label) return symbol.address & ~std::uint64_t{1};  // Thumb's mark
  }
  throw Error{{.code = "elf.no_symbol", .what = "the image lacks a label", .where = file.string(), .expected = label}};
}

/// What an instruction takes by itself, given the one before it in the same stretch.
std::uint64_t m4_cycles(const Instruction& now, const Instruction* before) {
  const bool memory = now.kind == InstructionClass::load || now.kind == InstructionClass::store;
  if (now.kind == InstructionClass::divide) return kDivideCycles;
  if (!memory) return 1;
  if (now.registers > 1) return 1 + now.registers;
  if (now.kind == InstructionClass::store) return 1;
  const bool follows = before != nullptr && before->registers == 1;
  return follows ? 1 : 2;
}

[[noreturn]] void unknown_code(std::uint64_t address) {
  throw Error(ErrorKind::defect, {.code = "count.code",
                                  .what = "the emulator ran what the disassembly does not show",
                                  .where = fmt::format("{:#x}", address)});
}

/// One pass through a stretch, without what follows its end.
InstructionCount count_once(const CountedStretch& stretch, const Disassembly& code) {
  InstructionCount count;
  const Instruction* before = nullptr;
  for (auto at = code.find(stretch.first); at != code.end() && at->first < stretch.end; ++at) {
    ++count.instructions;
    ++count.by_class.at(static_cast<std::size_t>(at->second.kind));
    count.m4_cycles_estimate += m4_cycles(at->second, before);
    before = &at->second;
  }
  if (count.instructions != stretch.instructions) unknown_code(stretch.first);
  return count;
}

std::vector<CountedStretch> read_stretches(const fs::path& file) {
  std::vector<CountedStretch> stretches;
  std::istringstream in(read_text(file));
  CountedStretch stretch;
  while (in >> std::dec >> stretch.phase >> std::hex >> stretch.first >> stretch.end >> std::dec >>
         stretch.instructions >> stretch.times >> stretch.jumps) {
    stretches.push_back(stretch);
  }
  return stretches;
}

}  // namespace

const char* const kM4Formula =
    "1 for every instruction; + 1 for a load of one register, unless a load or store of one register comes right "
    "before "
    "it; + n for a load or store of n > 1 registers; + 6 for a divide; + 2 for every jump that is taken";

void InstructionCount::add(const InstructionCount& other) {
  instructions += other.instructions;
  jumps += other.jumps;
  m4_cycles_estimate += other.m4_cycles_estimate;
  for (std::size_t i = 0; i < by_class.size(); ++i)
    by_class[i] += other.by_class[i];
}

std::vector<InstructionCount> sum_stretches(const std::vector<CountedStretch>& stretches, const Disassembly& code,
                                            std::size_t phases) {
  std::vector<InstructionCount> sums(phases);
  for (const CountedStretch& stretch : stretches) {
    InstructionCount count = count_once(stretch, code);
    count.instructions *= stretch.times;
    for (std::uint64_t& of_class : count.by_class)
      of_class *= stretch.times;
    count.jumps = stretch.jumps;
    count.m4_cycles_estimate = count.m4_cycles_estimate * stretch.times + kJumpCycles * stretch.jumps;
    sums.at(stretch.phase).add(count);
  }
  return sums;
}

InstructionCounter::InstructionCounter(const TargetProfile& profile, const fs::path& elf, const std::string& begin,
                                       const std::string& end, const std::vector<std::string>& marks,
                                       const fs::path& cache_folder, const fs::path& out_folder)
    : profile_(profile), elf_(elf), out_(fs::absolute(out_folder / "count.txt")), phases_(marks.size() + 1) {
  const Elf image = read_elf(elf);
  const std::uint64_t begin_at = address_of(image, elf, begin), end_at = address_of(image, elf, end);
  plugin_ = fmt::format("{},out={},begin={:#x},end={:#x}", fs::absolute(plugin_file(cache_folder)).string(),
                        out_.string(), begin_at, end_at);
  for (const std::string& mark : marks)
    plugin_ += fmt::format(",mark={:#x}", address_of(image, elf, mark));
  fs::remove(out_);
}

std::vector<InstructionCount> InstructionCounter::result() const {
  const std::vector<CountedStretch> stretches = fs::exists(out_) ? read_stretches(out_) : std::vector<CountedStretch>();
  if (stretches.empty()) {
    throw Error(ErrorKind::defect,
                {.code = "count.none", .what = "the emulator counted nothing", .where = profile_.name});
  }
  return sum_stretches(stretches, disassemble(profile_, elf_), phases_);
}

}  // namespace edgesmith
