#include "host/workflow/network_file.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/hash.h"
#include "host/base/text.h"
#include "host/codegen/emit_cpp.h"
#include "host/convert/tflite/tflite.h"
#include "host/passes/passes.h"

namespace edgesmith {
namespace {

Digest hash_of(const fs::path& model) {
  const Bytes bytes = read_bytes(model);
  return digest_from_hex(sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

}  // namespace

Rounding rounding_named(const std::string& name) {
  if (name == "tflm_double") return Rounding::tflm_double;
  if (name == "single") return Rounding::single;
  throw Error({.code = "network.rounding",
               .what = "there is no such rounding",
               .expected = "tflm_double or single",
               .found = name,
               .try_this = did_you_mean(name, {"tflm_double", "single"})});
}

ir::Graph read_network_file(const fs::path& model) {
  return convert::read_tflite(model);
}

CompileResult compile_network_file(const fs::path& model, const NetworkCompileRequest& request) {
  const TargetProfile profile = load_profile(request.board);
  ir::Graph graph = read_network_file(model);
  CompileResult result;
  const Rounding rounding = rounding_named(request.rounding);
  passes::run_passes(graph, rounding);
  const std::string name = request.name.empty() ? model.stem().string() : request.name;
  result.plan =
      compile_bare_network(name, graph, hash_of(model), {rounding, &kernel_set_for(request.kernels, profile)});
  result.board = profile.name;
  result.emit = request.emit;
  const std::string made_by =
      fmt::format("edgesmith compile {} --target {} --emit {}", model.filename().string(), profile.name, request.emit);
  finish_compile(profile, {}, made_by, request.output, result);
  return result;
}

}  // namespace edgesmith
