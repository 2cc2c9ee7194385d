#pragma once
// A network file as a program that runs it on files, for a board or for this computer, built in a cache.

#include <filesystem>
#include <string>

#include "host/base/error.h"
#include "host/target/build_firmware.h"
#include "host/workflow/network_file.h"

namespace edgesmith {

enum class Backend { plan, cpp };

struct ImageRequest {
  std::string board = "host", kernels = "native", rounding = "tflm_double";
  bool labels = false;  // for counting instructions; of generated C++ only, see GeneratedNetwork
};

struct NetworkImage {
  TargetProfile profile;
  CompiledPlan plan;
  MemoryUse memory;  // as far as compile knows it
  std::filesystem::path elf, work_folder;
  FirmwareSizes sizes;
  std::vector<std::filesystem::path> model_objects;  // see BuildResult
};

/// $EDGESMITH_CACHE, by default in the user's cache folder.
std::filesystem::path cache_folder();

/// Compiles the network and links it into firmware/apps/network_app, below $EDGESMITH_CACHE (default: the user's cache
/// folder); what did not change is not compiled again. Errors: those of compile_network_file() and build_firmware().
NetworkImage build_network_image(const NetworkFile& file, Backend backend, const ImageRequest& request);

/// What to throw when begin() failed in the image.
Error image_refused(const NetworkImage& image, Status begun);

}  // namespace edgesmith
