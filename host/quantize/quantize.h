#pragma once
// Post-training quantisation: float32 network and example inputs -> int8 network of the TFLite int8 scheme.
//
//   activations  int8, one scale and zero point a tensor, the range always including 0
//   weights      int8 in -127..127, zero point 0, one scale an output channel
//   biases       int32, scale = input scale * weight scale
// Scales are computed in double and stored as float32. The same arguments give the same bytes.

#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::quantize {

/// The values that a tensor takes.
struct Range {
  float low = 0, high = 0;
  bool operator==(const Range&) const = default;
};

/// By tensor id; constants have {0, 0}.
using Ranges = std::vector<Range>;

enum class CalibrationMethod {
  minmax,      // every value seen fits
  percentile,  // outliers beyond the percentile, on either side, are clipped for a finer step
};

/// Runs the network over `inputs` (of its only input; they should be training windows) and notes each activation's
/// range. percentile  in (50, 100]; read from a histogram of 4096 bins between the extremes, so at most one bin too
/// wide Errors: Error when there are no inputs, or a value is not finite.
Ranges calibrate(const ir::Graph& float_graph, const std::vector<std::vector<float>>& inputs, CalibrationMethod method,
                 double percentile = 99.9);

/// The int8 network; tensors keep their ids, weights that two operators share are doubled. Pools and reshapes keep the
/// scale of their input, softmax has 1/256 and -128. Fused activations stay: they are clamps.
/// Errors: Error for operators that have no int8 form (run the passes first) and for graphs that are not float32.
ir::Graph quantize(const ir::Graph& float_graph, const Ranges& ranges);

/// How well a tensor came through.
struct TensorReport {
  std::string name;
  Range range;      // of the float values: calibrated, or the weights' own
  float scale = 0;  // the coarsest, where there are several
  int zero_point = 0;
  std::size_t scales = 1;
  double sqnr_db = 0;  // constants: signal over quantisation noise, 200 where there is none; activations: 0
};

struct QuantReport {
  std::vector<TensorReport> tensors;  // in the order of the int8 graph
};

QuantReport report(const ir::Graph& float_graph, const ir::Graph& int8_graph, const Ranges& ranges);

}  // namespace edgesmith::quantize
