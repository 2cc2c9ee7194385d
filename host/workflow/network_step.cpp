#include "host/workflow/network_step.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/npy.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"
#include "host/ir/text.h"

namespace edgesmith {
namespace {

std::string npy_dtype(ir::DType dtype) {
  switch (dtype) {
    case ir::DType::f32:
      return "f4";
    case ir::DType::f16:
      return "f2";
    case ir::DType::s8:
      return "i1";
    case ir::DType::u8:
      return "u1";
    case ir::DType::s16:
      return "i2";
    case ir::DType::s32:
      return "i4";
  }
  return "";
}

bool is_npy(const fs::path& file) {
  return file.extension() == ".npy";
}

Bytes read_tensor(const fs::path& file, const ir::Tensor& tensor) {
  const std::string expected = fmt::format("{} {}, {} bytes", ir::dtype_name(tensor.dtype),
                                           ir::shape_text(tensor.shape), ir::tensor_bytes(tensor));
  Bytes bytes;
  std::string found;
  bool fits = true;
  if (is_npy(file)) {
    NpyArray array = read_npy(file);
    fits = array.dtype == npy_dtype(tensor.dtype);
    bytes = std::move(array.bytes);
    found = fmt::format("{} {}, {} bytes", array.dtype, ir::shape_text(array.shape), bytes.size());
  } else {
    bytes = read_bytes(file);
    found = fmt::format("{} bytes", bytes.size());
  }
  if (fits && bytes.size() == ir::tensor_bytes(tensor)) return bytes;
  throw Error({.code = "run.input",
               .what = "the input file does not hold the network's input tensor",
               .where = file.string(),
               .expected = expected,
               .found = found,
               .try_this = "convert the array to that dtype and size"});
}

void write_tensor(const fs::path& file, const ir::Tensor& tensor, const Bytes& bytes) {
  if (!is_npy(file)) return write_bytes(file, bytes.data(), bytes.size());
  write_npy(file, {npy_dtype(tensor.dtype), tensor.shape, bytes});
}

}  // namespace

NetworkRun run_network_file(const fs::path& model, const fs::path& input, const fs::path& output) {
  const ir::Graph graph = convert::read_tflite(model);
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1) {
    throw Error({.code = "run.ends",
                 .what = "the network has several inputs or outputs",
                 .where = model.string(),
                 .expected = "one of each",
                 .found = fmt::format("{} inputs, {} outputs", graph.inputs.size(), graph.outputs.size())});
  }
  const ir::Tensor& in = graph.tensor(graph.inputs[0]);
  const ir::Tensor& out = graph.tensor(graph.outputs[0]);
  ir::Interpreter interpreter(graph);
  write_tensor(output, out, interpreter.run({read_tensor(input, in)}).at(0));
  return {ir::shape_text(in.shape), ir::dtype_name(in.dtype), ir::shape_text(out.shape), ir::dtype_name(out.dtype)};
}

std::string network_text(const fs::path& model) {
  return ir::to_text(convert::read_tflite(model));
}

}  // namespace edgesmith
