#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/convert/tflite/explicit_pads.h"
#include "host/convert/tflite/op_version.h"
#include "host/convert/tflite/schema_generated.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/verifier.h"

namespace edgesmith::convert {
namespace {

using flatbuffers::Offset;
using Indices = std::vector<std::int32_t>;

constexpr std::size_t kBufferAlignmentBytes = 16;
constexpr std::uint32_t kFormatVersion = 3;
constexpr int kMaxByteCode = 127;  // codes above live in the newer field only

// ---- attributes ------------------------------------------------------------------------------------------------

wire::FusedActivation wired(ir::Activation activation) {
  switch (activation) {
    case ir::Activation::none:
      return wire::FusedActivation::NONE;
    case ir::Activation::relu:
      return wire::FusedActivation::RELU;
    case ir::Activation::relu6:
      return wire::FusedActivation::RELU6;
  }
  return wire::FusedActivation::NONE;
}

wire::TensorType wired(ir::DType dtype) {
  switch (dtype) {
    case ir::DType::f32:
      return wire::TensorType::FLOAT32;
    case ir::DType::f16:
      return wire::TensorType::FLOAT16;
    case ir::DType::s8:
      return wire::TensorType::INT8;
    case ir::DType::u8:
      return wire::TensorType::UINT8;
    case ir::DType::s16:
      return wire::TensorType::INT16;
    case ir::DType::s32:
      return wire::TensorType::INT32;
  }
  return wire::TensorType::FLOAT32;
}

wire::Padding padding_of(const ir::Graph& graph, const ir::Op& op) {
  const ir::Attributes& a = op.attributes;
  if (!pads_have_a_name(graph, op)) {  // an average pool: with_explicit_pads() saw to the others
    refuse_to_write(op, "its pads cannot be said in .tflite",
                    "none, or as many as SAME adds (the odd one below and to the right)",
                    "use padding 'same' or 'valid' in the layer");
  }
  const bool none = a.pad_top == 0 && a.pad_bottom == 0 && a.pad_left == 0 && a.pad_right == 0;
  return none ? wire::Padding::VALID : wire::Padding::SAME;
}

// ---- biases ----------------------------------------------------------------------------------------------------

ir::Tensor zero_bias(const ir::Graph& graph, const ir::Op& op) {
  const ir::Tensor& weights = graph.tensor(op.inputs[1]);
  const bool quantized = weights.dtype == ir::DType::s8;
  ir::Tensor bias;
  bias.name = graph.tensor(op.outputs[0]).name + "/bias";
  bias.dtype = quantized ? ir::DType::s32 : ir::DType::f32;
  bias.shape = {weights.shape[op.kind == ir::OpKind::depthwise_conv2d ? 3 : 0]};
  bias.data.resize(ir::tensor_bytes(bias));
  if (!quantized) return bias;
  const double input_scale = graph.tensor(op.inputs[0]).quantization.scale[0];
  for (const float scale : weights.quantization.scale) {
    bias.quantization.scale.push_back(static_cast<float>(input_scale * double{scale}));
    bias.quantization.zero_point.push_back(0);
  }
  return bias;
}

// LiteRT refuses convolutions without a bias, so every layer gets one.
ir::Graph with_biases(ir::Graph graph) {
  for (ir::Op& op : graph.ops) {
    if (!ir::takes_weights(op.kind)) continue;
    op.inputs.resize(3, ir::kNoTensor);
    if (op.inputs[2] == ir::kNoTensor) op.inputs[2] = graph.add(zero_bias(graph, op));
  }
  return graph;
}

ir::Tensor pad_value(const ir::Graph& graph, const ir::Op& op) {
  const ir::Tensor& output = graph.tensor(op.outputs[0]);
  const float value = op.attributes.pad_value;
  ir::Tensor tensor;
  tensor.dtype = output.dtype;
  tensor.shape = {1};
  tensor.quantization = output.quantization;
  tensor.data.resize(ir::tensor_bytes(tensor));
  if (output.dtype == ir::DType::f32) {
    std::memcpy(tensor.data.data(), &value, sizeof value);
  } else {
    const double steps = std::round(double{value} / double{output.quantization.scale[0]});
    const double q = std::clamp(steps + static_cast<double>(output.quantization.zero_point[0]), -128.0, 127.0);
    tensor.data[0] = static_cast<std::uint8_t>(static_cast<std::int8_t>(q));
  }
  return tensor;
}

// ---- the file --------------------------------------------------------------------------------------------------

class Writer {
 public:
  explicit Writer(ir::Graph graph) : graph_(std::move(graph)) {}

