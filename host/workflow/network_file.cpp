#include "host/workflow/network_file.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <sstream>

#include "host/base/error.h"
#include "host/base/hash.h"
#include "host/base/text.h"
#include "host/codegen/emit_cpp.h"
#include "host/convert/model_file.h"
#include "host/convert/onnx/onnx.h"
#include "host/convert/tflite/tflite.h"
#include "host/passes/passes.h"

namespace edgesmith {
namespace {

Digest hash_of(const fs::path& model) {
  const Bytes bytes = read_bytes(model);
  return digest_from_hex(sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

bool is_tflite(const Bytes& bytes) {
  return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "TFL3", 4) == 0;
}

[[noreturn]] void refuse_dim(const NetworkFile& file, const std::string& dim) {
  throw Error({.code = "network.dim",
               .what = "a size for an open dimension does not read",
               .where = file.path.string(),
               .expected = "NAME=4 or INPUT:0=4 for .onnx, INPUT=1x49x10x1 or 1x49x10x1 for .tflite",
               .found = dim});
}

/// A positive number, or refuses `dim`.
std::int64_t size_of(const NetworkFile& file, const std::string& dim, const std::string& text) {
  std::int64_t size = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (problem != std::errc() || end != text.data() + text.size() || size < 1) refuse_dim(file, dim);
  return size;
}

convert::ReadOptions shapes_of(const NetworkFile& file) {
  convert::ReadOptions options;
  for (const std::string& dim : file.dims) {
    const std::size_t equals = dim.rfind('=');
    const std::string name = equals == std::string::npos ? "" : dim.substr(0, equals);
    std::vector<std::int64_t>& shape = options.input_shapes[name];
    std::istringstream sizes(equals == std::string::npos ? dim : dim.substr(equals + 1));
    for (std::string size; std::getline(sizes, size, 'x');)
      shape.push_back(size_of(file, dim, size));
  }
  return options;
}

convert::OnnxOptions dims_of(const NetworkFile& file) {
  convert::OnnxOptions options;
  for (const std::string& dim : file.dims) {
    const std::size_t equals = dim.rfind('=');
    if (equals == std::string::npos) refuse_dim(file, dim);
    options.dims[dim.substr(0, equals)] = size_of(file, dim, dim.substr(equals + 1));
  }
  return options;
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

ir::Graph read_network_file(const NetworkFile& file) {
  const Bytes bytes = convert::read_model_file(file.path);
  const std::string name = file.path.filename().string();
  if (is_tflite(bytes) || file.path.extension() != ".onnx") return convert::read_tflite(bytes, name, shapes_of(file));
  return convert::read_onnx(bytes, name, dims_of(file));
}

void convert_network_file(const NetworkFile& file, const fs::path& output) {
  const Bytes bytes = convert::write_tflite(read_network_file(file));
  write_bytes(output, bytes.data(), bytes.size());
}

CompileResult compile_network_file(const NetworkFile& file, const NetworkCompileRequest& request) {
  const fs::path& model = file.path;
  const TargetProfile profile = load_profile(request.board);
  ir::Graph graph = read_network_file(file);
  CompileResult result;
  const Rounding rounding = rounding_named(request.rounding);
  passes::run_passes(graph, rounding);
  const std::string name = request.name.empty() ? model.stem().string() : request.name;
  result.plan =
      compile_bare_network(name, graph, hash_of(model), {rounding, &kernel_set_for(request.kernels, profile)});
  result.board = profile.name;
  result.emit = request.emit;
  const std::string made_by =
      fmt::format("edgesmith compile {} --target {} --emit {}{}{}", model.filename().string(), profile.name,
                  request.emit, request.name.empty() ? "" : " --name ", request.name);
  finish_compile(profile, {}, made_by, request.output, result);
  return result;
}

}  // namespace edgesmith
