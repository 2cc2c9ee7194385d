#include "host/convert/onnx/importer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgesmith::convert::onnx {
namespace {

constexpr int kMaxInputs = 64;

std::string quoted(const std::string& name) {
  return "'" + printable(name) + "'";
}

}  // namespace

// ---- one node ---------------------------------------------------------------------------------------------------

std::size_t Node::inputs() const {
  std::size_t count = wire_.inputs.size();
  while (count > 0 && wire_.inputs[count - 1].empty())
    --count;
  require(count <= kMaxInputs, "it has " + std::to_string(count) + " inputs", "at most " + std::to_string(kMaxInputs));
  return count;
}

const std::string& Node::input_name(std::size_t input) const {
  require(has(input), "its input " + std::to_string(input) + " is missing");
  return wire_.inputs[input];
}

const std::string& Node::output_name() const {
  require(!wire_.outputs.empty() && !wire_.outputs[0].empty(), "it has no output");
  return wire_.outputs[0];
}

const Value& Node::value(std::size_t input) const {
  return importer.value(input_name(input));
}

const View& Node::view(std::size_t input) const {
  const Value& found = value(input);
  require(found.kind == Value::Kind::activation, "its input " + quoted(input_name(input)) + " is a constant",
          "an activation", "compute constants before exporting (onnxsim does that)");
  return found.view;
}

const Value& Node::constant_value(std::size_t input, const std::string& what) const {
  const Value& found = value(input);
  require(found.kind == Value::Kind::constant, "its " + what + " " + quoted(input_name(input)) + " is not a constant",
          "a constant", "export with constant folding, or run the file through onnxsim");
  return found;
}

const WireAttribute* Node::attribute(const char* name) const {
  const auto found = std::find_if(wire_.attributes.begin(), wire_.attributes.end(),
                                  [&](const WireAttribute& attribute) { return attribute.name == name; });
  return found == wire_.attributes.end() ? nullptr : &*found;
}

const WireAttribute* Node::typed(const char* name, int type, const char* type_name) const {
  const WireAttribute* found = attribute(name);
  require(!found || found->type == type, std::string("its attribute ") + name + " has another type", type_name);
  return found;
}

std::int64_t Node::integer(const char* name, std::int64_t otherwise) const {
  const WireAttribute* found = typed(name, kAttributeInt, "INT");
  return found ? found->i : otherwise;
}

float Node::number_of(const char* name, float otherwise) const {
  const WireAttribute* found = typed(name, kAttributeFloat, "FLOAT");
  const float number = found ? found->f : otherwise;
  require(std::isfinite(number), std::string("its attribute ") + name + " is not a finite number");
  return number;
}

std::string Node::text(const char* name, const std::string& otherwise) const {
  const WireAttribute* found = typed(name, kAttributeString, "STRING");
  return found ? found->s : otherwise;
}

std::vector<std::int64_t> Node::integers(const char* name, std::vector<std::int64_t> otherwise) const {
  const WireAttribute* found = typed(name, kAttributeInts, "INTS");
  return found ? found->ints : otherwise;
}

std::optional<std::vector<std::int64_t>> Node::integers_or_input(const char* name, std::size_t input) const {
  if (has_attribute(name)) return integers(name, {});
  if (!has(input)) return std::nullopt;
  return integers_of(constant(input, name), std::string("its input ") + name);
}

int Node::axis(std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  require(axis >= -signed_rank && axis < signed_rank, "its axis " + std::to_string(axis) + " does not exist",
          std::to_string(-signed_rank) + " to " + std::to_string(signed_rank - 1));
  return static_cast<int>(axis < 0 ? axis + signed_rank : axis);
}

// ---- the file's values ------------------------------------------------------------------------------------------

Importer::Importer(const WireFile& wire_file, ir::Graph& graph) : file(wire_file), build(graph) {
  for (std::size_t i = 0; i < file.nodes.size(); ++i)
    for (const std::string& name : file.nodes[i].inputs)
      readers_[name].push_back(static_cast<int>(i));
  for (const WireEnd& end : file.outputs)
    ends_.insert(end.name);
}

const Value& Importer::value(const std::string& name) const {
  const auto found = values_.find(name);
  require(found != values_.end(), "nothing before it gives its input " + quoted(name),
          "nodes in the order of execution", "export the network again");
  return found->second;
}

void Importer::set_constant(const std::string& name, Constant constant, std::optional<Stored> stored) {
  values_[name] = {Value::Kind::constant, std::move(constant), std::move(stored), {}};
}

void Importer::set_view(const std::string& name, View view) {
  values_[name] = {Value::Kind::activation, {}, std::nullopt, std::move(view)};
}

void Importer::set_unknown(const std::string& name) {
  if (!name.empty()) values_[name] = {};
}

int Importer::only_reader(const std::string& name) const {
  const auto found = readers_.find(name);
  const bool one = found != readers_.end() && found->second.size() == 1 && !ends_.contains(name);
  return one ? found->second[0] : -1;
}

