#pragma once
// Small .onnx files for tests, written with the format's own classes.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "host/convert/onnx/onnx.pb.h"

namespace edgesmith::convert {

/// Grows a file node by node. The last output named by output() is the network's.
class SampleOnnx {
 public:
  explicit SampleOnnx(std::int64_t opset = 13) {
    model.set_ir_version(8);
    model.add_opset_import()->set_version(opset);
  }

  void input(const std::string& name, const std::vector<std::int64_t>& shape, int type = 1) {
    end(*graph().add_input(), name, shape, type);
  }
  void output(const std::string& name, int type = 1) {
    end(*graph().add_output(), name, {}, type);
  }
  onnx_wire::Tensor& floats(const std::string& name, const std::vector<std::int64_t>& shape,
                            const std::vector<float>& values) {
    onnx_wire::Tensor& tensor = initializer(name, shape, 1);
    tensor.mutable_float_data()->Assign(values.begin(), values.end());
    return tensor;
  }
  /// INT8 (3), UINT8 (2), INT32 (6) ...
  onnx_wire::Tensor& integers(const std::string& name, const std::vector<std::int64_t>& shape, int type,
                              const std::vector<int>& values) {
    onnx_wire::Tensor& tensor = initializer(name, shape, type);
    if (type == 7) tensor.mutable_int64_data()->Assign(values.begin(), values.end());
    if (type != 7) tensor.mutable_int32_data()->Assign(values.begin(), values.end());
    return tensor;
  }

  onnx_wire::Node& node(const std::string& op_type, const std::vector<std::string>& inputs, const std::string& result) {
    onnx_wire::Node& made = *graph().add_node();
    made.set_op_type(op_type);
    for (const std::string& name : inputs)
      made.add_input(name);
    made.add_output(result);
    return made;
  }
  static void set(onnx_wire::Node& node, const std::string& name, std::int64_t value) {
    onnx_wire::Attribute& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(2);
    attribute.set_i(value);
  }
  static void set(onnx_wire::Node& node, const std::string& name, const std::vector<std::int64_t>& values) {
    onnx_wire::Attribute& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(7);
    attribute.mutable_ints()->Assign(values.begin(), values.end());
  }

  /// QuantizeLinear or DequantizeLinear with scale and zero point of their own.
  void linear(const std::string& op_type, const std::string& from, const std::string& to, float scale, int zero_point,
              int type = 3) {
    floats(to + "/scale", {}, {scale});
    integers(to + "/zero_point", {}, type, {zero_point});
    node(op_type, {from, to + "/scale", to + "/zero_point"}, to);
  }

  std::vector<std::uint8_t> bytes() const {
    const std::string text = model.SerializeAsString();
    return {text.begin(), text.end()};
  }
  onnx_wire::Graph& graph() {
    return *model.mutable_graph();
  }

  onnx_wire::Model model;

 private:
  onnx_wire::Tensor& initializer(const std::string& name, const std::vector<std::int64_t>& shape, int type) {
    onnx_wire::Tensor& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.mutable_dims()->Assign(shape.begin(), shape.end());
    tensor.set_data_type(type);
    return tensor;
  }
  static void end(onnx_wire::ValueInfo& info, const std::string& name, const std::vector<std::int64_t>& shape,
                  int type) {
    info.set_name(name);
    onnx_wire::TensorType& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    for (const std::int64_t extent : shape) {
      onnx_wire::Dimension& dim = *tensor.mutable_shape()->add_dim();
      if (extent > 0) dim.set_dim_value(extent);
    }
  }
};

inline std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(static_cast<int>(i * 7 % 11) - 5) / 8;
  return values;
}

/// x 1x2x6x5 -> Conv, Relu, MaxPool, Conv, Flatten, Gemm -> y 1x3.
inline SampleOnnx sample_float_onnx() {
  SampleOnnx sample;
  sample.input("x", {1, 2, 6, 5});
  sample.floats("w1", {4, 2, 3, 2}, ramp(48));
  sample.floats("b1", {4}, ramp(4));
  sample.node("Conv", {"x", "w1", "b1"}, "c1");
  sample.node("Relu", {"c1"}, "r1");
  SampleOnnx::set(sample.node("MaxPool", {"r1"}, "p1"), "kernel_shape", std::vector<std::int64_t>{2, 2});
  sample.floats("w2", {2, 4, 1, 1}, ramp(8));
  sample.node("Conv", {"p1", "w2"}, "c2");
  sample.node("Flatten", {"c2"}, "f");
  sample.floats("w3", {3, 18}, ramp(54));
  SampleOnnx::set(sample.node("Gemm", {"f", "w3"}, "y"), "transB", 1);
  sample.output("y");
  return sample;
}

