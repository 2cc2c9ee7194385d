// Operators that take each element by itself: sums and products, activations, batch normalisation.
#include <algorithm>
#include <cmath>
#include <limits>

#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {
namespace {

ir::Tensor like(const Node& node, const View& view, const std::string& name) {
  ir::Tensor tensor = node.importer.build.tensor(view);
  tensor.name = name;
  return tensor;
}

// The same place in memory, another tensor.
View elsewhere(View view, ir::TensorId tensor) {
  view.tensor = tensor;
  return view;
}

View emit_unary(const Node& node, ir::OpKind kind, const View& x, const std::string& name,
                const ir::Attributes& attributes = {}) {
  return elsewhere(x, node.importer.build.emit(kind, {x.tensor}, like(node, x, name), attributes));
}

// ---- two operands -----------------------------------------------------------------------------------------------

struct Sides {
  std::vector<ir::TensorId> inputs;
  View output;  // without its tensor
};

// Every dimension of the larger side's in an order that its memory has; in the file's order where it has none.
std::vector<int> order_for(const View& view) {
  std::vector<int> order(view.shape.size());
  for (std::size_t d = 0; d < order.size(); ++d)
    order[d] = static_cast<int>(d);
  return dimension_order(view).value_or(order);
}

bool lie_alike(const View& a, const View& b) {
  return a.shape == b.shape && a.atoms == b.atoms && a.dims == b.dims && a.stored == b.stored;
}

View with_rank(const View& view, std::size_t rank) {
  Shape shape = view.shape;
  shape.insert(shape.begin(), rank - shape.size(), 1);
  return *reshaped(view, shape);
}

Sides two_activations(Builder& build, const View& a, const View& b) {
  if (lie_alike(a, b)) return {{a.tensor, build.laid(b, b.stored, build.tensor(a).shape).tensor}, a};
  const Shape shape = broadcast_shape(a.shape, b.shape);
  const View wide_a = with_rank(a, shape.size()), wide_b = with_rank(b, shape.size());
  const bool b_leads = wide_a.shape != shape && wide_b.shape == shape;
  const std::vector<int> order = order_for(b_leads ? wide_b : wide_a);
  const Placed left = build.placed(wide_a, order), right = build.placed(wide_b, order);
  View output = plain_view(ir::kNoTensor, shape);
  output.stored = atoms_of(output, order);
  return {{left.view.tensor, right.view.tensor}, output};
}

// The constant among a larger activation, in the order of that one's memory.
struct Spread {
  View view;
  Shape shape;
  std::vector<double> values;
};

Spread spread(Builder& build, const View& x, const Constant& constant) {
  require(broadcast_shape(x.shape, constant.shape) == x.shape,
          "its constant of shape " + ir::shape_text(constant.shape) + " is larger than its input of shape " +
              ir::shape_text(x.shape),
          "a constant that is broadcast to the input");
  if (constant.values.size() == 1) return {x, {1}, constant.values};
  Constant wide = constant;
  wide.shape.insert(wide.shape.begin(), x.shape.size() - wide.shape.size(), 1);
  const std::vector<int> order = order_for(x);
  const Placed placed = build.placed(x, order);
  Spread result{placed.view, Shape(build.tensor(placed.view).shape.size(), 1), transposed(wide, order).values};
  for (std::size_t d = 0; d < wide.shape.size(); ++d)
    result.shape[static_cast<std::size_t>(placed.place[d])] = wide.shape[d];
  return result;
}

ir::OpKind kind_of(const std::string& name) {
  return name == "Add" ? ir::OpKind::add : name == "Sub" ? ir::OpKind::sub : ir::OpKind::mul;
}

void emit_binary(const Node& node, const Sides& sides, bool is_int8, const Sink& sink) {
  Importer& importer = node.importer;
  ir::Tensor tensor;
  tensor.name = is_int8 ? sink.name : node.output_name();
  const ir::Tensor &a = importer.build.graph().tensor(sides.inputs[0]),
                   &b = importer.build.graph().tensor(sides.inputs[1]);
  tensor.shape = broadcast_shape(a.shape, b.shape);
  ir::Attributes attributes;
  if (is_int8) {
    tensor.dtype = ir::DType::s8;
    tensor.quantization = *sink.quantization;
    attributes.activation = sink.activation;
    importer.take(sink);
  }
  const std::string name = tensor.name;
  View view =
      elsewhere(sides.output, importer.build.emit(kind_of(node.kind()), sides.inputs, std::move(tensor), attributes));
  view.dequantized = is_int8;
  importer.set_view(name, std::move(view));
}

// Before version 7 a second operand that is broadcast begins at dimension `axis` of the first.
Constant aligned(const Node& node, const Constant& constant, std::size_t rank) {
  Constant result = constant;
  if (!node.has_attribute("axis") || node.integer("broadcast", 0) == 0) return result;
  const int axis = Node::axis(node.integer("axis", 0), rank);
  while (result.shape.size() + static_cast<std::size_t>(axis) < rank)
    result.shape.push_back(1);
  return result;
}

// int8 operands as the file stores them; nothing when it does not, or per channel.
std::optional<ir::Quantization> operand_quantization(const Value& value) {
  if (!value.stored || value.stored->scale.size() != 1) return std::nullopt;
  const Linear linear{value.stored->scale, value.stored->zero_point, value.stored->integers.element, 0};
  if (linear.element != Element::s8 && linear.element != Element::u8) return std::nullopt;
  return linear.activation();
}

void read_with_constant(const Node& node, std::size_t constant_input) {
  Importer& importer = node.importer;
  const View& x = node.view(1 - constant_input);
  const Value& value = node.constant_value(constant_input, "constant");
  const Sink sink = importer.sink_of(node.output_name(), true);
  const auto quantization = operand_quantization(value);
  const bool is_int8 = x.dequantized && sink.quantization && quantization && node.kind() != "Div";
  Constant constant = aligned(node, is_int8 ? value.stored->integers : value.constant, x.shape.size());
  if (is_int8 && constant.element == Element::u8)
    for (double& v : constant.values)
      v -= 128;
  if (node.kind() == "Div")
    for (double& v : constant.values) {
      require(v != 0 && std::isfinite(1 / v), "it divides by zero");
      v = 1 / v;
    }
  const Spread operand = spread(importer.build, is_int8 ? x : importer.build.as_float(x), constant);
  const ir::TensorId made =
      importer.build.constant(node.output_name() + "/constant", operand.shape, operand.values,
                              is_int8 ? ir::DType::s8 : ir::DType::f32, is_int8 ? *quantization : ir::Quantization{});
  Sides sides{{operand.view.tensor, made}, operand.view};
  if (constant_input == 0) std::swap(sides.inputs[0], sides.inputs[1]);
  emit_binary(node, sides, is_int8, sink);
}

// ---- activations ------------------------------------------------------------------------------------------------

// What int8 LOGISTIC and TANH always give.
std::optional<ir::Quantization> fixed_output(ir::OpKind kind) {
  if (kind == ir::OpKind::logistic) return ir::Quantization{{1.0f / 256}, {-128}, 0};
  if (kind == ir::OpKind::tanh) return ir::Quantization{{1.0f / 128}, {0}, 0};
  return std::nullopt;
}

// An activation with its own int8 kernel, between DequantizeLinear and QuantizeLinear; float otherwise.
void emit_activation(const Node& node, ir::OpKind kind, const ir::Attributes& attributes = {}) {
  constexpr float kFinest = 2;  // a fixed output scale may be this much coarser than what the file asks for
  Importer& importer = node.importer;
  const View& x = node.view(0);
  const Sink sink = importer.sink_of(node.output_name(), false);
  const auto fixed = fixed_output(kind);
  bool is_int8 = x.dequantized && sink.quantization;
  if (is_int8 && fixed) is_int8 = fixed->scale[0] <= kFinest * sink.quantization->scale[0];
  if (!is_int8) {
    return importer.set_view(node.output_name(),
                             emit_unary(node, kind, importer.build.as_float(x), node.output_name(), attributes));
  }
  ir::Tensor tensor = like(node, x, node.output_name());
  tensor.quantization = fixed.value_or(*sink.quantization);
  importer.set_view(node.output_name(),
                    elsewhere(x, importer.build.emit(kind, {x.tensor}, std::move(tensor), attributes)));
}

// x where it is positive, slope * x elsewhere, each channel with its own slope:
// relu(x) + slope * (x - relu(x)), in which one of the terms is zero.
void emit_slopes(const Node& node, const Constant& slope) {
  Builder& build = node.importer.build;
  const std::string& name = node.output_name();
  const Spread operand = spread(build, build.as_float(node.view(0)), slope);
  const View& x = operand.view;
  const View positive = emit_unary(node, ir::OpKind::relu, x, name + "/positive");
  const View negative =
      elsewhere(x, build.emit(ir::OpKind::sub, {x.tensor, positive.tensor}, like(node, x, name + "/negative")));
  const ir::TensorId factor = build.constant(name + "/slope", operand.shape, operand.values);
  const View scaled =
      elsewhere(x, build.emit(ir::OpKind::mul, {negative.tensor, factor}, like(node, x, name + "/scaled")));
  node.importer.set_view(
      name, elsewhere(x, build.emit(ir::OpKind::add, {positive.tensor, scaled.tensor}, like(node, x, name))));
}

View emit_with_scalar(const Node& node, ir::OpKind kind, const View& x, double scalar, const std::string& name) {
  Builder& build = node.importer.build;
  const ir::TensorId constant = build.constant(name + "/constant", {1}, {scalar});
  return elsewhere(x, build.emit(kind, {x.tensor, constant}, like(node, x, name)));
}

// The Mul that reads both `name` and x, its only reader; -1 when there is none.
int product_with(Importer& importer, const std::string& name, const std::string& x) {
  const int next = importer.only_reader(name);
  if (next < 0 || importer.node(next).kind() != "Mul") return -1;
  const Node mul = importer.node(next);
  const bool both =
      mul.has(0) && mul.has(1) &&
      ((mul.input_name(0) == name && mul.input_name(1) == x) || (mul.input_name(0) == x && mul.input_name(1) == name));
  return both ? next : -1;
}

}  // namespace

