// Nodes that read constants only: computed when converting. Covers what exporters put around shapes and weights.
#include <algorithm>
#include <cmath>
#include <functional>

#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {
namespace {

const Constant& input(const Node& node, std::size_t index) {
  return node.constant(index, "input");
}

void give(const Node& node, Constant constant) {
  node.importer.set_constant(node.output_name(), std::move(constant));
}

void fold_constant(const Node& node) {
  const WireAttribute* value = node.attribute("value");
  if (value && value->type == kAttributeTensor) return give(node, value->t.get());
  if (node.has_attribute("value_float")) return give(node, {Element::f32, {}, {node.number_of("value_float", 0)}});
  if (node.has_attribute("value_int")) {
    return give(node, {Element::s64, {}, {static_cast<double>(node.integer("value_int", 0))}});
  }
  const std::vector<std::int64_t> ints = node.integers("value_ints", {});
  require(node.has_attribute("value_ints"), "its value is no tensor, number or list of integers");
  Constant list{Element::s64, {static_cast<std::int64_t>(ints.size())}, {}};
  list.values.assign(ints.begin(), ints.end());
  give(node, std::move(list));
}

void fold_shape(const Node& node) {
  const Value& value = node.value(0);
  const Shape& shape = value.kind == Value::Kind::constant ? value.constant.shape : value.view.shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto bound = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank); };
  const std::int64_t start = bound(node.integer("start", 0)), end = bound(node.integer("end", rank));
  Constant result{Element::s64, {std::max<std::int64_t>(end - start, 0)}, {}};
  for (std::int64_t d = start; d < end; ++d)
    result.values.push_back(static_cast<double>(shape[static_cast<std::size_t>(d)]));
  give(node, std::move(result));
}

void fold_constant_of_shape(const Node& node) {
  const Shape shape = integers_of(input(node, 0), "its shape");
  Constant result{Element::f32, shape, {0}};
  if (const WireAttribute* value = node.attribute("value")) {
    const Constant& given = value->t.get();
    require(given.values.size() == 1, "its value is not one value");
    result.element = given.element;
    result.values = given.values;
  }
  result.values.resize(static_cast<std::size_t>(checked_elems(shape, "its output")), result.values[0]);
  give(node, std::move(result));
}

void fold_gather(const Node& node) {
  const Constant &data = input(node, 0), &indices = input(node, 1);
  require(!data.shape.empty(), "it gathers from a single value");
  const auto axis = static_cast<std::size_t>(Node::axis(node.integer("axis", 0), data.shape.size()));
  require(axis == 0 && data.shape.size() == 1, "it gathers from several dimensions of a constant", "one");
  Constant result{data.element, indices.shape, {}};
  for (const std::int64_t index : integers_of(indices, "its index")) {
    const auto at = static_cast<std::size_t>(Node::axis(index, static_cast<std::size_t>(data.shape[0])));
    result.values.push_back(data.values[at]);
  }
  give(node, std::move(result));
}

void fold_concat(const Node& node) {
  Constant result{input(node, 0).element, {0}, {}};
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    const Constant& part = input(node, i);
    require(part.shape.size() == 1, "it joins constants of several dimensions", "lists");
    result.values.insert(result.values.end(), part.values.begin(), part.values.end());
  }
  result.shape[0] = static_cast<std::int64_t>(result.values.size());
  checked_elems(result.shape, "its output");
  give(node, std::move(result));
}

void fold_slice(const Node& node) {
  const Constant& data = input(node, 0);
  const auto starts = node.integers_or_input("starts", 1), ends = node.integers_or_input("ends", 2);
  const auto steps = node.has(4) ? integers_of(input(node, 4), "its steps") : std::vector<std::int64_t>{1};
  const bool simple = data.shape.size() == 1 && starts && ends && starts->size() == 1 && ends->size() == 1 &&
                      steps == std::vector<std::int64_t>{1};
  require(simple, "it cuts more than a list out of a list");
  const auto bound = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + data.shape[0] : at, 0, data.shape[0]);
  };
  const std::int64_t start = bound((*starts)[0]), end = std::max(start, bound((*ends)[0]));
  give(node, {data.element, {end - start}, {data.values.begin() + start, data.values.begin() + end}});
}

