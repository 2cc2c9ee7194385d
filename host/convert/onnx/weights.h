#pragma once
// Layers with weights: from the file's constants to an operator in float32 or int8.

#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {

/// A layer on its way. Weights come as the file has them, output channels along `channel_axis`; `arrange` turns them
/// into our order, whose channels lie along `our_axis`.
struct Layer {
  std::string name;  // the file's tensor that it writes
  ir::OpKind kind = ir::OpKind::conv2d;
  View input;  // as the operator wants it, float32 or still int8
  const Value* weights = nullptr;
  int channel_axis = 0, our_axis = 0;
  Constant (*arrange)(const Constant&, const std::vector<std::int64_t>& with) = nullptr;
  std::vector<std::int64_t> with;       // handed to arrange()
  double weight_factor = 1;             // Gemm's alpha
  std::vector<double> bias;             // one for each output channel, or none
  const Stored* stored_bias = nullptr;  // the integers behind it
  ir::Attributes attributes;
  Shape output;  // of the operator's tensor
};

/// Emits the operator, in int8 when input and weights are and something quantises its output. The result is the tensor
/// that it writes; `sink` tells which of the file's values that is.
struct Emitted {
  ir::TensorId tensor;
  bool is_int8;
  std::string name;  // the file's name of what was written
};
Emitted emit_layer(const Node& node, Layer layer);

/// Bias from an input: one value for each of `channels`, a single one is repeated.
void set_bias(Layer& layer, const Value& bias, std::int64_t channels, double factor);

/// Looks for an Add of a constant behind a layer without bias; takes it along as the bias when it has one value for
/// each channel of dimension `dim` of an output with `rank` dimensions.
void take_bias_behind(const Node& node, Layer& layer, std::int64_t channels, std::size_t dim, std::size_t rank);

}  // namespace edgesmith::convert::onnx
