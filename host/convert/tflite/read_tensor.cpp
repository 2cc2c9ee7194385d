// Input is untrusted: every index, product and length is checked before use.
#include "host/convert/tflite/read_tensor.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "host/convert/problems.h"

namespace edgesmith::convert {
namespace {

constexpr std::int64_t kMaxElems = std::int64_t{1} << 24;  // 16 Mi: far beyond any microcontroller, far below overflow
constexpr std::size_t kMaxRank = 6;

std::string name_of(const wire::Tensor& tensor, int index) {
  return "tensor " + std::to_string(index) + (tensor.name() ? " '" + printable(tensor.name()) + "'" : "");
}

ir::DType dtype_of(wire::TensorType type, const std::string& who) {
  switch (type) {
    case wire::TensorType::FLOAT32:
      return ir::DType::f32;
    case wire::TensorType::FLOAT16:
      return ir::DType::f16;
    case wire::TensorType::INT8:
      return ir::DType::s8;
    case wire::TensorType::UINT8:
      return ir::DType::u8;
    case wire::TensorType::INT32:
      return ir::DType::s32;
    default:
      throw Refusal{who + " has type " + wire::EnumNameTensorType(type),
                    "FLOAT32 or INT8, INT32 biases, FLOAT16 weights, UINT8 at the ends",
                    "convert again, as plain float32 or with full integer (int8) quantization"};
  }
}

std::vector<std::int64_t> shape_of(const wire::Tensor& tensor, const std::string& who) {
  std::vector<std::int64_t> shape;
  std::int64_t product = 1;
  if (!tensor.shape()) return shape;
  require(tensor.shape()->size() <= kMaxRank, who + " has " + std::to_string(tensor.shape()->size()) + " dimensions",
          "at most " + std::to_string(kMaxRank));
  for (const std::int32_t extent : *tensor.shape()) {
    require(extent >= 1, who + " has dimension " + std::to_string(extent), "dimensions known when converting",
            "convert again with a fixed input shape");
    product *= extent;  // < 2^24 * 2^31: cannot overflow
    require(product <= kMaxElems, who + " is larger than 16 Mi elements");
    shape.push_back(extent);
  }
  return shape;
}

struct ZeroPoints {
  std::int64_t low, high;
};

ZeroPoints zero_points_of(ir::DType dtype) {
  if (dtype == ir::DType::s8) return {-128, 127};
  if (dtype == ir::DType::u8) return {0, 255};
  return {-std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::max() - 1};
}

void check_scale(const ir::Tensor& tensor, std::size_t channel, const std::string& who) {
  const float scale = tensor.quantization.scale[channel];
  const std::int64_t zero_point = tensor.quantization.zero_point[channel];
  const ZeroPoints range = zero_points_of(tensor.dtype);
  require(std::isnormal(scale) && scale > 0, who + " has a scale of " + std::to_string(scale), "a positive number");
  require(zero_point >= range.low && zero_point <= range.high, who + " has zero point " + std::to_string(zero_point),
          "a value of its type");
}

bool is_float(ir::DType dtype) {
  return dtype == ir::DType::f32 || dtype == ir::DType::f16;
}

void read_quantization(const wire::Tensor& source, ir::Tensor& tensor, const std::string& who) {
  const wire::Quantization* wired = source.quantization();
  if (!wired || !wired->scale() || wired->scale()->size() == 0 || is_float(tensor.dtype)) return;
  require(wired->details_type() == wire::QuantizationDetails::NONE, who + " uses a custom quantization");
  ir::Quantization& quantization = tensor.quantization;
  const std::size_t channels = wired->scale()->size();
  const auto* zero_points = wired->zero_point();
  require(!zero_points || zero_points->size() <= 1 || zero_points->size() == channels,
          who + " has " + std::to_string(channels) + " scales and another number of zero points");
  for (flatbuffers::uoffset_t i = 0; i < channels; ++i) {
    const bool given = zero_points && zero_points->size() > 0;
    quantization.scale.push_back(wired->scale()->Get(i));
    quantization.zero_point.push_back(given ? zero_points->Get(zero_points->size() == 1 ? 0 : i) : 0);
    check_scale(tensor, i, who);
  }
  if (channels == 1) return;
  quantization.axis = wired->quantized_dimension();
  const bool known = quantization.axis >= 0 && quantization.axis < static_cast<int>(tensor.shape.size());
  require(known && tensor.shape[static_cast<std::size_t>(quantization.axis)] == static_cast<std::int64_t>(channels),
          who + " has " + std::to_string(channels) + " scales along dimension " + std::to_string(quantization.axis),
          "one for each channel of shape " + ir::shape_text(tensor.shape));
}

void check_finite(const ir::Tensor& tensor, const std::string& who) {
  if (tensor.dtype != ir::DType::f32) return;
  for (std::size_t at = 0; at < tensor.data.size(); at += sizeof(float)) {
    float value;
    std::memcpy(&value, tensor.data.data() + at, sizeof value);
    require(std::isfinite(value), who + " holds NaN or infinity", "finite weights",
            "check the training: the network has diverged");
  }
}

std::vector<std::uint8_t> data_of(const wire::Model& model, const wire::Tensor& source, const ir::Tensor& tensor,
                                  const std::string& who) {
  const flatbuffers::uoffset_t index = source.buffer();
  if (index == 0 && !model.buffers()) return {};
  require(model.buffers() && index < model.buffers()->size(), who + " names a buffer that does not exist");
  const wire::Buffer* buffer = model.buffers()->Get(index);
  require(buffer->offset() <= 1, who + " keeps its bytes outside the FlatBuffer", "a file below 2 GB");
  if (!buffer->data() || buffer->data()->size() == 0) return {};
  const std::size_t expected_bytes = ir::tensor_bytes(tensor);
  require(buffer->data()->size() == expected_bytes,
          who + " has " + std::to_string(buffer->data()->size()) + " bytes of data",
          std::to_string(expected_bytes) + " for shape " + ir::shape_text(tensor.shape));
  return {buffer->data()->begin(), buffer->data()->end()};
}

}  // namespace

std::string printable(const flatbuffers::String* name) {
  constexpr std::size_t kMaxName = 200;
  std::string text = name ? name->str().substr(0, kMaxName) : "";
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

ir::Tensor read_tensor(const wire::Model& model, const wire::SubGraph& subgraph, int index) {
  const auto* tensors = subgraph.tensors();
  const bool exists = tensors && index >= 0 && static_cast<std::size_t>(index) < tensors->size();
  require(exists, "tensor " + std::to_string(index) + " does not exist");
  const wire::Tensor& source = *tensors->Get(static_cast<flatbuffers::uoffset_t>(index));
  const std::string who = name_of(source, index);
  require(!source.is_variable(), who + " is a variable", "a network without state between two inputs");
  require(!source.sparsity(), who + " is sparse", "dense weights", "convert again without sparse encoding");

  ir::Tensor tensor;
  tensor.name = printable(source.name());
  tensor.dtype = dtype_of(source.type(), who);
  tensor.shape = shape_of(source, who);
  read_quantization(source, tensor, who);
  tensor.data = data_of(model, source, tensor, who);
  check_finite(tensor, who);
  return tensor;
}

}  // namespace edgesmith::convert