void read_binary(const Node& node) {
  require(node.inputs() == 2, "it has " + std::to_string(node.inputs()) + " inputs", "two");
  if (node.is_constant(1)) return read_with_constant(node, 1);
  require(node.kind() != "Div", "it divides by an activation", "a constant divisor",
          "multiply by a reciprocal that is computed beforehand");
  if (node.is_constant(0)) return read_with_constant(node, 0);
  Importer& importer = node.importer;
  const View &a = node.view(0), &b = node.view(1);
  const Sink sink = importer.sink_of(node.output_name(), true);
  const bool is_int8 = a.dequantized && b.dequantized && sink.quantization;
  const Sides sides = is_int8 ? two_activations(importer.build, a, b)
                              : two_activations(importer.build, importer.build.as_float(a), importer.build.as_float(b));
  emit_binary(node, sides, is_int8, sink);
}

void read_unary(const Node& node) {
  if (node.kind() == "Relu") return emit_activation(node, ir::OpKind::relu);
  if (node.kind() == "Sigmoid") return emit_activation(node, ir::OpKind::logistic);
  if (node.kind() == "Tanh") return emit_activation(node, ir::OpKind::tanh);
  if (node.kind() == "HardSwish") return emit_activation(node, ir::OpKind::hard_swish);
  ir::Attributes attributes;
  attributes.alpha = node.number_of("alpha", 0.01f);
  emit_activation(node, ir::OpKind::leaky_relu, attributes);
}

