#pragma once
// The network graph: tensors and operators in execution order. Knows no file format and no device.
//
// Layouts: activations NHWC (batch 1), convolution weights OHWI, depthwise [1][h][w][out], fully connected [out][in].

#include <cstdint>
#include <string>
#include <vector>

namespace edgesmith::ir {

enum class DType { f32, f16, s8, u8, s16, s32 };

/// real = scale[c] * (q - zero_point[c]); one entry = per tensor, more = per channel along `axis`.
struct Quantization {
  std::vector<float> scale;
  std::vector<std::int64_t> zero_point;
  int axis = 0;
  bool empty() const {
    return scale.empty();
  }
};

using TensorId = int;
constexpr TensorId kNoTensor = -1;

struct Tensor {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;
  Quantization quantization;
  std::vector<std::uint8_t> data;  // constants: little-endian, C order; empty = activation
  bool constant() const {
    return !data.empty();
  }
};

enum class OpKind {
  conv2d,
  depthwise_conv2d,
  fully_connected,
  max_pool2d,
  average_pool2d,
  mean,
  softmax,
  reshape,
  relu,
  batch_norm,
  add,
  sub,
  mul,
  pad,
  transpose,
  concatenation,
  logistic,
  tanh,
  relu6,
  leaky_relu,
  hard_swish,
  quantize,    // float32 to int8 or uint8, or from one int8 or uint8 quantisation to another
  dequantize,  // int8, uint8 or float16 to float32
  // No file has these; passes make them.
  conv2d_add,  // conv2d(x) + skip
  lookup       // any function of one int8 or uint8 value, as a table
};
enum class Activation { none, relu, relu6 };

/// Attributes of all kinds in one plain struct; a kind reads the ones named beside it.
struct Attributes {
  Activation activation = Activation::none;                      // layers with weights, pools, add, sub, mul
  int stride_h = 1, stride_w = 1;                                // convolutions, pools
  int dilation_h = 1, dilation_w = 1;                            // convolutions
  int pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;  // convolutions, pools
  int filter_h = 0, filter_w = 0;                                // pools
  int depth_multiplier = 1;                                      // depthwise_conv2d
  std::vector<int> axes;                                         // mean
  bool keep_dims = false;                                        // mean
  float beta = 1;                                                // softmax
  float epsilon = 1e-3f;                                         // batch_norm
  std::vector<int> pads_before, pads_after;                      // pad: one for each dimension
  float pad_value = 0;                                           // pad: the real value, not the quantised one
  std::vector<int> permutation;                                  // transpose: output dimension i is input dimension [i]
  int axis = 0;                                                  // concatenation; negative counts from the end
  float alpha = 0;                                               // leaky_relu
  bool zero_point_in_bias = false;  // int8 layers with weights: the bias holds -zero_point * sum of weights already
  Quantization conv_output;         // conv2d_add on int8: of the convolution's output, before the sum
  Activation sum_activation = Activation::none;  // conv2d_add: of the sum; `activation` is the convolution's
};

/// inputs
///   layers with weights     x, weights, bias (kNoTensor = no bias)
///   conv2d_add              x, weights, bias, skip
///   batch_norm              x, gamma, beta, mean, variance
///   add, sub, mul           two, broadcast to each other; one of them may be a constant
///   concatenation           two or more; some may be constants
///   lookup                  x, table: 256 entries of the output's type; entry i belongs to the input with byte i
///   others                  x
struct Op {
  OpKind kind;
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;
  Attributes attributes;
  std::string name;
  int source_index = -1;    // which operator it was in the file that the graph comes from; -1: none
  std::string source_kind;  // what that file calls the operator where it is not op_name(kind): "SQUEEZE"
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Op> ops;  // in execution order
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;

  TensorId add(Tensor tensor) {
    tensors.push_back(std::move(tensor));
    return static_cast<TensorId>(tensors.size()) - 1;
  }
  Tensor& tensor(TensorId id) {
    return tensors[static_cast<std::size_t>(id)];
  }
  const Tensor& tensor(TensorId id) const {
    return tensors[static_cast<std::size_t>(id)];
  }
};

std::size_t dtype_bytes(DType dtype);
const char* dtype_name(DType dtype);
/// Has the operator weights and a bias as inputs 1 and 2?
bool takes_weights(OpKind kind);
const char* op_name(OpKind kind);  // TFLite's spelling: "CONV_2D"
/// Product of the dimensions; 0 when one is not positive, the largest int64 when it does not fit.
std::int64_t elems(const std::vector<std::int64_t>& shape);
std::size_t tensor_bytes(const Tensor& tensor);
std::string shape_text(const std::vector<std::int64_t>& shape);  // "1x104x6"

}  // namespace edgesmith::ir
