#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/base/error.h"
#include "host/ir/interpreter.h"
#include "host/quantize/quantize.h"

namespace edgesmith::quantize {
namespace {

constexpr std::size_t kBins = 4096;

using Inputs = std::vector<std::vector<float>>;

std::vector<std::uint8_t> bytes_of(const std::vector<float>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::vector<float> floats_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

/// Runs the network on every input and shows `visit` each activation: visit(tensor id, values).
template <class Visit>
void for_each_activation(const ir::Graph& graph, const Inputs& inputs, const Visit& visit) {
  ir::Interpreter interpreter(graph);
  for (const std::vector<float>& input : inputs) {
    interpreter.run({bytes_of(input)});
    for (std::size_t id = 0; id < graph.tensors.size(); ++id) {
      if (!graph.tensors[id].constant()) visit(id, floats_of(interpreter.tensor(static_cast<ir::TensorId>(id))));
    }
  }
}

void check_finite(const ir::Graph& graph, std::size_t id, float value) {
  if (std::isfinite(value)) return;
  throw Error{{.code = "quantize.not_finite",
               .what = "'" + graph.tensors[id].name + "' becomes NaN or infinite on a training window",
               .where = graph.name,
               .expected = "finite values",
               .found = "",
               .try_this = "check the training curve: the network may have diverged; lower the learning rate"}};
}

Ranges extremes(const ir::Graph& graph, const Inputs& inputs) {
  Ranges ranges(graph.tensors.size());
  std::vector<bool> seen(graph.tensors.size(), false);
  for_each_activation(graph, inputs, [&](std::size_t id, const std::vector<float>& values) {
    Range& range = ranges[id];
    for (const float value : values) {
      check_finite(graph, id, value);
      range = seen[id] ? Range{std::min(range.low, value), std::max(range.high, value)} : Range{value, value};
      seen[id] = true;
    }
  });
  return ranges;
}

/// Counts of values in equal bins between two extremes.
class Histogram {
 public:
  explicit Histogram(Range range) : low_(range.low), bin_((double{range.high} - range.low) / kBins) {}

  void add(float value) {
    const double position = bin_ > 0 ? (value - low_) / bin_ : 0;
    ++counts_[std::min(static_cast<std::size_t>(position), kBins - 1)];
    ++total_;
  }

  /// The bins left when at most `share` of the values may lie outside on either side.
  Range without_tails(double share) const {
    const auto allowed = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::size_t first = 0, last = kBins - 1;
    for (std::uint64_t out = counts_[first]; out <= allowed && first < last; out += counts_[first])
      ++first;
    for (std::uint64_t out = counts_[last]; out <= allowed && first < last; out += counts_[last])
      --last;
    return {static_cast<float>(low_ + bin_ * static_cast<double>(first)),
            static_cast<float>(low_ + bin_ * static_cast<double>(last + 1))};
  }

 private:
  double low_, bin_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kBins, 0);
  std::uint64_t total_ = 0;
};

void check_arguments(const ir::Graph& graph, const Inputs& inputs, double percentile) {
  if (inputs.empty() || graph.inputs.size() != 1) {
    throw Error{{.code = "quantize.no_inputs",
                 .what = "there is nothing to calibrate the int8 ranges with",
                 .where = graph.name,
                 .expected = "at least one training window, and a network with one input",
                 .found = std::to_string(inputs.size()) + " windows",
                 .try_this = "check the split: the training part must hold windows"}};
  }
  if (!(percentile > 50 && percentile <= 100)) {
    throw Error{{.code = "quantize.percentile",
                 .what = "the calibration percentile is out of range",
                 .where = graph.name,
                 .expected = "above 50, at most 100",
                 .found = std::to_string(percentile),
                 .try_this = "99.9 clips one value in a thousand on either side"}};
  }
}

}  // namespace

Ranges calibrate(const ir::Graph& float_graph, const Inputs& inputs, CalibrationMethod method, double percentile) {
  check_arguments(float_graph, inputs, percentile);
  const Ranges all = extremes(float_graph, inputs);
  if (method == CalibrationMethod::minmax) return all;
  std::vector<Histogram> histograms;
  for (const Range& range : all)
    histograms.emplace_back(range);
  for_each_activation(float_graph, inputs, [&](std::size_t id, const std::vector<float>& values) {
    for (const float value : values)
      histograms[id].add(value);
  });
  Ranges ranges = all;
  for (std::size_t id = 0; id < all.size(); ++id) {
    if (!float_graph.tensors[id].constant()) ranges[id] = histograms[id].without_tails((100 - percentile) / 100);
  }
  return ranges;
}

}  // namespace edgesmith::quantize
