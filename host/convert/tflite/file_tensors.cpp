// Input is untrusted: indices are checked here, contents in read_tensor().
#include "host/convert/tflite/file_tensors.h"

#include <cmath>
#include <cstring>

#include "host/convert/problems.h"
#include "host/convert/tflite/read_tensor.h"
#include "host/ir/half.h"

namespace edgesmith::convert {
namespace {

float dequantized(const ir::Tensor& stored, std::size_t i, std::size_t inner) {
  const ir::Quantization& q = stored.quantization;
  const std::size_t channel = q.scale.size() == 1 ? 0 : i / inner % q.scale.size();
  std::int64_t value = stored.data[i * ir::dtype_bytes(stored.dtype)];
  if (stored.dtype == ir::DType::s8) value = static_cast<std::int8_t>(stored.data[i]);
  if (stored.dtype == ir::DType::s32) {
    std::int32_t word;
    std::memcpy(&word, stored.data.data() + i * sizeof word, sizeof word);
    value = word;
  }
  return q.scale[channel] * static_cast<float>(value - q.zero_point[channel]);
}

std::vector<float> values_of(const ir::Tensor& stored) {
  if (stored.dtype == ir::DType::f16) return ir::widened_f16(stored.data);
  require(!stored.quantization.empty(), "'" + stored.name + "' is quantised but has no scale",
          "a scale for each value");
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(stored.quantization.axis) + 1; d < stored.shape.size(); ++d)
    inner *= static_cast<std::size_t>(stored.shape[d]);
  std::vector<float> values(static_cast<std::size_t>(ir::elems(stored.shape)));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = dequantized(stored, i, inner);
  return values;
}

}  // namespace

FileTensors::FileTensors(const wire::Model& model, const wire::SubGraph& subgraph)
    : model_(model), subgraph_(subgraph), known_(subgraph.tensors() ? subgraph.tensors()->size() : 0, false) {
  graph_.tensors.resize(known_.size());
}

const ir::Tensor& FileTensors::read(int index) {
  require(index >= 0 && index < count(), "tensor " + std::to_string(index) + " does not exist");
  if (!known(index)) {
    graph_.tensor(index) = read_tensor(model_, subgraph_, index);
    known_[static_cast<std::size_t>(index)] = true;
  }
  return graph_.tensor(index);
}

ir::TensorId FileTensors::widened(int index) {
  if (const auto found = widened_.find(index); found != widened_.end()) return found->second;
  const ir::Tensor& stored = read(index);
  ir::Tensor wide;
  wide.name = stored.name;
  wide.shape = stored.shape;
  const std::vector<float> values = values_of(stored);
  for (const float value : values)
    require(std::isfinite(value), "'" + stored.name + "' holds NaN or infinity", "finite weights");
  wide.data.resize(values.size() * sizeof(float));
  std::memcpy(wide.data.data(), values.data(), wide.data.size());
  known_.push_back(true);
  return widened_[index] = graph_.add(std::move(wide));
}

void FileTensors::become_constant(int index, ir::TensorId from) {
  graph_.tensor(index).data = graph_.tensor(from).data;
}

void FileTensors::set_input_shape(int index, ir::Shape shape) {
  shapes_follow_inputs_ = true;
  set_shape(index, std::move(shape));
}

void FileTensors::set_shape(int index, ir::Shape shape) {
  graph_.tensor(index).shape = std::move(shape);
}

}  // namespace edgesmith::convert