void read_clip(const Node& node) {
  const Bounds bounds = clip_bounds(node);
  constexpr double kLargest = static_cast<double>(std::numeric_limits<float>::max());
  const bool no_low = bounds.low <= -kLargest, no_high = bounds.high >= kLargest;
  if (no_low && no_high) return read_alias(node);
  if (bounds.low == 0 && no_high) return emit_activation(node, ir::OpKind::relu);
  if (bounds.low == 0 && bounds.high == 6) return emit_activation(node, ir::OpKind::relu6);
  throw Refusal{"it limits values to " + std::to_string(bounds.low) + " ... " + std::to_string(bounds.high),
                "0 ... 6, or 0 and above", "use ReLU or ReLU6"};
}

void read_prelu(const Node& node) {
  const Constant& slope = node.constant(1, "slope");
  require(!slope.values.empty(), "it has no slope");
  const bool one =
      std::all_of(slope.values.begin(), slope.values.end(), [&](double value) { return value == slope.values[0]; });
  if (one) {
    ir::Attributes attributes;
    attributes.alpha = static_cast<float>(slope.values[0]);
    return emit_activation(node, ir::OpKind::leaky_relu, attributes);
  }
  Constant per_channel = slope;
  const std::size_t rank = node.view(0).shape.size();
  // Before version 7 one slope for each channel came without the dimensions behind.
  if (node.importer.file.opset < 7 && slope.shape.size() == 1 && rank > 1) per_channel.shape.resize(rank - 1, 1);
  emit_slopes(node, per_channel);
}