  std::vector<std::uint8_t> write() {
    add_buffer(nullptr, 0);  // by convention number 0 is the empty one
    for (ir::TensorId id = 0; id < static_cast<int>(graph_.tensors.size()); ++id)
      add_tensor(name_of(id), graph_.tensor(id));
    for (const ir::Op& op : graph_.ops)
      add_operator(op);
    const auto subgraph = add_subgraph();
    const auto metadata = min_runtime_metadata();
    const auto signature = add_signature();
    // One statement each: the order in which a compiler evaluates arguments must not decide the bytes.
    const auto codes = operator_codes();
    const auto subgraphs = out_.CreateVector(std::vector{subgraph});
    const auto description = out_.CreateString("Edgesmith");
    const auto buffers = out_.CreateVector(buffers_);
    const auto metadata_entries = out_.CreateVector(std::vector{metadata});
    const auto signatures = out_.CreateVector(std::vector{signature});
    const auto model = wire::CreateModel(out_, kFormatVersion, codes, subgraphs, description, buffers, 0,
                                         metadata_entries, signatures);
    wire::FinishModelBuffer(out_, model);
    return {out_.GetBufferPointer(), out_.GetBufferPointer() + out_.GetSize()};
  }

 private:
  Offset<flatbuffers::Vector<std::int32_t>> indices(const Indices& values) {
    return out_.CreateVector(values);
  }

  Offset<wire::SubGraph> add_subgraph() {
    const auto tensors = out_.CreateVector(tensors_);
    const auto inputs = indices(graph_.inputs);
    const auto outputs = indices(graph_.outputs);
    const auto operators = out_.CreateVector(operators_);
    const auto name = out_.CreateString(graph_.name.empty() ? "main" : graph_.name);
    return wire::CreateSubGraph(out_, tensors, inputs, outputs, operators, name);
  }

  Offset<wire::Signature> add_signature() {
    const auto inputs = tensor_maps(graph_.inputs);
    const auto outputs = tensor_maps(graph_.outputs);
    const auto key = out_.CreateString("serving_default");
    return wire::CreateSignature(out_, inputs, outputs, key, 0);
  }

  std::uint32_t add_buffer(const std::uint8_t* data, std::size_t size_bytes) {
    Offset<flatbuffers::Vector<std::uint8_t>> bytes = 0;
    if (size_bytes > 0) {
      out_.ForceVectorAlignment(size_bytes, 1, kBufferAlignmentBytes);
      bytes = out_.CreateVector(data, size_bytes);
    }
    buffers_.push_back(wire::CreateBuffer(out_, bytes));
    return static_cast<std::uint32_t>(buffers_.size() - 1);
  }

  Offset<wire::Quantization> quantization(const ir::Quantization& q) {
    if (q.empty()) return 0;
    const auto scale = out_.CreateVector(q.scale);
    const auto zero_point = out_.CreateVector(q.zero_point);
    return wire::CreateQuantization(out_, 0, 0, scale, zero_point, wire::QuantizationDetails::NONE, 0, q.axis);
  }

  std::int32_t add_tensor(const std::string& name, const ir::Tensor& tensor) {
    const Indices shape(tensor.shape.begin(), tensor.shape.end());
    const std::uint32_t buffer = tensor.constant() ? add_buffer(tensor.data.data(), tensor.data.size()) : 0;
    const auto shape_offset = indices(shape);
    const auto name_offset = out_.CreateString(name);
    const auto scales = quantization(tensor.quantization);
    tensors_.push_back(wire::CreateTensor(out_, shape_offset, wired(tensor.dtype), buffer, name_offset, scales));
    return static_cast<std::int32_t>(tensors_.size() - 1);
  }

  std::string name_of(ir::TensorId id) const {
    const std::string& name = graph_.tensor(id).name;
    return name.empty() ? "tensor_" + std::to_string(id) : name;
  }

