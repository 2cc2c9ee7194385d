#include "host/workflow/tensor_files.h"

#include <fmt/format.h>

#include "host/base/error.h"
#include "host/base/npy.h"

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

}  // namespace

Bytes read_tensors(const fs::path& file, const ir::Tensor& tensor) {
  const std::size_t tensor_bytes = ir::tensor_bytes(tensor);
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
  if (fits && !bytes.empty() && bytes.size() % tensor_bytes == 0) return bytes;
  throw Error({.code = "run.input",
               .what = fmt::format("the file does not hold tensor '{}'", tensor.name),
               .where = file.string(),
               .expected = fmt::format("{} {}, {} bytes, once or several times", ir::dtype_name(tensor.dtype),
                                       ir::shape_text(tensor.shape), tensor_bytes),
               .found = found,
               .try_this = "convert the array to that dtype and size"});
}

void write_tensors(const fs::path& file, const ir::Tensor& tensor, const Bytes& bytes) {
  if (!is_npy(file)) return write_bytes(file, bytes.data(), bytes.size());
  const auto count = static_cast<std::int64_t>(bytes.size() / ir::tensor_bytes(tensor));
  std::vector<std::int64_t> shape = tensor.shape;
  if (count != 1) shape.insert(shape.begin(), count);
  write_npy(file, {npy_dtype(tensor.dtype), shape, bytes});
}

}  // namespace edgesmith