/// x 1x2x4x4 float32 -> QDQ Conv with Relu -> Add of the input's pool ... in int8 -> float32.
inline SampleOnnx sample_qdq_onnx() {
  SampleOnnx sample;
  sample.input("x", {1, 2, 4, 4});
  sample.linear("QuantizeLinear", "x", "xq", 0.05f, -3);
  sample.linear("DequantizeLinear", "xq", "xd", 0.05f, -3);
  sample.integers("w", {2, 2, 1, 1}, 3, {100, -50, 25, 127});
  sample.floats("w/scale", {2}, {0.01f, 0.02f});
  sample.integers("w/zero_point", {2}, 3, {0, 0});
  SampleOnnx::set(sample.node("DequantizeLinear", {"w", "w/scale", "w/zero_point"}, "wd"), "axis", 0);
  sample.floats("b", {2}, {0.5f, -0.25f});
  sample.node("Conv", {"xd", "wd", "b"}, "c");
  sample.node("Relu", {"c"}, "r");
  sample.linear("QuantizeLinear", "r", "rq", 0.04f, -128);
  sample.linear("DequantizeLinear", "rq", "rd", 0.04f, -128);
  sample.node("Add", {"rd", "xd"}, "a");
  sample.linear("QuantizeLinear", "a", "aq", 0.08f, -60);
  sample.linear("DequantizeLinear", "aq", "y", 0.08f, -60);
  sample.output("y");
  return sample;
}

/// x 1x4x6x5 -> what moves, joins and averages elements -> y.
inline SampleOnnx sample_moving_onnx() {
  SampleOnnx sample;
  sample.input("x", {1, 4, 6, 5});
  sample.integers("pads", {8}, 7, {0, 0, 1, 0, 0, 0, 0, 2});
  sample.node("Pad", {"x", "pads"}, "p");
  SampleOnnx::set(sample.node("Transpose", {"p"}, "t"), "perm", std::vector<std::int64_t>{0, 2, 1, 3});
  sample.integers("split", {5}, 7, {1, 7, 2, -1, 7});
  sample.node("Reshape", {"t", "split"}, "s");
  SampleOnnx::set(sample.node("Transpose", {"s"}, "u"), "perm", std::vector<std::int64_t>{0, 2, 1, 3, 4});
  sample.integers("join", {4}, 7, {1, 4, 7, 7});
  sample.node("Reshape", {"u", "join"}, "j");
  sample.floats("slope", {4, 1, 1}, ramp(4));
  sample.node("PRelu", {"j", "slope"}, "l");
  for (const char* name : {"gamma", "beta", "mean"})
    sample.floats(name, {4}, ramp(4));
  sample.floats("variance", {4}, std::vector<float>(4, 0.5f));
  sample.node("BatchNormalization", {"l", "gamma", "beta", "mean", "variance"}, "n");
  SampleOnnx::set(sample.node("Concat", {"n", "j"}, "c"), "axis", 1);
  onnx_wire::Node& pool = sample.node("AveragePool", {"c"}, "a");
  SampleOnnx::set(pool, "kernel_shape", std::vector<std::int64_t>{3, 2});
  SampleOnnx::set(pool, "pads", std::vector<std::int64_t>{1, 0, 1, 1});
  SampleOnnx::set(pool, "strides", std::vector<std::int64_t>{2, 1});
  SampleOnnx::set(pool, "count_include_pad", 1);
  SampleOnnx::set(sample.node("ReduceMean", {"a"}, "m"), "axes", std::vector<std::int64_t>{-1});
  SampleOnnx::set(sample.node("Softmax", {"m"}, "f"), "axis", 1);
  sample.integers("axes", {1}, 7, {3});
  sample.node("Squeeze", {"f", "axes"}, "q");
  sample.floats("w", {6, 8, 3}, ramp(144));
  sample.node("Conv", {"q", "w"}, "v");
  sample.node("GlobalAveragePool", {"v"}, "g");
  sample.floats("e", {6, 1}, ramp(6));
  sample.node("Mul", {"g", "e"}, "y");
  sample.output("y");
  return sample;
}

}  // namespace edgesmith::convert
