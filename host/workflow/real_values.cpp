#include "host/workflow/real_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/base/error.h"
#include "host/base/npy.h"
#include "host/workflow/tensor_files.h"

namespace edgesmith {
namespace {

[[noreturn]] void refuse_dtype(const ir::Tensor& tensor) {
  throw Error({.code = "tensor.dtype",
               .what = fmt::format("tensor '{}' has a type that stands for no real numbers here", tensor.name),
               .expected = "float32, int8 or uint8",
               .found = ir::dtype_name(tensor.dtype)});
}

template <typename T>
std::vector<double> values_as(const Bytes& bytes) {
  std::vector<T> items(bytes.size() / sizeof(T));
  std::memcpy(items.data(), bytes.data(), items.size() * sizeof(T));
  return {items.begin(), items.end()};
}

template <typename T>
Bytes bytes_as(const std::vector<double>& values) {
  Bytes bytes(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T item = static_cast<T>(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &item, sizeof item);
  }
  return bytes;
}

std::vector<double> raw_values(const ir::Tensor& tensor, const Bytes& bytes) {
  switch (tensor.dtype) {
    case ir::DType::f32:
      return values_as<float>(bytes);
    case ir::DType::s8:
      return values_as<std::int8_t>(bytes);
    case ir::DType::u8:
      return values_as<std::uint8_t>(bytes);
    case ir::DType::s32:
      return values_as<std::int32_t>(bytes);
    case ir::DType::f16:
    case ir::DType::s16:
      break;
  }
  refuse_dtype(tensor);
}

/// Elements between one index of the quantised axis and the next.
std::size_t inner_elems(const ir::Tensor& tensor) {
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(tensor.quantization.axis) + 1; d < tensor.shape.size(); ++d)
    inner *= static_cast<std::size_t>(tensor.shape[d]);
  return inner;
}

bool is_layer(ir::OpKind kind) {
  return kind == ir::OpKind::conv2d || kind == ir::OpKind::depthwise_conv2d || kind == ir::OpKind::fully_connected;
}

/// A layer's int32 bias stands for input_scale * weight_scale * q, whatever the file says of it.
void make_bias_real(const ir::Graph& graph, const ir::Op& op, ir::Graph& real) {
  if (!is_layer(op.kind) || op.inputs.size() < 3 || op.inputs[2] == ir::kNoTensor) return;
  const ir::Tensor& bias = graph.tensor(op.inputs[2]);
  if (bias.dtype != ir::DType::s32) return;
  const std::vector<float>& scales = graph.tensor(op.inputs[1]).quantization.scale;
  const double input_scale = graph.tensor(op.inputs[0]).quantization.scale.at(0);
  std::vector<double> values = raw_values(bias, bias.data);
  for (std::size_t c = 0; c < values.size(); ++c)
    values[c] *= input_scale * static_cast<double>(scales[scales.size() == 1 ? 0 : c]);
  real.tensor(op.inputs[2]).data = bytes_as<float>(values);
}

}  // namespace

std::vector<double> real_values(const ir::Tensor& tensor, const Bytes& bytes) {
  std::vector<double> values = raw_values(tensor, bytes);
  const ir::Quantization& quantization = tensor.quantization;
  if (tensor.dtype == ir::DType::f32 || quantization.empty()) return values;
  const std::size_t channels = quantization.scale.size(), inner = channels == 1 ? 1 : inner_elems(tensor);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t c = channels == 1 ? 0 : i / inner % channels;
    values[i] =
        static_cast<double>(quantization.scale[c]) * (values[i] - static_cast<double>(quantization.zero_point[c]));
  }
  return values;
}

Bytes stored_values(const ir::Tensor& tensor, const std::vector<double>& values) {
  std::vector<double> clamped = values;
  const auto clamp_all = [&clamped](double low, double high) {
    for (double& value : clamped)
      value = std::clamp(value, low, high);
  };
  switch (tensor.dtype) {
    case ir::DType::f32:
      return bytes_as<float>(values);
    case ir::DType::s8:
      clamp_all(-128, 127);
      return bytes_as<std::int8_t>(clamped);
    case ir::DType::u8:
      clamp_all(0, 255);
      return bytes_as<std::uint8_t>(clamped);
    case ir::DType::f16:
    case ir::DType::s16:
    case ir::DType::s32:
      break;
  }
  refuse_dtype(tensor);
}

Bytes stored(const ir::Tensor& tensor, const std::vector<double>& real) {
  const ir::Quantization& quantization = tensor.quantization;
  if (tensor.dtype == ir::DType::f32 || quantization.empty()) return stored_values(tensor, real);
  std::vector<double> values = real;
  for (double& value : values) {
    value = std::round(value / static_cast<double>(quantization.scale[0])) +
            static_cast<double>(quantization.zero_point[0]);
  }
  return stored_values(tensor, values);
}

std::vector<double> read_real_values(const fs::path& file, const ir::Tensor& tensor) {
  ir::Tensor real = tensor;
  real.dtype = ir::DType::f32;
  const bool is_float =
      file.extension() == ".npy" ? read_npy(file).dtype == "f4" : fs::file_size(file) == ir::tensor_bytes(real);
  const ir::Tensor& as = is_float ? real : tensor;
  const Bytes bytes = read_tensors(file, as);
  if (bytes.size() == ir::tensor_bytes(as)) return real_values(as, bytes);
  throw Error({.code = "run.input",
               .what = "the file holds more than one tensor",
               .where = file.string(),
               .expected = fmt::format("{} bytes", ir::tensor_bytes(as)),
               .found = fmt::format("{} bytes", bytes.size())});
}

ir::Graph in_real_numbers(const ir::Graph& graph) {
  ir::Graph real = graph;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const ir::Tensor& tensor = graph.tensors[t];
    const bool integer =
        tensor.dtype == ir::DType::s8 || tensor.dtype == ir::DType::u8 || tensor.dtype == ir::DType::s32;
    if (!integer) continue;
    if (tensor.constant()) real.tensors[t].data = bytes_as<float>(real_values(tensor, tensor.data));
    real.tensors[t].dtype = ir::DType::f32;
    real.tensors[t].quantization = {};
  }
  for (ir::Op& op : real.ops) {
    make_bias_real(graph, op, real);
    const bool changes_type = op.kind == ir::OpKind::quantize || op.kind == ir::OpKind::dequantize;
    if (changes_type) op.kind = ir::OpKind::reshape;
  }
  return real;
}

}  // namespace edgesmith