// Of the QuantizeLinear nodes that are the value's only readers, if they agree.
std::optional<ir::Quantization> Importer::quantization_behind(const std::string& name) {
  const auto found = readers_.find(name);
  if (found == readers_.end() || ends_.contains(name)) return std::nullopt;
  std::optional<ir::Quantization> agreed;
  for (const int number : found->second) {
    const Node reader = node(number);
    if (reader.kind() != "QuantizeLinear" || reader.input_name(0) != name) return std::nullopt;
    try {
      const ir::Quantization quantization = linear_of(reader).activation();
      if (agreed && !same(*agreed, quantization)) return std::nullopt;
      agreed = quantization;
    } catch (const Refusal&) {
      return std::nullopt;  // told when its turn comes
    }
  }
  return agreed;
}

Sink Importer::sink_of(const std::string& name, bool with_activation) {
  Sink sink{.name = name};
  sink.quantization = quantization_behind(name);
  const int next = sink.quantization || !with_activation ? -1 : only_reader(name);
  if (next < 0) return sink;
  const Node reader = node(next);
  if (reader.kind() != "Relu" && reader.kind() != "Clip") return sink;
  Sink behind{.name = reader.output_name(), .activation = ir::Activation::relu, .relu = next};
  try {
    if (reader.kind() == "Clip") {
      const Bounds bounds = clip_bounds(reader);
      if (bounds.low != 0 || (bounds.high != 6 && bounds.high < std::numeric_limits<float>::max())) return sink;
      if (bounds.high == 6) behind.activation = ir::Activation::relu6;
    }
  } catch (const Refusal&) {
    return sink;
  }
  behind.quantization = quantization_behind(behind.name);
  return behind.quantization ? behind : sink;
}

Linear Importer::linear_of(const Node& node) const {
  Linear linear;
  const Constant& scale = node.constant(1, "scale");
  require(is_float(scale.element) && !scale.values.empty(), "its scale is not a FLOAT");
  for (const double value : scale.values) {
    const auto narrow = static_cast<float>(value);
    require(std::isfinite(narrow) && narrow > 0, "its scale is " + std::to_string(value), "finite and above zero",
            "quantise the network again");
    linear.scale.push_back(narrow);
  }
  linear.zero_point.assign(linear.scale.size(), 0);
  if (node.has(2)) {
    const Constant& zero_point = node.constant(2, "zero point");
    require(zero_point.values.size() == linear.scale.size(), "it has unequal numbers of scales and zero points",
            std::to_string(linear.scale.size()));
    linear.zero_point = zero_point.values;
    linear.element = zero_point.element;
  } else if (node.kind() == "DequantizeLinear") {
    const Value& input = node.value(0);
    linear.element = input.kind == Value::Kind::constant ? input.constant.element : input.view.element;
  } else {
    const std::int64_t type = node.integer("output_dtype", 0);
    require(type == 0 || type == 2 || type == 3, "its output has type " + std::to_string(type), "INT8 or UINT8");
    if (type == 3) linear.element = Element::s8;
  }
  require(node.integer("block_size", 0) == 0, "it is quantised in blocks", "one scale, or one for each channel",
          "quantise again per tensor or per channel");
  linear.axis = static_cast<int>(std::clamp<std::int64_t>(node.integer("axis", 1), -8, 8));
  return linear;
}

ir::Quantization Linear::activation() const {
  require(scale.size() == 1, "an activation has " + std::to_string(scale.size()) + " scales", "one",
          "quantise activations per tensor; weights may be per channel");
  require(element == Element::s8 || element == Element::u8,
          std::string("an activation is quantised to ") + element_name(element), "INT8 or UINT8",
          "quantise activations to 8 bits");
  const double low = element == Element::s8 ? -128 : 0;
  require(zero_point[0] >= low && zero_point[0] <= low + 255, "its zero point lies outside of its type");
  const auto moved = static_cast<std::int64_t>(zero_point[0]) - (element == Element::u8 ? 128 : 0);
  return {{scale[0]}, {moved}, 0};
}

void Importer::need_no_batch(int axis) const {
  require(axis != 0 || batch == 1,
          "it works along the first dimension, which is a batch of " + std::to_string(batch) + " in this file",
          "a batch of 1", "export with a batch size of 1");
}

Bounds clip_bounds(const Node& node) {
  constexpr double kFree = std::numeric_limits<double>::infinity();
  Bounds bounds{-kFree, kFree};
  const auto bound = [&](const char* name, std::size_t input, double otherwise) {
    if (node.has_attribute(name)) return static_cast<double>(node.number_of(name, 0));
    if (!node.has(input)) return otherwise;
    const Constant& constant = node.constant(input, name);
    require(constant.values.size() == 1, std::string("its ") + name + " is not one value");
    return constant.values[0];
  };
  bounds.low = bound("min", 1, -kFree);
  bounds.high = bound("max", 2, kFree);
  return bounds;
}

}  // namespace edgesmith::convert::onnx
