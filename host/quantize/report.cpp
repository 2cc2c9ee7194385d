#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/quantize/quantize.h"
#include "host/quantize/scales.h"

namespace edgesmith::quantize {
namespace {

constexpr double kNoNoiseDb = 200;

std::int32_t integer_at(const ir::Tensor& tensor, std::size_t i) {
  if (tensor.dtype == ir::DType::s8) return static_cast<std::int8_t>(tensor.data[i]);
  std::int32_t value;
  std::memcpy(&value, tensor.data.data() + i * sizeof value, sizeof value);
  return value;
}

double sqnr_db(const std::vector<float>& exact, const ir::Tensor& integers) {
  const ir::Quantization& q = integers.quantization;
  const std::size_t inner = inner_elems(integers.shape, q.axis);
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double value = exact[i];
    const double error = value - double{q.scale[i / inner % q.scale.size()]} * integer_at(integers, i);
    signal += value * value;
    noise += error * error;
  }
  return noise > 0 ? std::min(10 * std::log10(signal / noise), kNoNoiseDb) : kNoNoiseDb;
}

Range extent(const std::vector<float>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

// Two layers that shared a constant have a copy each: of the float tensor with the same name.
const ir::Tensor& counterpart(const ir::Graph& float_graph, std::size_t id, const ir::Tensor& tensor) {
  if (id < float_graph.tensors.size()) return float_graph.tensors[id];
  return *std::find_if(float_graph.tensors.begin(), float_graph.tensors.end(),
                       [&](const ir::Tensor& candidate) { return candidate.name == tensor.name; });
}

}  // namespace

QuantReport report(const ir::Graph& float_graph, const ir::Graph& int8_graph, const Ranges& ranges) {
  QuantReport report;
  for (std::size_t id = 0; id < int8_graph.tensors.size(); ++id) {
    const ir::Tensor& tensor = int8_graph.tensors[id];
    const ir::Quantization& q = tensor.quantization;
    if (q.empty()) continue;
    TensorReport entry;
    entry.name = tensor.name;
    entry.scales = q.scale.size();
    entry.scale = *std::max_element(q.scale.begin(), q.scale.end());
    entry.zero_point = static_cast<int>(q.zero_point[0]);
    if (tensor.constant()) {
      const std::vector<float> exact = floats(counterpart(float_graph, id, tensor));
      entry.range = extent(exact);
      entry.sqnr_db = sqnr_db(exact, tensor);
    } else {
      entry.range = ranges[id];
    }
    report.tensors.push_back(entry);
  }
  return report;
}

}  // namespace edgesmith::quantize
