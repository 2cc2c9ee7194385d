// Input is untrusted: every index and attribute is checked before use.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/convert/tflite/node.h"

namespace edgesmith::convert {
namespace {

// Operands of an operator that takes activations and constants alike.
void read_operands(Node& node, ir::Op& op, int least, int most) {
  node.expect_inputs(least, most);
  check_activation_tensor(node.output());
  bool any_activation = false;
  for (int i = 0; i < node.inputs(); ++i) {
    const ir::Tensor& operand = node.input(i);
    require(operand.dtype == node.output().dtype,
            std::string("it mixes ") + ir::dtype_name(operand.dtype) + " with " + ir::dtype_name(node.output().dtype),
            "float32 throughout or int8 throughout",
            "convert again as float32 or with full integer (int8) quantization");
    require(operand.dtype != ir::DType::s8 || operand.quantization.scale.size() == 1,
            "int8 tensor '" + operand.name + "' lacks one scale and zero point", "one for the tensor",
            "convert again with full integer (int8) quantization");
    any_activation = any_activation || !operand.constant();
  }
  require(any_activation, "all of its inputs are constants", "a tensor that depends on the input",
          "convert again with constant folding");
  op.inputs = node.input_ids();
}

// int8 and uint8 on both sides of QUANTIZE and DEQUANTIZE.
void check_quantized(const ir::Tensor& tensor) {
  const bool bytes = tensor.dtype == ir::DType::s8 || tensor.dtype == ir::DType::u8;
  require(bytes, "'" + tensor.name + "' is " + ir::dtype_name(tensor.dtype), "int8 or uint8",
          "convert again with int8 quantization");
  require(tensor.quantization.scale.size() == 1, "'" + tensor.name + "' lacks one scale and zero point",
          "one for the tensor", "convert again with full integer (int8) quantization");
}

float constant_value(const ir::Tensor& tensor) {
  if (tensor.dtype == ir::DType::s8) {
    const auto q = static_cast<std::int8_t>(tensor.data[0]);
    return tensor.quantization.scale[0] * static_cast<float>(q - tensor.quantization.zero_point[0]);
  }
  float value;
  std::memcpy(&value, tensor.data.data(), sizeof value);
  return value;
}

}  // namespace

void read_sum(Node& node, ir::Op& op) {
  read_operands(node, op, 2, 2);
  op.attributes.activation = activation_of(op.kind == ir::OpKind::add ? node.options<wire::AddOptions>().activation()
                                                                      : node.options<wire::SubOptions>().activation());
}

void read_mul(Node& node, ir::Op& op) {
  read_operands(node, op, 2, 2);
  op.attributes.activation = activation_of(node.options<wire::MulOptions>().activation());
}

void read_concatenation(Node& node, ir::Op& op) {
  constexpr int kMaxParts = 8;  // kernels::kMaxInputs
  require(node.inputs() <= kMaxParts, "it joins " + std::to_string(node.inputs()) + " tensors",
          "at most " + std::to_string(kMaxParts), "join them in two steps");
  read_operands(node, op, 2, kMaxParts);
  const auto& options = node.options<wire::ConcatenationOptions>();
  require(options.activation() == wire::FusedActivation::NONE, "it has a fused activation", "none",
          "put the activation behind it, as a layer of its own");
  op.attributes.axis = options.axis();
}

// PAD has two inputs; PADV2 a third with the value.
void read_pad(Node& node, ir::Op& op) {
  node.expect_inputs(2, 3);
  check_data_flow(node);
  check_same_scale(node);
  const std::vector<int> pads = constant_ints(node.input(1), "its pads");
  const std::size_t rank = node.input(0).shape.size();
  require(pads.size() == 2 * rank,
          "it has " + std::to_string(pads.size()) + " pads for shape " + ir::shape_text(node.input(0).shape),
          "two for each dimension");
  for (std::size_t d = 0; d < rank; ++d) {
    op.attributes.pads_before.push_back(pads[2 * d]);
    op.attributes.pads_after.push_back(pads[2 * d + 1]);
  }
  op.inputs = {node.input_id(0)};
  if (node.inputs() == 2) return;
  const ir::Tensor& value = node.input(2);
  const ir::Quantization &q = value.quantization, &out = node.output().quantization;
  require(value.constant() && ir::elems(value.shape) == 1 && value.dtype == node.output().dtype,
          "the value that it pads with is no constant of its type", "one constant value");
  require(value.dtype != ir::DType::s8 || (q.scale == out.scale && q.zero_point == out.zero_point),
          "the value that it pads with has another scale or zero point", "those of its input",
          "convert again with a current converter");
  op.attributes.pad_value = constant_value(value);
}

void read_transpose(Node& node, ir::Op& op) {
  node.expect_inputs(2, 2);
  check_data_flow(node);
  check_same_scale(node);
  op.inputs = {node.input_id(0)};
  op.attributes.permutation = constant_ints(node.input(1), "its permutation");
  const auto rank = static_cast<int>(node.input(0).shape.size());
  for (int& axis : op.attributes.permutation) {
    require(axis >= -rank && axis < rank, "its dimension " + std::to_string(axis) + " does not exist");
    axis = axis < 0 ? axis + rank : axis;
  }
}

void read_unary(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  check_data_flow(node);
  op.inputs = {node.input_id(0)};
}

void read_leaky_relu(Node& node, ir::Op& op) {
  read_unary(node, op);
  op.attributes.alpha = node.options<wire::LeakyReluOptions>().alpha();
  require(std::isfinite(op.attributes.alpha), "its alpha is not a number");
}

void read_quantize(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  require(!node.input(0).constant(), "it quantises a constant", "a tensor that depends on the input",
          "convert again with constant folding");
  if (node.input(0).dtype != ir::DType::f32) check_quantized(node.input(0));
  check_quantized(node.output());
  op.inputs = {node.input_id(0)};
}

// Of a constant it says how the file stores weights: the operator goes, the weights become float32.
void read_dequantize(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  const ir::Tensor& input = node.input(0);
  require(node.output().dtype == ir::DType::f32, std::string("it gives ") + ir::dtype_name(node.output().dtype),
          "float32");
  if (!input.constant()) {
    check_quantized(input);
    op.inputs = {node.input_id(0)};
    return;
  }
  require(!node.output().constant() && input.shape == node.output().shape,
          "its input has shape " + ir::shape_text(input.shape) + ", its output " + ir::shape_text(node.output().shape),
          "the same shape");
  const ir::TensorId wide = input.dtype == ir::DType::f32 ? node.input_id(0) : node.tensors().widened(node.input_id(0));
  node.tensors().become_constant(node.output_id(), wide);
}

// ---- new shapes ------------------------------------------------------------------------------------------------
// The shape to come to stands in the output tensor; inputs and options repeat it. They are looked at only where the
// input's shape was set by the user, so that the file's output shape is that of another size.

namespace {

void read_same_values(Node& node, ir::Op& op) {
  check_data_flow(node);
  check_same_scale(node);
  op.inputs = {node.input_id(0)};
}

void set_output_shape(Node& node, ir::Shape shape) {
  node.output();
  node.tensors().set_shape(node.output_id(), std::move(shape));
}

void check_volume(Node& node) {
  require(ir::elems(node.input(0).shape) == ir::elems(node.output().shape),
          "it reshapes " + ir::shape_text(node.input(0).shape) + " to " + ir::shape_text(node.output().shape),
          "the same number of elements");
}

// One dimension may be -1: what is left.
ir::Shape completed(const std::vector<int>& wanted, std::int64_t volume) {
  ir::Shape shape(wanted.begin(), wanted.end());
  const auto open = std::find(shape.begin(), shape.end(), -1);
  if (open == shape.end()) return shape;
  *open = 1;
  const std::int64_t rest = ir::elems(shape);
  require(rest > 0 && volume % rest == 0, "its new shape does not divide the input's elements");
  *open = volume / rest;
  return shape;
}

}  // namespace

void read_reshape(Node& node, ir::Op& op) {
  node.expect_inputs(1, 2);
  read_same_values(node, op);
  if (node.tensors().shapes_follow_inputs()) {
    std::vector<int> wanted;
    if (node.inputs() == 2) {
      wanted = constant_ints(node.input(1), "its new shape");
    } else if (const auto* shape = node.options<wire::ReshapeOptions>().new_shape()) {
      wanted.assign(shape->begin(), shape->end());
    }
    set_output_shape(node, completed(wanted, ir::elems(node.input(0).shape)));
  }
  check_volume(node);
}

void read_squeeze(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  read_same_values(node, op);
  if (node.tensors().shapes_follow_inputs()) {
    const auto* dims = node.options<wire::SqueezeOptions>().squeeze_dims();
    const ir::Shape& x = node.input(0).shape;
    const auto rank = static_cast<std::int32_t>(x.size());
    ir::Shape shape;
    for (std::int32_t d = 0; d < rank; ++d) {
      const auto named = [&](std::int32_t dim) { return dim == d || dim + rank == d; };
      const bool goes = !dims || dims->size() == 0 || std::any_of(dims->begin(), dims->end(), named);
      if (!goes || x[static_cast<std::size_t>(d)] != 1) shape.push_back(x[static_cast<std::size_t>(d)]);
    }
    set_output_shape(node, std::move(shape));
  }
  check_volume(node);
}

void read_expand_dims(Node& node, ir::Op& op) {
  node.expect_inputs(2, 2);
  read_same_values(node, op);
  if (node.tensors().shapes_follow_inputs()) {
    const std::vector<int> axis = constant_ints(node.input(1), "its axis");
    ir::Shape shape = node.input(0).shape;
    const auto rank = static_cast<int>(shape.size());
    require(axis.size() == 1 && axis[0] >= -rank - 1 && axis[0] <= rank, "its axis does not exist");
    shape.insert(shape.begin() + (axis[0] < 0 ? axis[0] + rank + 1 : axis[0]), 1);
    set_output_shape(node, std::move(shape));
  }
  check_volume(node);
}

}  // namespace edgesmith::convert
