#include "host/ir/op_support.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/kernels/params.h"
#include "host/base/error.h"
#include "host/ir/lowering.h"
#include "host/ir/shapes.h"
#include "host/ir/verifier.h"

namespace edgesmith::ir {
namespace {

constexpr int kMaxRank = 6;
constexpr DType kTypes[] = {DType::f32, DType::s8, DType::u8, DType::f16};

/// A smallest example of an operator: two values along each dimension but the batch.
class Example {
 public:
  Example(OpKind kind, DType from, DType to, int rank) : from_(from), to_(to) {
    Shape shape(static_cast<std::size_t>(rank), 2);
    shape[0] = 1;
    op_.kind = kind;
    op_.inputs = {add(from, shape, from == DType::f16)};
    add_inputs(shape);
    op_.outputs = {add(to, shape, false)};
    set_quantization();
    set_attributes(rank);
  }

  /// Does the interpreter run it?
  bool runs() {
    try {
      graph_.tensor(op_.outputs[0]).shape = infer_shape(graph_, op_);
      verify_op(graph_, op_);
      if (has_kernel(graph_, op_)) lower(graph_, op_, Rounding::tflm_double);
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  bool runs_on_chip() {
    return runs() && has_kernel(graph_, op_);
  }

 private:
  TensorId add(DType dtype, const Shape& shape, bool constant) {
    Tensor tensor;
    tensor.dtype = dtype;
    tensor.shape = shape;
    if (dtype == DType::s8 || dtype == DType::u8 || dtype == DType::s32) tensor.quantization = {{0.5f}, {0}, 0};
    if (constant) tensor.data.resize(tensor_bytes(tensor));
    return graph_.add(std::move(tensor));
  }

  void add_inputs(const Shape& x) {
    switch (op_.kind) {
      case OpKind::conv2d:
        return add_inputs({{2, 1, 1, 2}}, true);
      case OpKind::depthwise_conv2d:
        return add_inputs({{1, 1, 1, 2}}, true);
      case OpKind::fully_connected:
        return add_inputs({{2, x.back()}}, true);
      case OpKind::conv2d_add:
        add_inputs({{2, 1, 1, 2}}, true);
        op_.inputs.push_back(kNoTensor);
        return add_inputs({x}, false);
      case OpKind::batch_norm:
        return add_inputs({{x.back()}, {x.back()}, {x.back()}, {x.back()}}, true);
      case OpKind::add:
      case OpKind::sub:
      case OpKind::mul:
      case OpKind::concatenation:
        return add_inputs({x}, false);
      case OpKind::lookup:
        op_.inputs.push_back(add(to_, {256}, true));
        return;
      default:
        return;
    }
  }

  void add_inputs(const std::vector<Shape>& shapes, bool constant) {
    for (const Shape& shape : shapes)
      op_.inputs.push_back(add(from_, shape, constant));
  }

  void set_quantization() {
    Quantization& out = graph_.tensor(op_.outputs[0]).quantization;
    if (to_ == DType::f32) return;
    if (op_.kind == OpKind::softmax || op_.kind == OpKind::logistic) out = {{1.0f / 256}, {-128}, 0};
    if (op_.kind == OpKind::tanh) out = {{1.0f / 128}, {0}, 0};
    op_.attributes.conv_output = {{0.5f}, {0}, 0};
  }

  void set_attributes(int rank) {
    Attributes& a = op_.attributes;
    a.filter_h = a.filter_w = 1;
    a.axes = {rank - 1};
    a.keep_dims = true;
    a.pads_before.assign(static_cast<std::size_t>(rank), 0);
    a.pads_after = a.pads_before;
    for (int d = 0; d < rank; ++d)
      a.permutation.push_back(d);
    a.axis = rank - 1;
  }

  Graph graph_;
  Op op_;
  DType from_, to_;
};

std::string types_text(OpKind kind, bool on_chip) {
  std::string text;
  for (const DType from : kTypes) {
    for (const DType to : kTypes) {
      bool taken = false;
      for (int rank = 1; rank <= kMaxRank; ++rank) {
        Example example(kind, from, to, rank);
        taken = taken || (on_chip ? example.runs_on_chip() : example.runs());
      }
      if (!taken) continue;
      const std::string pair =
          from == to ? dtype_name(from) : fmt::format("{} -> {}", dtype_name(from), dtype_name(to));
      text += (text.empty() ? "" : ", ") + pair;
    }
  }
  return text;
}

std::string ranks_text(OpKind kind) {
  int lowest = 0, highest = 0;
  for (int rank = 1; rank <= kMaxRank; ++rank) {
    const bool taken = std::any_of(std::begin(kTypes), std::end(kTypes), [&](DType from) {
      return std::any_of(std::begin(kTypes), std::end(kTypes),
                         [&](DType to) { return Example(kind, from, to, rank).runs(); });
    });
    if (!taken) continue;
    lowest = lowest ? lowest : rank;
    highest = rank;
  }
  return lowest == highest ? fmt::format("{}", lowest) : fmt::format("{} to {}", lowest, highest);
}

// What the examples do not show. A new kind of operator does not compile without its words.
std::string limits_text(OpKind kind) {
  switch (kind) {
    case OpKind::conv2d:
      return "batch 1, one group; constant weights, int8 per tensor or per output channel; fused RELU, RELU6";
    case OpKind::depthwise_conv2d:
      return "batch 1; constant weights, int8 per tensor or per channel; fused RELU, RELU6";
    case OpKind::fully_connected:
      return "constant weights, int8 per tensor or per output; fused RELU, RELU6";
    case OpKind::max_pool2d:
    case OpKind::average_pool2d:
      return "batch 1; int8 keeps scale and zero point; fused RELU, RELU6";
    case OpKind::mean:
      return "any axes; int8 axes side by side, but for those of 1";
    case OpKind::softmax:
      return "over the last axis; int8 output 1/256 from -128";
    case OpKind::reshape:
      return "constant shape; int8 keeps scale and zero point";
    case OpKind::batch_norm:
      return "constants; folded into the layer before it";
    case OpKind::add:
    case OpKind::sub:
    case OpKind::mul:
      return "broadcasting, int8 within four dimensions after merging; one input may be constant; fused RELU, RELU6";
    case OpKind::pad:
      return "constant pads of 0 or more, any value; int8 keeps scale and zero point, pads along at most four "
             "dimensions";
    case OpKind::transpose:
      return "constant permutation; int8 keeps scale and zero point, four dimensions after merging";
    case OpKind::concatenation:
      return fmt::format("2 to {} inputs; int8: all of one scale and zero point", kernels::kMaxInputs);
    case OpKind::logistic:
      return "int8 output 1/256 from -128";
    case OpKind::tanh:
      return "int8 output 1/128 around 0";
    case OpKind::leaky_relu:
      return "int8: alpha of 0 or more";
    case OpKind::hard_swish:
      return "int8: input scale at most 128 times the output's";
    case OpKind::dequantize:
      return "float16 and constants: at import";
    case OpKind::conv2d_add:
      return "made by passes: CONV_2D and the ADD behind it";
    case OpKind::lookup:
      return "made by passes: a table of 256 entries";
    case OpKind::relu:
    case OpKind::relu6:
    case OpKind::quantize:
      return "";
  }
  return "";
}

}  // namespace

std::vector<OperatorSupport> supported_operators() {
  std::vector<OperatorSupport> all;
  for (int k = 0; k <= static_cast<int>(OpKind::lookup); ++k) {
    const auto kind = static_cast<OpKind>(k);
    all.push_back({kind, types_text(kind, false), types_text(kind, true), ranks_text(kind), limits_text(kind)});
  }
  return all;
}

}  // namespace edgesmith::ir
