#pragma once
// compile and build: a run -> C++ folder or plan file -> linked firmware.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "host/target/build_firmware.h"
#include "host/workflow/run_model.h"

namespace edgesmith {

struct MemoryUse {
  RamUse ram;
  std::uint32_t stack = 0;                          // measured on the target; 0 = not measured
  std::uint32_t weights = 0, tables = 0, code = 0;  // flash; code is known once it is linked; recorded samples that
                                                    // an image plays back are not counted
  std::uint64_t ram_total() const;
  std::uint64_t flash_total() const {
    return std::uint64_t{weights} + tables + code;
  }
};
nlohmann::ordered_json ram_json(const MemoryUse& use);
nlohmann::ordered_json flash_json(const MemoryUse& use);

struct CompileRequest {
  std::string board, run, emit = "cpp";  // cpp | plan
  std::filesystem::path output;          // cpp: a folder, plan: a file, or a folder that gets <name>.plan
};

struct CompileResult {
  CompiledPlan plan;
  std::string run, board, emit;
  std::filesystem::path output;
  MemoryUse memory;
};

/// The kernel set that `name` (reference, portable, native = the board's own) means on a board. Error
/// ("kernels.unknown").
const kernels::KernelSet& kernel_set_for(const std::string& name, const TargetProfile& profile);

/// Bytes that the user grants; 0 = all that the board has.
struct Budget {
  std::int64_t ram_bytes = 0, flash_bytes = 0;
};

/// Checks that result.plan fits the board and writes it as result.emit says to `output`; nothing is written when that
/// is empty. Error "target.does_not_fit".
void finish_compile(const TargetProfile& profile, const Budget& budget, const std::string& made_by,
                    const std::filesystem::path& output, CompileResult& result);

/// Error "target.does_not_fit" when RAM or flash exceed the board's or [target]'s budget.
CompileResult compile_project(const Project& project, const CompileRequest& request);

/// Writes the generated folder as a whole; what people put beside generated code stays.
void write_cpp_folder(const CompiledPlan& plan, const std::filesystem::path& folder, const std::string& made_by);

/// Error (unavailable, "build.other_tree") when the tool was built from other device sources than firmware would be.
void check_same_tree();

struct ProjectBuild {
  BuildResult generated, plan_file;  // the two back ends
  CompileResult compiled;
  MemoryUse memory;
};

/// Compiles and links both back ends below project/build/<board>/.
ProjectBuild build_project(const Project& project, const std::string& board, const std::string& run);

/// Writes the firmware to a board. Error (unavailable) that says what is missing: no board can be flashed yet, and an
/// emulator takes its image when it starts.
[[noreturn]] void flash_project(const Project& project, const std::string& board);

/// Name of the board in use: the one asked for, else [target] board.
std::string board_name(const Project& project, const std::string& asked);

}  // namespace edgesmith