  // The format passes new shapes and axes as constant int32 tensors.
  std::int32_t add_constant(const std::string& name, const Indices& values, std::vector<std::int64_t> shape = {}) {
    ir::Tensor tensor;
    tensor.dtype = ir::DType::s32;
    tensor.shape = shape.empty() ? std::vector{static_cast<std::int64_t>(values.size())} : std::move(shape);
    tensor.data.resize(values.size() * sizeof(std::int32_t));
    std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
    return add_tensor(name, tensor);
  }

  void add_operator(const ir::Op& op) {
    if (op.attributes.zero_point_in_bias) {
      refuse_to_write(op, "its bias holds the input's zero point, which .tflite cannot say",
                      "the network before the passes", "convert the file that it comes from");
    }
    const OpVersion version = version_of(graph_, op);
    auto known = std::find(versions_.begin(), versions_.end(), version);
    if (known == versions_.end()) known = versions_.insert(known, version);
    const auto opcode = static_cast<std::uint32_t>(known - versions_.begin());
    Indices inputs = op.inputs;
    wire::Options type = wire::Options::NONE;
    const Offset<void> options = add_options(op, inputs, type);
    const auto input_offset = indices(inputs);
    const auto output_offset = indices(op.outputs);
    operators_.push_back(wire::CreateOperator(out_, opcode, input_offset, output_offset, type, options));
  }

  // Options of `op`; appends the constants that the format wants as inputs.
  Offset<void> add_options(const ir::Op& op, Indices& inputs, wire::Options& type) {
    const ir::Attributes& a = op.attributes;
    const ir::Tensor& output = graph_.tensor(op.outputs[0]);
    switch (op.kind) {
      case ir::OpKind::conv2d: {
        type = wire::Options::Conv2DOptions;
        return wire::CreateConv2DOptions(out_, padding_of(graph_, op), a.stride_w, a.stride_h, wired(a.activation),
                                         a.dilation_w, a.dilation_h)
            .Union();
      }
      case ir::OpKind::depthwise_conv2d: {
        type = wire::Options::DepthwiseConv2DOptions;
        return wire::CreateDepthwiseConv2DOptions(out_, padding_of(graph_, op), a.stride_w, a.stride_h,
                                                  a.depth_multiplier, wired(a.activation), a.dilation_w, a.dilation_h)
            .Union();
      }
      case ir::OpKind::fully_connected:
        type = wire::Options::FullyConnectedOptions;
        return wire::CreateFullyConnectedOptions(out_, wired(a.activation), wire::WeightsFormat::DEFAULT,
                                                 output.shape.size() > 2)
            .Union();
      case ir::OpKind::max_pool2d:
      case ir::OpKind::average_pool2d:
        type = wire::Options::Pool2DOptions;
        return wire::CreatePool2DOptions(out_, padding_of(graph_, op), a.stride_w, a.stride_h, a.filter_w, a.filter_h,
                                         wired(a.activation))
            .Union();
      case ir::OpKind::mean:
        type = wire::Options::ReducerOptions;
        inputs.push_back(add_constant(name_of(op.outputs[0]) + "/axes", a.axes));
        return wire::CreateReducerOptions(out_, a.keep_dims).Union();
      case ir::OpKind::softmax:
        type = wire::Options::SoftmaxOptions;
        return wire::CreateSoftmaxOptions(out_, a.beta).Union();
      case ir::OpKind::reshape: {
        type = wire::Options::ReshapeOptions;
        const Indices shape(output.shape.begin(), output.shape.end());
        inputs.push_back(add_constant(name_of(op.outputs[0]) + "/shape", shape));
        return wire::CreateReshapeOptions(out_, indices(shape)).Union();
      }
      case ir::OpKind::add:
        type = wire::Options::AddOptions;
        return wire::CreateAddOptions(out_, wired(a.activation)).Union();
      case ir::OpKind::sub:
        type = wire::Options::SubOptions;
        return wire::CreateSubOptions(out_, wired(a.activation)).Union();
      case ir::OpKind::mul:
        type = wire::Options::MulOptions;
        return wire::CreateMulOptions(out_, wired(a.activation)).Union();
      case ir::OpKind::concatenation:
        type = wire::Options::ConcatenationOptions;
        return wire::CreateConcatenationOptions(out_, a.axis, wire::FusedActivation::NONE).Union();
      case ir::OpKind::pad:
        return add_pad_options(op, inputs, type);
      case ir::OpKind::transpose:
        type = wire::Options::TransposeOptions;
        inputs.push_back(add_constant(name_of(op.outputs[0]) + "/permutation", a.permutation));
        return wire::CreateTransposeOptions(out_).Union();
      case ir::OpKind::leaky_relu:
        type = wire::Options::LeakyReluOptions;
        return wire::CreateLeakyReluOptions(out_, a.alpha).Union();
      case ir::OpKind::hard_swish:
        type = wire::Options::HardSwishOptions;
        return wire::CreateHardSwishOptions(out_).Union();
      case ir::OpKind::quantize:
        type = wire::Options::QuantizeOptions;
        return wire::CreateQuantizeOptions(out_).Union();
      case ir::OpKind::dequantize:
        type = wire::Options::DequantizeOptions;
        return wire::CreateDequantizeOptions(out_).Union();
      case ir::OpKind::relu:  // these have none
      case ir::OpKind::relu6:
      case ir::OpKind::logistic:
      case ir::OpKind::tanh:
      case ir::OpKind::batch_norm:  // refused by version_of()
      case ir::OpKind::conv2d_add:
      case ir::OpKind::lookup:
        break;
    }
    return 0;
  }

