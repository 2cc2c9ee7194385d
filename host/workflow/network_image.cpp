#include "host/workflow/network_image.h"

#include <fmt/format.h>

#include <cstdlib>

#include "host/base/hash.h"
#include "host/codegen/emit_cpp.h"
#include "host/target/status_text.h"

namespace edgesmith {

fs::path cache_folder() {
  if (const char* named = std::getenv("EDGESMITH_CACHE")) return named;
  if (const char* user = std::getenv("XDG_CACHE_HOME")) return fs::path(user) / "edgesmith";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache/edgesmith";
  return fs::temp_directory_path() / "edgesmith";
}

NetworkImage build_network_image(const NetworkFile& file, Backend backend, const ImageRequest& request) {
  NetworkImage image;
  image.profile = load_profile(request.board);
  require(image.profile, "build");
  check_same_tree();
  NetworkCompileRequest compile;
  compile.board = request.board;
  compile.kernels = request.kernels;
  compile.rounding = request.rounding;
  compile.emit = backend == Backend::cpp ? "cpp" : "plan";
  const CompileResult compiled = compile_network_file(file, compile);
  image.plan = compiled.plan;
  image.memory = compiled.memory;
  const NetworkPlan& network = image.plan.network;
  const std::string name = identifier(image.plan.name);
  image.work_folder = cache_folder() / fmt::format("{}-{}-{}-{}-{}", name, hex(image.plan.plan_id).substr(0, 12),
                                                   image.profile.name, compile.emit, network.kernels->name);
  BuildRequest build = {.profile = image.profile,
                        .model = {},
                        .replay = {},
                        .work_folder = image.work_folder,
                        .elf = image.work_folder / (request.labels ? "labels.elf" : "network.elf")};
  if (backend == Backend::cpp) {
    const fs::path folder = image.work_folder / name;
    write_cpp_folder(image.plan, folder, "edgesmith run");
    build.model = GeneratedNetwork{folder, name, request.labels};
  } else {
    build.model = PlanFileNetwork{plan_file_bytes(image.plan), network.arena_bytes, network.kernels->name};
  }
  const BuildResult built = build_firmware(build);
  image.elf = built.elf;
  image.sizes = built.sizes;
  image.model_objects = built.model_objects;
  return image;
}

Error image_refused(const NetworkImage& image, Status begun) {
  return Error({.code = "network.refused",
                .what = "the network did not begin on the target",
                .where = image.profile.name,
                .expected = "its self-test passes",
                .found = status_text(begun)});
}

}  // namespace edgesmith