void fold_cast(const Node& node) {
  Constant result = input(node, 0);
  const bool from_float = is_float(result.element);
  switch (node.integer("to", 0)) {
    case 1:
      result.element = Element::f32;
      for (double& value : result.values)
        value = static_cast<double>(static_cast<float>(value));
      break;
    case 6:
      result.element = Element::s32;
      break;
    case 7:
      result.element = Element::s64;
      break;
    default:
      throw Refusal{"it casts a constant to type " + std::to_string(node.integer("to", 0)), "FLOAT, INT32 or INT64",
                    ""};
  }
  if (from_float && !is_float(result.element)) {
    for (double& value : result.values)
      value = std::trunc(value);
  }
  give(node, std::move(result));
}

double divided(double a, double b, bool whole) {
  require(b != 0 || !whole, "it divides by zero");
  return whole ? std::trunc(a / b) : a / b;
}

void fold_arithmetic(const Node& node) {
  const Constant &a = input(node, 0), &b = input(node, 1);
  const Shape shape = broadcast_shape(a.shape, b.shape);
  Constant result = expanded(a, shape);
  const Constant other = expanded(b, shape);
  const std::string& kind = node.kind();
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    double& x = result.values[i];
    const double y = other.values[i];
    x = kind == "Add" ? x + y : kind == "Sub" ? x - y : kind == "Mul" ? x * y : divided(x, y, !is_float(a.element));
    if (is_float(a.element)) x = static_cast<double>(static_cast<float>(x));
  }
  give(node, std::move(result));
}

void fold_transpose(const Node& node) {
  const Value& value = node.constant_value(0, "input");
  const std::vector<int> permutation = permutation_of(node, value.constant.shape.size());
  std::optional<Stored> stored = value.stored;
  if (stored) {
    stored->integers = transposed(stored->integers, permutation);
    const auto axis = std::find(permutation.begin(), permutation.end(), stored->axis);
    if (axis != permutation.end()) stored->axis = static_cast<int>(axis - permutation.begin());
  }
  node.importer.set_constant(node.output_name(), transposed(value.constant, permutation), std::move(stored));
}

void fold_reshape(const Node& node) {
  const Value& value = node.constant_value(0, "input");
  Constant result = value.constant;
  result.shape = reshape_target(node, result.shape);
  std::optional<Stored> stored = value.stored;
  if (stored && stored->scale.size() != 1) stored.reset();
  if (stored) stored->integers.shape = result.shape;
  node.importer.set_constant(node.output_name(), std::move(result), std::move(stored));
}

void fold_alias(const Node& node) {
  const Value value = node.constant_value(0, "input");
  node.importer.set_constant(node.output_name(), value.constant, value.stored);
}

// Which scale belongs to an element.
std::size_t scale_index(const Constant& constant, const Linear& linear, std::size_t element) {
  if (linear.scale.size() == 1) return 0;
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(linear.axis) + 1; d < constant.shape.size(); ++d)
    inner *= static_cast<std::size_t>(constant.shape[d]);
  return element / inner % linear.scale.size();
}

Linear scales_of(const Node& node, const Constant& constant) {
  Linear linear = node.importer.linear_of(node);
  if (linear.scale.size() == 1) return linear;
  linear.axis = Node::axis(linear.axis, constant.shape.size());
  const std::int64_t extent = constant.shape[static_cast<std::size_t>(linear.axis)];
  require(extent == static_cast<std::int64_t>(linear.scale.size()),
          "it has " + std::to_string(linear.scale.size()) + " scales", std::to_string(extent));
  return linear;
}