void read_hard_sigmoid(const Node& node) {
  Importer& importer = node.importer;
  const auto alpha = static_cast<double>(node.number_of("alpha", 0.2f));
  const auto beta = static_cast<double>(node.number_of("beta", 0.5f));
  const int mul = product_with(importer, node.output_name(), node.input_name(0));
  if (mul >= 0 && static_cast<float>(alpha) == 1.0f / 6 && beta == 0.5) {
    const View x = importer.build.as_float(node.view(0));
    const std::string& name = importer.node(mul).output_name();
    importer.absorb(mul);
    return importer.set_view(name, emit_unary(node, ir::OpKind::hard_swish, x, name));
  }
  // max(0, min(1, alpha x + beta)) = relu6(6 alpha x + 6 beta) / 6
  const std::string& name = node.output_name();
  View y = emit_with_scalar(node, ir::OpKind::mul, importer.build.as_float(node.view(0)), 6 * alpha, name + "/scaled");
  y = emit_with_scalar(node, ir::OpKind::add, y, 6 * beta, name + "/moved");
  y = emit_unary(node, ir::OpKind::relu6, y, name + "/clipped");
  importer.set_view(name, emit_with_scalar(node, ir::OpKind::mul, y, 1.0 / 6, name));
}

void read_batch_norm(const Node& node) {
  Importer& importer = node.importer;
  require(node.integer("training_mode", 0) == 0 && node.integer("spatial", 1) != 0,
          "it is in training mode, or not per channel", "inference", "call model.eval() before exporting");
  const View& x = node.view(0);
  require(x.shape.size() >= 2, "its input has shape " + ir::shape_text(x.shape), "batch, channels ...");
  const View in = importer.build.with_last(importer.build.as_float(x), 1);
  std::vector<ir::TensorId> inputs{in.tensor};
  for (std::size_t i = 1; i <= 4; ++i) {
    const Constant& constant = node.constant(i, "constant");
    require(static_cast<std::int64_t>(constant.values.size()) == x.shape[1],
            "its constant " + std::to_string(i) + " has shape " + ir::shape_text(constant.shape),
            std::to_string(x.shape[1]) + " values");
    inputs.push_back(importer.build.constant(node.input_name(i), {x.shape[1]}, constant.values));
  }
  ir::Attributes attributes;
  attributes.epsilon = node.number_of("epsilon", 1e-5f);
  const ir::TensorId output =
      importer.build.emit(ir::OpKind::batch_norm, std::move(inputs), like(node, in, node.output_name()), attributes);
  importer.set_view(node.output_name(), elsewhere(in, output));
}

// Until version 12 everything from `axis` on is one distribution, since 13 that dimension alone.
void read_softmax(const Node& node) {
  Importer& importer = node.importer;
  const bool one_dim = importer.file.opset >= 13;
  View x = node.view(0);
  const std::size_t rank = x.shape.size();
  require(rank > 0, "its input is a single value");
  const int axis = Node::axis(node.integer("axis", one_dim ? -1 : 1), rank);
  importer.need_no_batch(axis);
  const Shape seen = x.shape;
  Shape flat(seen.begin(), seen.begin() + axis);
  flat.push_back(1);
  for (std::size_t d = static_cast<std::size_t>(axis); d < rank; ++d)
    flat.back() *= seen[d];
  const bool several = !one_dim && flat.back() != seen[static_cast<std::size_t>(axis)];
  if (several) x = *reshaped(importer.build.in_file_order(x), flat);
  // An int8 SOFTMAX has a fixed output; the QuantizeLinear behind brings it to what the file asks for.
  const ir::Quantization probabilities{{1.0f / 256}, {-128}, 0};
  const Sink sink = importer.sink_of(node.output_name(), false);
  const bool is_int8 = x.dequantized && sink.quantization && sink.quantization->scale[0] >= 1.0f / 512;
  const View in = importer.build.with_last(is_int8 ? x : importer.build.as_float(x), axis);
  ir::Tensor tensor = like(node, in, node.output_name());
  if (is_int8) tensor.quantization = probabilities;
  View y = elsewhere(in, importer.build.emit(ir::OpKind::softmax, {in.tensor}, std::move(tensor)));
  if (several) y = *reshaped(y, seen);
  importer.set_view(node.output_name(), std::move(y));
}

}  // namespace edgesmith::convert::onnx
