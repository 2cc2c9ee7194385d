// Which operators we take, and what to do about the others.
#include <algorithm>

#include "host/convert/onnx/importer.h"
#include "host/convert/onnx/onnx.h"

namespace edgesmith::convert::onnx {
namespace {

constexpr std::int64_t kNewestOpset = 28;  // the versions whose meaning we know

struct Reader {
  const char* kind;
  void (*read)(const Node&);  // of a node that reads an activation; none: constants only
  const char* limits;
};

constexpr Reader kReaders[] = {
    {"Add", read_binary, "two activations, or one and a constant; broadcast"},
    {"AveragePool", read_pool, "1-D and 2-D; no dilations"},
    {"BatchNormalization", read_batch_norm, "inference"},
    {"Cast", read_cast, "FLOAT to FLOAT; any type on constants"},
    {"Clip", read_clip, "0 ... 6, 0 and above, or no limits"},
    {"Concat", read_concat, ""},
    {"Constant", nullptr, ""},
    {"ConstantOfShape", nullptr, "of constants"},
    {"Conv", read_conv, "1-D and 2-D; one group, one for each channel, or at most 4; constant weights"},
    {"DequantizeLinear", read_dequantize, "INT8, UINT8; weights also per channel, biases INT32"},
    {"Div", read_binary, "by a constant"},
    {"Dropout", read_alias, ""},
    {"Flatten", read_reshape, ""},
    {"Gather", nullptr, "of constants"},
    {"Gemm", read_gemm, "constant weights and bias; transA = 0"},
    {"GlobalAveragePool", read_global_pool, "1-D and 2-D"},
    {"GlobalMaxPool", read_global_pool, "1-D and 2-D"},
    {"HardSigmoid", read_hard_sigmoid, ""},
    {"HardSwish", read_unary, ""},
    {"Identity", read_alias, ""},
    {"LeakyRelu", read_unary, ""},
    {"MatMul", read_matmul, "by constant weights of two dimensions"},
    {"MaxPool", read_pool, "1-D and 2-D; no dilations"},
    {"Mul", read_binary, "two activations, or one and a constant; broadcast"},
    {"Pad", read_pad, "constant"},
    {"PRelu", read_prelu, "constant slopes"},
    {"QuantizeLinear", read_quantize, "INT8, UINT8; weights also per channel"},
    {"ReduceMean", read_reduce_mean, ""},
    {"Relu", read_unary, ""},
    {"Reshape", read_reshape, "to a constant shape"},
    {"Shape", nullptr, ""},
    {"Sigmoid", read_unary, ""},
    {"Slice", nullptr, "of constants"},
    {"Softmax", read_softmax, ""},
    {"Squeeze", read_reshape, ""},
    {"Sub", read_binary, "two activations, or one and a constant; broadcast"},
    {"Tanh", read_unary, ""},
    {"Transpose", read_transpose, ""},
    {"Unsqueeze", read_reshape, ""},
};

const Reader* reader_of(const std::string& kind) {
  const auto found =
      std::find_if(std::begin(kReaders), std::end(kReaders), [&](const Reader& reader) { return reader.kind == kind; });
  return found == std::end(kReaders) ? nullptr : found;
}

struct Hint {
  const char* kind;
  const char* try_this;
};

constexpr Hint kHints[] = {
    {"If",
     "export the branch that is taken: fix the input that the condition reads, then run the file through onnxsim"},
    {"Loop", "unroll the loop before exporting"},
    {"Scan", "unroll the loop before exporting"},
    {"ConvTranspose", "enlarge by repeating or padding, then convolve"},
    {"LSTM", "use convolutions along time, or export the cell's dense layers one by one"},
    {"GRU", "use convolutions along time, or export the cell's dense layers one by one"},
    {"RNN", "use convolutions along time, or export the cell's dense layers one by one"},
    {"QLinearConv", "quantise in the QDQ format (onnxruntime: quant_format=QuantFormat.QDQ)"},
    {"QLinearMatMul", "quantise in the QDQ format (onnxruntime: quant_format=QuantFormat.QDQ)"},
    {"ConvInteger", "quantise statically in the QDQ format, not dynamically"},
    {"MatMulInteger", "quantise statically in the QDQ format, not dynamically"},
    {"DynamicQuantizeLinear", "quantise statically in the QDQ format, not dynamically"},
    {"Erf", "use ReLU instead of GELU"},
    {"Gelu", "use ReLU instead of GELU"},
    {"Elu", "use LeakyReLU"},
    {"Selu", "use LeakyReLU"},
    {"InstanceNormalization", "use batch normalisation"},
    {"LayerNormalization", "use batch normalisation"},
    {"LRN", "use batch normalisation"},
    {"Resize", "resize the network's input instead"},
    {"ReduceMax", "use a global max pooling layer"},
    {"ArgMax", "end the network before it; the decision takes the scores"},
};

const char* hint_for(const std::string& kind) {
  const auto found =
      std::find_if(std::begin(kHints), std::end(kHints), [&](const Hint& hint) { return hint.kind == kind; });
  return found == std::end(kHints) ? "build the network from supported operators, or end it before this one"
                                   : found->try_this;
}

bool is_standard(const WireNode& wire) {
  if (wire.domain.empty() || wire.domain == "ai.onnx") return true;
  return wire.domain == "com.microsoft" && (wire.op_type == "QuantizeLinear" || wire.op_type == "DequantizeLinear");
}

}  // namespace

void check_known(const Node& node) {
  const WireNode& wire = node.importer.file.nodes[static_cast<std::size_t>(node.number())];
  require(is_standard(wire), "this operator belongs to '" + printable(wire.domain) + "', which is not part of ONNX",
          "ONNX's own operators", "export without the optimisations of one runtime");
  require(reader_of(wire.op_type) != nullptr, "this operator is not supported", "", hint_for(wire.op_type));
  require(node.importer.file.opset >= 1 && node.importer.file.opset <= kNewestOpset,
          "its version is that of opset " + std::to_string(node.importer.file.opset),
          "1 to " + std::to_string(kNewestOpset), "export with an older opset_version");
}

void read_node(const Node& node) {
  if (can_fold(node)) return fold(node);
  const Reader* reader = reader_of(node.kind());
  require(reader && reader->read, "it reads an activation", "constants only",
          "build the network from supported operators, or end it before this one");
  reader->read(node);
}

}  // namespace edgesmith::convert::onnx

namespace edgesmith::convert {

std::vector<OnnxOperator> onnx_operators() {
  std::vector<OnnxOperator> operators;
  for (const onnx::Reader& reader : onnx::kReaders)
    operators.push_back({reader.kind, reader.limits});
  return operators;
}

}  // namespace edgesmith::convert