void fold_dequantize(const Node& node) {
  const Constant& integers = input(node, 0);
  require(!is_float(integers.element), "its input is a FLOAT already");
  const Linear linear = scales_of(node, integers);
  Constant result{Element::f32, integers.shape, {}};
  result.values.reserve(integers.values.size());
  for (std::size_t i = 0; i < integers.values.size(); ++i) {
    const std::size_t s = scale_index(integers, linear, i);
    result.values.push_back(
        static_cast<double>(static_cast<float>(integers.values[i] - linear.zero_point[s]) * linear.scale[s]));
  }
  node.importer.set_constant(node.output_name(), std::move(result),
                             Stored{integers, linear.scale, linear.zero_point, linear.axis});
}

void fold_quantize(const Node& node) {
  const Constant& values = input(node, 0);
  const Linear linear = scales_of(node, values);
  require(linear.element == Element::s8 || linear.element == Element::u8,
          std::string("it quantises a constant to ") + element_name(linear.element), "INT8 or UINT8");
  const double low = linear.element == Element::s8 ? -128 : 0;
  Constant result{linear.element, values.shape, {}};
  result.values.reserve(values.values.size());
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const std::size_t s = scale_index(values, linear, i);
    const double steps = std::nearbyint(static_cast<float>(values.values[i]) / linear.scale[s]) + linear.zero_point[s];
    result.values.push_back(std::isnan(steps) ? 0 : std::clamp(steps, low, low + 255));
  }
  give(node, std::move(result));
}

struct Folder {
  const char* kind;
  void (*fold)(const Node&);
};

constexpr Folder kFolders[] = {
    {"Constant", fold_constant},
    {"Shape", fold_shape},
    {"ConstantOfShape", fold_constant_of_shape},
    {"Gather", fold_gather},
    {"Concat", fold_concat},
    {"Slice", fold_slice},
    {"Cast", fold_cast},
    {"Add", fold_arithmetic},
    {"Sub", fold_arithmetic},
    {"Mul", fold_arithmetic},
    {"Div", fold_arithmetic},
    {"Transpose", fold_transpose},
    {"Reshape", fold_reshape},
    {"Flatten", fold_reshape},
    {"Squeeze", fold_reshape},
    {"Unsqueeze", fold_reshape},
    {"Identity", fold_alias},
    {"Dropout", fold_alias},
    {"QuantizeLinear", fold_quantize},
    {"DequantizeLinear", fold_dequantize},
};

const Folder* folder_of(const std::string& kind) {
  const auto found =
      std::find_if(std::begin(kFolders), std::end(kFolders), [&](const Folder& folder) { return folder.kind == kind; });
  return found == std::end(kFolders) ? nullptr : found;
}

}  // namespace

std::vector<int> permutation_of(const Node& node, std::size_t rank) {
  std::vector<std::int64_t> wanted = node.integers("perm", {});
  for (std::size_t d = rank; wanted.size() < rank && !node.has_attribute("perm") && d-- > 0;)
    wanted.push_back(static_cast<std::int64_t>(d));
  require(wanted.size() == rank, "its permutation has " + std::to_string(wanted.size()) + " entries",
          std::to_string(rank));
  std::vector<int> permutation(wanted.begin(), wanted.end()), sorted = permutation;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t d = 0; d < rank; ++d)
    require(sorted[d] == static_cast<int>(d), "its permutation does not name each dimension once");
  return permutation;
}

bool can_fold(const Node& node) {
  if (node.kind() == "Shape") return true;
  for (std::size_t i = 0; i < node.inputs(); ++i)
    if (node.has(i) && node.value(i).kind != Value::Kind::constant) return false;
  return true;
}

void fold(const Node& node) {
  const Folder* folder = folder_of(node.kind());
  require(folder != nullptr, "it computes a constant in a way that we do not know", "",
          "export with constant folding, or run the file through onnxsim");
  folder->fold(node);
}

}  // namespace edgesmith::convert::onnx
