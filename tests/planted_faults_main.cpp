// planted_faults PROJECT BOARD: plants one fault after another on the board's side of a trained project, and prints for
// both back ends what the harness then says. For end_to_end/faults_test.py.

#include <cstdio>

#include "host/base/error.h"
#include "host/project/project.h"
#include "host/target/elf.h"
#include "host/target/profile.h"
#include "host/workflow/desk.h"
#include "host/workflow/device_step.h"
#include "host/workflow/test_step.h"

namespace edgesmith {
namespace {

void print(const char* fault, const std::string& back_end, const std::string& difference) {
  std::printf("%s, %s: %s\n", fault, back_end.c_str(), difference.c_str());
}

void plant_on_the_way(const Project& project, const std::string& board, const char* fault,
                      const PlantedFaults& faults) {
  for (const BackEndTest& test : test_project(project, board, "", false, faults).back_ends)
    print(fault, test.name, test.first_difference);
}

/// What a test recording says through an image whose flash has one bit wrong.
std::string run_changed(const Project& project, const ProjectBuild& build, const fs::path& elf, const char* symbol,
                        std::uint64_t bit) {
  const fs::path changed = fs::path(elf).replace_extension(".changed");
  flip_bit_in_elf(elf, symbol, bit, changed);
  const ProjectData data = load_project_data(project, build.compiled.plan.road);
  const HarnessRun device =
      run_over_link(load_profile(build.compiled.board), changed, stretches_of(build.compiled.plan.road, data, {0}));
  fs::remove(changed);
  if (const auto refused = compare_begin(device.info.begun)) return to_text(*refused);
  Desk desk(plan_file_bytes(build.compiled.plan));
  const Comparison comparison = compare_windows(desk.run(data.recordings[0]), device.windows);
  return comparison.first ? to_text(*comparison.first) : "nothing";
}

void plant_in_flash(const Project& project, const std::string& board) {
  const ProjectBuild build = build_project(project, board, "");
  print("weight", "generated C++", run_changed(project, build, build.generated.elf, "kOp0Weights", 8 * 20 + 6));
  const std::uint64_t middle = plan_file_bytes(build.compiled.plan).size() / 2;  // among the weights
  print("weight", "plan file", run_changed(project, build, build.plan_file.elf, "edgesmith_plan", 8 * middle + 6));
}

int run(const fs::path& folder, const std::string& board) {
  const Project project = read_project(folder);
  const std::size_t bits_per_sample = project.input.channels.size() * 16;
  PlantedFaults sample;
  sample.sample_bit = {0, 100 * bits_per_sample + 12};  // an upper bit of the first channel of sample 100
  plant_on_the_way(project, board, "sample", sample);
  plant_in_flash(project, board);
  PlantedFaults rule;
  rule.threshold = {1, 1.0f};
  plant_on_the_way(project, board, "rule", rule);
  return 0;
}

}  // namespace
}  // namespace edgesmith

int main(int argc, char** argv) {
  try {
    return argc == 3 ? edgesmith::run(argv[1], argv[2]) : 2;
  } catch (const edgesmith::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind);
  }
}