  // The pads are a tensor of one pair a dimension; a value other than zero makes it PADV2, with one more input.
  Offset<void> add_pad_options(const ir::Op& op, Indices& inputs, wire::Options& type) {
    const ir::Attributes& a = op.attributes;
    Indices pads;
    for (std::size_t d = 0; d < a.pads_before.size(); ++d)
      pads.insert(pads.end(), {a.pads_before[d], a.pads_after[d]});
    const auto rank = static_cast<std::int64_t>(a.pads_before.size());
    inputs.push_back(add_constant(name_of(op.outputs[0]) + "/pads", pads, {rank, 2}));
    if (a.pad_value == 0) {
      type = wire::Options::PadOptions;
      return wire::CreatePadOptions(out_).Union();
    }
    type = wire::Options::PadV2Options;
    inputs.push_back(add_tensor(name_of(op.outputs[0]) + "/value", pad_value(graph_, op)));
    return wire::CreatePadV2Options(out_).Union();
  }

  Offset<flatbuffers::Vector<Offset<wire::OperatorCode>>> operator_codes() {
    std::vector<Offset<wire::OperatorCode>> codes;
    for (const OpVersion& version : versions_) {
      const int code = static_cast<int>(version.code);
      const auto byte_code = static_cast<std::int8_t>(std::min(code, kMaxByteCode));
      codes.push_back(wire::CreateOperatorCode(out_, byte_code, 0, version.number, code));
    }
    return out_.CreateVector(codes);
  }

  // The oldest runtime that has every operator, as 16 bytes padded with zeros.
  Offset<wire::Metadata> min_runtime_metadata() {
    std::string newest = min_runtime(versions_);
    newest.resize(16, '\0');
    const std::uint32_t buffer = add_buffer(reinterpret_cast<const std::uint8_t*>(newest.data()), newest.size());
    return wire::CreateMetadata(out_, out_.CreateString("min_runtime_version"), buffer);
  }

  Offset<flatbuffers::Vector<Offset<wire::TensorMap>>> tensor_maps(const std::vector<ir::TensorId>& ids) {
    std::vector<Offset<wire::TensorMap>> maps;
    for (const ir::TensorId id : ids) {
      const auto name = out_.CreateString(name_of(id));
      maps.push_back(wire::CreateTensorMap(out_, name, static_cast<std::uint32_t>(id)));
    }
    return out_.CreateVector(maps);
  }

  const ir::Graph graph_;
  flatbuffers::FlatBufferBuilder out_;
  std::vector<OpVersion> versions_;
  std::vector<Offset<wire::Buffer>> buffers_;
  std::vector<Offset<wire::Tensor>> tensors_;
  std::vector<Offset<wire::Operator>> operators_;
};

}  // namespace

std::vector<std::uint8_t> write_tflite(const ir::Graph& graph) {
  ir::verify(graph);
  return Writer(with_biases(with_explicit_pads(graph))).write();
}

}  // namespace edgesmith::convert
