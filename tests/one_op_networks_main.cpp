// one_op_networks FOLDER: int8 networks of one operator each, as NAME.tflite, with an input (NAME.in.bin) and what our
// interpreter makes of it (NAME.out.bin). tests/external gives them to TensorFlow Lite Micro.

#include <fmt/format.h>

#include <filesystem>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/random.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"

namespace edgesmith {
namespace {

using ir::OpKind;
using Shape = std::vector<std::int64_t>;

struct Side {
  float scale;
  std::int64_t zero_point;
};

ir::TensorId add(ir::Graph& graph, const std::string& name, const Shape& shape, Side side,
                 ir::DType dtype = ir::DType::s8) {
  return graph.add({.name = name,
                    .dtype = dtype,
                    .shape = shape,
                    .quantization = {.scale = {side.scale}, .zero_point = {side.zero_point}}});
}

Bytes random_bytes(std::size_t count, std::uint32_t seed) {
  Random random(seed);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

class Writer {
 public:
  explicit Writer(fs::path folder) : folder_(std::move(folder)) {}

  /// Every input byte once.
  void unary(const std::string& name, OpKind kind, Side in, Side out, ir::Attributes attributes = {},
             ir::DType from = ir::DType::s8, ir::DType to = ir::DType::s8) {
    ir::Graph graph;
    graph.inputs = {add(graph, "x", {1, 256}, in, from)};
    graph.outputs = {add(graph, "y", {1, 256}, out, to)};
    graph.ops = {{kind, graph.inputs, graph.outputs, std::move(attributes), name}};
    Bytes bytes(256);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(i);
    write(name, graph, bytes);
  }

  /// An input and a constant, both random.
  void binary(const std::string& name, OpKind kind, const Shape& x, const Shape& constant, const Shape& y,
              ir::Attributes attributes = {}) {
    ir::Graph graph;
    const ir::TensorId in = add(graph, "x", x, {0.0371f, -7}), other = add(graph, "c", constant, {0.0113f, 31});
    graph.tensor(other).data = random_bytes(ir::tensor_bytes(graph.tensor(other)), 1);
    graph.inputs = {in};
    graph.outputs = {add(graph, "y", y, {0.0423f, 12})};
    graph.ops = {{kind, {in, other}, graph.outputs, std::move(attributes), name}};
    write(name, graph, random_bytes(ir::tensor_bytes(graph.tensor(in)), 2));
  }

  /// Same scale on both sides, whatever the shapes.
  void move(const std::string& name, OpKind kind, const Shape& x, const Shape& y, ir::Attributes attributes) {
    ir::Graph graph;
    graph.inputs = {add(graph, "x", x, {0.05f, -9})};
    graph.outputs = {add(graph, "y", y, {0.05f, -9})};
    graph.ops = {{kind, graph.inputs, graph.outputs, std::move(attributes), name}};
    if (kind == OpKind::concatenation) graph.ops[0].inputs.push_back(graph.inputs[0]);
    write(name, graph, random_bytes(ir::tensor_bytes(graph.tensor(graph.inputs[0])), 3));
  }

 private:
  void write(const std::string& name, const ir::Graph& graph, const Bytes& input) {
    const Bytes file = convert::write_tflite(graph), output = ir::Interpreter(graph).run({input})[0];
    write_bytes(folder_ / (name + ".tflite"), file.data(), file.size());
    write_bytes(folder_ / (name + ".in.bin"), input.data(), input.size());
    write_bytes(folder_ / (name + ".out.bin"), output.data(), output.size());
  }

  fs::path folder_;
};

void write_unary(Writer& writer) {
  int number = 0;
  for (const Side in : {Side{0.0235f, 0}, {0.0781f, -21}, {0.3f, 64}, {0.004f, -128}, {1.7f, 3}, {0.00002f, 0}}) {
    ++number;
    const auto name = [number](const char* op) { return fmt::format("{}_{}", op, number); };
    writer.unary(name("logistic"), OpKind::logistic, in, {1.0f / 256, -128});
    writer.unary(name("tanh"), OpKind::tanh, in, {1.0f / 128, 0});
    writer.unary(name("relu"), OpKind::relu, in, {in.scale * 0.61f, -128});
    writer.unary(name("relu6"), OpKind::relu6, in, in);
    writer.unary(name("leaky_relu"), OpKind::leaky_relu, in, {in.scale * 1.37f, 5}, {.alpha = 0.1f});
    writer.unary(name("hard_swish"), OpKind::hard_swish, in, {in.scale * 0.83f, -17});
    writer.unary(name("quantize"), OpKind::quantize, in, {in.scale * 1.9f, 40});
    writer.unary(name("quantize_from_u8"), OpKind::quantize, {in.scale, in.zero_point + 128}, {in.scale, in.zero_point},
                 {}, ir::DType::u8);
    writer.unary(name("quantize_to_u8"), OpKind::quantize, in, {in.scale * 0.7f, 99}, {}, ir::DType::s8, ir::DType::u8);
  }
}

void write_others(Writer& writer) {
  for (const auto& [kind, name] : {std::pair{OpKind::add, "add"}, {OpKind::sub, "sub"}, {OpKind::mul, "mul"}}) {
    const auto with = [&](const char* how) { return fmt::format("{}_{}", name, how); };
    writer.binary(with("same"), kind, {1, 5, 7, 3}, {1, 5, 7, 3}, {1, 5, 7, 3});
    writer.binary(with("channel"), kind, {1, 5, 7, 3}, {3}, {1, 5, 7, 3}, {.activation = ir::Activation::relu});
    writer.binary(with("row"), kind, {1, 5, 7, 3}, {1, 1, 7, 1}, {1, 5, 7, 3}, {.activation = ir::Activation::relu6});
    writer.binary(with("scalar"), kind, {1, 33}, {1}, {1, 33});
    writer.binary(with("both"), kind, {1, 5, 1, 3}, {1, 1, 7, 3}, {1, 5, 7, 3});
  }
  writer.move("pad", OpKind::pad, {1, 4, 5, 3}, {1, 7, 6, 3},
              {.pads_before = {0, 1, 0, 0}, .pads_after = {0, 2, 1, 0}});
  writer.move("padv2", OpKind::pad, {1, 4, 5, 3}, {1, 4, 5, 6},
              {.pads_before = {0, 0, 0, 1}, .pads_after = {0, 0, 0, 2}, .pad_value = 1.5f});
  writer.move("transpose", OpKind::transpose, {1, 4, 5, 3}, {1, 3, 5, 4}, {.permutation = {0, 3, 2, 1}});
  writer.move("transpose_image", OpKind::transpose, {1, 4, 5, 3}, {1, 3, 4, 5}, {.permutation = {0, 3, 1, 2}});
  writer.move("concatenation", OpKind::concatenation, {1, 4, 5, 3}, {1, 4, 10, 3}, {.axis = -2});
}

}  // namespace
}  // namespace edgesmith

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: one_op_networks FOLDER\n");
    return 2;
  }
  try {
    edgesmith::Writer writer(arguments[1]);
    edgesmith::write_unary(writer);
    edgesmith::write_others(writer);
  } catch (const edgesmith::Error& error) {
    fmt::print(stderr, "{}\n", error.text.what);
    return 1;
  }
}
