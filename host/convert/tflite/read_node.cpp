// Input is untrusted: every index and attribute is checked before use.
#include "host/convert/tflite/read_node.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/convert/problems.h"
#include "host/convert/tflite/builtin.h"
#include "host/convert/tflite/node.h"
#include "host/convert/tflite/padding.h"
#include "host/convert/tflite/read_tensor.h"
#include "host/convert/tflite/tflite.h"

namespace edgesmith::convert {
namespace {

constexpr int kMaxExtent = 1 << 15;  // strides, dilations, pooling windows

int checked_extent(std::int64_t value, const char* name) {
  require(value >= 1 && value <= kMaxExtent, std::string(name) + " is " + std::to_string(value),
          "1.." + std::to_string(kMaxExtent));
  return static_cast<int>(value);
}

}  // namespace

ir::Activation activation_of(wire::FusedActivation activation) {
  switch (activation) {
    case wire::FusedActivation::NONE:
      return ir::Activation::none;
    case wire::FusedActivation::RELU:
      return ir::Activation::relu;
    case wire::FusedActivation::RELU6:
      return ir::Activation::relu6;
    default:
      throw Refusal{"its fused activation " + std::to_string(static_cast<int>(activation)) + " is not supported",
                    "none, RELU or RELU6", "train with one of these activations"};
  }
}

void check_activation_tensor(const ir::Tensor& tensor) {
  require(!tensor.constant(), "'" + tensor.name + "' is a constant", "a tensor that depends on the input",
          "convert again with constant folding");
  const bool known = tensor.dtype == ir::DType::f32 || tensor.dtype == ir::DType::s8;
  require(known, std::string("it computes in ") + ir::dtype_name(tensor.dtype), "float32 or int8",
          "convert again with int8 quantization; uint8 may stand before QUANTIZE and behind it only");
  if (tensor.dtype != ir::DType::s8) return;
  require(tensor.quantization.scale.size() == 1, "int8 tensor '" + tensor.name + "' lacks one scale and zero point",
          "one for the tensor", "convert again with full integer (int8) quantization");
}

void check_data_flow(Node& node) {
  check_activation_tensor(node.input(0));
  check_activation_tensor(node.output());
  require(node.input(0).dtype == node.output().dtype, "its input and its output differ in type",
          "float32 throughout or int8 throughout", "convert again as float32 or with full integer (int8) quantization");
}

void check_same_scale(Node& node) {
  const ir::Quantization& in = node.input(0).quantization;
  const ir::Quantization& out = node.output().quantization;
  require(in.scale == out.scale && in.zero_point == out.zero_point,
          "its input and its output differ in scale or zero point", "the same on both sides",
          "convert again with a current converter");
}

std::vector<int> constant_ints(const ir::Tensor& tensor, const char* what) {
  require(tensor.constant() && tensor.dtype == ir::DType::s32, std::string(what) + " are not known when converting",
          std::string("constant ") + what, "convert again with constant folding");
  std::vector<int> values(tensor.data.size() / sizeof(std::int32_t));
  std::memcpy(values.data(), tensor.data.data(), values.size() * sizeof(std::int32_t));
  return values;
}

namespace {

// ---- layers with weights ---------------------------------------------------------------------------------------

void check_weights(const ir::Tensor& weights, ir::DType activations, std::size_t rank, int channel_axis) {
  require(weights.constant(), "its weights are not a constant", "weights stored in the file");
  require(weights.dtype == activations,
          std::string("its weights are ") + ir::dtype_name(weights.dtype) + " beside activations of " +
              ir::dtype_name(activations),
          "the same type for both", "convert again as float32 or with full integer (int8) quantization");
  require(weights.shape.size() == rank, "its weights have shape " + ir::shape_text(weights.shape),
          std::to_string(rank) + " dimensions");
  if (activations != ir::DType::s8) return;
  const ir::Quantization& quantization = weights.quantization;
  require(!quantization.empty(), "its int8 weights have no scale");
  const auto& zero_points = quantization.zero_point;
  require(std::all_of(zero_points.begin(), zero_points.end(), [](std::int64_t z) { return z == 0; }),
          "its weights have a zero point other than 0", "symmetric weights",
          "convert again with int8 (not uint8) weights");
  require(quantization.scale.size() == 1 || quantization.axis == channel_axis,
          "its weights are scaled along dimension " + std::to_string(quantization.axis),
          "dimension " + std::to_string(channel_axis));
}

void check_bias(const ir::Tensor& bias, ir::DType activations, std::int64_t channels) {
  const ir::DType expected = activations == ir::DType::s8 ? ir::DType::s32 : activations;
  require(bias.constant(), "its bias is not a constant", "a bias stored in the file");
  require(bias.dtype == expected, std::string("its bias is ") + ir::dtype_name(bias.dtype), ir::dtype_name(expected));
  require(ir::elems(bias.shape) == channels, "its bias has shape " + ir::shape_text(bias.shape),
          std::to_string(channels) + " values");
}

// Weights of int8 or float16 beside float32 activations are only stored that way: they become float32 here.
ir::TensorId as_float_beside_float(Node& node, ir::TensorId id) {
  const ir::Tensor& stored = node.tensors().read(id);
  if (node.input(0).dtype != ir::DType::f32 || stored.dtype == ir::DType::f32 || !stored.constant()) return id;
  return node.tensors().widened(id);
}

// Input, weights and bias of a layer; its channels lie along `channel_axis` of the weights.
std::vector<ir::TensorId> weighted_inputs(Node& node, std::size_t rank, int channel_axis) {
  node.expect_inputs(2, 3);
  check_data_flow(node);
  const ir::DType activations = node.input(0).dtype;
  const ir::TensorId weights = as_float_beside_float(node, node.input_id(1));
  check_weights(node.tensors().read(weights), activations, rank, channel_axis);
  const bool has_bias = node.inputs() == 3 && node.input_id(2) != ir::kNoTensor;
  const ir::TensorId bias = has_bias ? as_float_beside_float(node, node.input_id(2)) : ir::kNoTensor;
  const ir::Shape& shape = node.tensors().read(weights).shape;
  if (has_bias) check_bias(node.tensors().read(bias), activations, shape[static_cast<std::size_t>(channel_axis)]);
  return {node.input_id(0), weights, has_bias ? bias : ir::kNoTensor};
}

// ---- layers with a window --------------------------------------------------------------------------------------

void read_pads(wire::Padding padding, const ir::Tensor& input, std::int64_t filter_h, std::int64_t filter_w,
               ir::Attributes& attributes) {
  const bool known = padding == wire::Padding::SAME || padding == wire::Padding::VALID;
  require(known, "its padding is neither SAME nor VALID");
  if (padding == wire::Padding::VALID) return;
  const Pads vertical = same_padding(input.shape[1], filter_h, attributes.stride_h, attributes.dilation_h);
  const Pads horizontal = same_padding(input.shape[2], filter_w, attributes.stride_w, attributes.dilation_w);
  attributes.pad_top = vertical.before;
  attributes.pad_bottom = vertical.after;
  attributes.pad_left = horizontal.before;
  attributes.pad_right = horizontal.after;
}

void check_image(const ir::Tensor& input) {
  require(input.shape.size() == 4, "its input has shape " + ir::shape_text(input.shape),
          "batch, height, width, channels");
}

template <class Options>  // Conv2DOptions and DepthwiseConv2DOptions, which agree in all that is read here
void read_window(Node& node, const Options& options, ir::Attributes& attributes) {
  attributes.activation = activation_of(options.activation());
  attributes.stride_h = checked_extent(options.stride_h(), "its vertical stride");
  attributes.stride_w = checked_extent(options.stride_w(), "its horizontal stride");
  attributes.dilation_h = checked_extent(options.dilation_h(), "its vertical dilation");
  attributes.dilation_w = checked_extent(options.dilation_w(), "its horizontal dilation");
  const std::int64_t filter_h = checked_extent(node.input(1).shape[1], "its filter height");
  const std::int64_t filter_w = checked_extent(node.input(1).shape[2], "its filter width");
  read_pads(options.padding(), node.input(0), filter_h, filter_w, attributes);
}

void read_conv2d(Node& node, ir::Op& op) {
  op.inputs = weighted_inputs(node, 4, 0);
  check_image(node.input(0));
  require(node.input(0).shape[3] == node.input(1).shape[3],
          "its input has " + std::to_string(node.input(0).shape[3]) + " channels and its filter " +
              std::to_string(node.input(1).shape[3]),
          "the same number", "grouped convolution is not supported: use an ordinary or a depthwise one");
  read_window(node, node.options<wire::Conv2DOptions>(), op.attributes);
}

void read_depthwise(Node& node, ir::Op& op) {
  op.inputs = weighted_inputs(node, 4, 3);
  check_image(node.input(0));
  const auto& options = node.options<wire::DepthwiseConv2DOptions>();
  const std::int64_t in = node.input(0).shape[3], out = node.input(1).shape[3];
  require(node.input(1).shape[0] == 1 && out % in == 0 && options.depth_multiplier() == out / in,
          "its filter of shape " + ir::shape_text(node.input(1).shape) + " and depth multiplier " +
              std::to_string(options.depth_multiplier()) + " do not go with " + std::to_string(in) + " input channels");
  op.attributes.depth_multiplier = options.depth_multiplier();
  read_window(node, options, op.attributes);
}

void read_fully_connected(Node& node, ir::Op& op) {
  op.inputs = weighted_inputs(node, 2, 0);
  const auto& options = node.options<wire::FullyConnectedOptions>();
  require(options.weights_format() == wire::WeightsFormat::DEFAULT, "its weights are stored shuffled",
          "plain weights, [out][in]");
  op.attributes.activation = activation_of(options.activation());
}

void read_pool(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  check_data_flow(node);
  check_same_scale(node);
  check_image(node.input(0));
  const auto& options = node.options<wire::Pool2DOptions>();
  op.inputs = {node.input_id(0)};
  op.attributes.activation = activation_of(options.activation());
  op.attributes.stride_h = checked_extent(options.stride_h(), "its vertical stride");
  op.attributes.stride_w = checked_extent(options.stride_w(), "its horizontal stride");
  op.attributes.filter_h = checked_extent(options.filter_h(), "its filter height");
  op.attributes.filter_w = checked_extent(options.filter_w(), "its filter width");
  read_pads(options.padding(), node.input(0), options.filter_h(), options.filter_w(), op.attributes);
}

// ---- the others ------------------------------------------------------------------------------------------------

std::vector<int> axes_of(const ir::Tensor& axes, int rank) {
  std::vector<int> result = constant_ints(axes, "its axes");
  for (int& axis : result) {
    require(axis >= -rank && axis < rank, "its axis " + std::to_string(axis) + " does not exist");
    axis = axis < 0 ? axis + rank : axis;
  }
  std::sort(result.begin(), result.end());
  return result;
}

void read_mean(Node& node, ir::Op& op) {
  node.expect_inputs(2, 2);
  check_data_flow(node);
  op.inputs = {node.input_id(0)};
  op.attributes.axes = axes_of(node.input(1), static_cast<int>(node.input(0).shape.size()));
  op.attributes.keep_dims = node.options<wire::ReducerOptions>().keep_dims();
}

void read_softmax(Node& node, ir::Op& op) {
  node.expect_inputs(1, 1);
  check_data_flow(node);
  op.inputs = {node.input_id(0)};
  op.attributes.beta = node.options<wire::SoftmaxOptions>().beta();
  require(std::isfinite(op.attributes.beta) && op.attributes.beta > 0, "its beta is not a positive number");
  if (node.output().dtype != ir::DType::s8) return;
  const ir::Quantization& out = node.output().quantization;
  require(out.scale[0] == 1.0f / 256 && out.zero_point[0] == -128,
          "its int8 output has scale " + std::to_string(out.scale[0]) + " and zero point " +
              std::to_string(out.zero_point[0]),
          "1/256 and -128");
}

bool keeps_state(int code) {
  const std::string name = builtin_name(code);
  for (const char* part : {"LSTM", "RNN", "SVDF", "VARIABLE", "VAR_HANDLE", "CALL_ONCE", "WHILE", "IF"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

const char* hint_for(int code) {
  switch (static_cast<Builtin>(code)) {
    case Builtin::custom:
      return "use the file from before the tool that put this operator in";
    case Builtin::div:
      return "multiply by the reciprocal, if the divisor is a constant";
    default:
      return keeps_state(code) ? "export the network without state, unrolled or with convolutions over a window"
                               : "build the network from supported operators, or end it before this one";
  }
}

struct Reader {
  Builtin code;
  ir::OpKind kind;
  void (*read)(Node&, ir::Op&);
};

constexpr Reader kReaders[] = {
    {Builtin::conv_2d, ir::OpKind::conv2d, read_conv2d},
    {Builtin::depthwise_conv_2d, ir::OpKind::depthwise_conv2d, read_depthwise},
    {Builtin::fully_connected, ir::OpKind::fully_connected, read_fully_connected},
    {Builtin::max_pool_2d, ir::OpKind::max_pool2d, read_pool},
    {Builtin::average_pool_2d, ir::OpKind::average_pool2d, read_pool},
    {Builtin::mean, ir::OpKind::mean, read_mean},
    {Builtin::softmax, ir::OpKind::softmax, read_softmax},
    {Builtin::reshape, ir::OpKind::reshape, read_reshape},
    {Builtin::squeeze, ir::OpKind::reshape, read_squeeze},
    {Builtin::expand_dims, ir::OpKind::reshape, read_expand_dims},
    {Builtin::add, ir::OpKind::add, read_sum},
    {Builtin::sub, ir::OpKind::sub, read_sum},
    {Builtin::mul, ir::OpKind::mul, read_mul},
    {Builtin::pad, ir::OpKind::pad, read_pad},
    {Builtin::padv2, ir::OpKind::pad, read_pad},
    {Builtin::transpose, ir::OpKind::transpose, read_transpose},
    {Builtin::concatenation, ir::OpKind::concatenation, read_concatenation},
    {Builtin::logistic, ir::OpKind::logistic, read_unary},
    {Builtin::tanh, ir::OpKind::tanh, read_unary},
    {Builtin::relu, ir::OpKind::relu, read_unary},
    {Builtin::relu6, ir::OpKind::relu6, read_unary},
    {Builtin::leaky_relu, ir::OpKind::leaky_relu, read_leaky_relu},
    {Builtin::hard_swish, ir::OpKind::hard_swish, read_unary},
    {Builtin::quantize, ir::OpKind::quantize, read_quantize},
    {Builtin::dequantize, ir::OpKind::dequantize, read_dequantize},
};

std::string supported_names() {
  std::string names;
  for (const Reader& reader : kReaders)
    names += (names.empty() ? "" : ", ") + builtin_name(static_cast<int>(reader.code));
  return names;
}

}  // namespace

std::vector<TfliteOperator> tflite_operators() {
  std::vector<TfliteOperator> all;
  for (const Reader& reader : kReaders)
    all.push_back({builtin_name(static_cast<int>(reader.code)), reader.kind});
  return all;
}

std::optional<int> builtin_code(const wire::Model& model, const wire::Operator& node) {
  const auto* codes = model.operator_codes();
  if (!codes || node.opcode_index() >= codes->size()) return std::nullopt;
  const wire::OperatorCode* code = codes->Get(node.opcode_index());
  return std::max<int>(code->builtin_code(), code->builtin_code_byte());
}

std::string node_name(const wire::Model& model, const wire::Operator& node) {
  const std::optional<int> code = builtin_code(model, node);
  if (!code) return "unknown operator";
  const flatbuffers::String* custom = model.operator_codes()->Get(node.opcode_index())->custom_code();
  if (*code != static_cast<int>(Builtin::custom) || !custom) return builtin_name(*code);
  return "custom operator " + printable(custom);
}

std::optional<ir::Op> read_node(const wire::Model& model, const wire::Operator& wired, FileTensors& tensors) {
  const std::optional<int> code = builtin_code(model, wired);
  require(code.has_value(), "its operator code does not exist");
  const auto reader = std::find_if(std::begin(kReaders), std::end(kReaders),
                                   [&](const Reader& r) { return static_cast<int>(r.code) == *code; });
  require(reader != std::end(kReaders), "this operator is not supported", supported_names(), hint_for(*code));
  Node node(wired, tensors);
  ir::Op op;
  op.kind = reader->kind;
  op.outputs = {node.output_id()};
  reader->read(node, op);
  if (op.inputs.empty()) return std::nullopt;
  op.name = node.output().name;
  if (builtin_name(*code) != ir::op_name(op.kind)) op.source_kind = builtin_name(*code);
  return op;
}

}  // namespace edgesmith::convert
