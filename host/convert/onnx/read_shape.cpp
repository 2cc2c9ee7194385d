// Operators that move elements, and those that do nothing at all.
#include <algorithm>

#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {
namespace {

// 0 = as before, -1 = what is left.
Shape resolved(const Node& node, const Shape& from, const Shape& wanted) {
  const bool zero_is_zero = node.integer("allowzero", 0) != 0;
  Shape shape = wanted;
  std::int64_t product = 1;
  int open = -1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 0 && !zero_is_zero) {
      require(d < from.size(), "it keeps dimension " + std::to_string(d) + ", which does not exist");
      shape[d] = from[d];
    }
    // A batch written into the file is 1 here, as in the network's inputs.
    if (d == 0 && node.importer.batch > 1 && shape[0] == node.importer.batch) shape[0] = 1;
    require(shape[d] >= -1 && shape[d] <= kMaxElems && (shape[d] >= 0 || open < 0),
            "it reshapes to " + ir::shape_text(wanted));
    if (shape[d] < 0) open = static_cast<int>(d);
    if (shape[d] > 0) product = std::min(product * shape[d], kMaxElems + 1);
  }
  if (open >= 0) shape[static_cast<std::size_t>(open)] = checked_elems(from, "its input") / product;
  return shape;
}

Shape flattened(const Node& node, const Shape& from) {
  const std::int64_t given = node.integer("axis", 1), rank = static_cast<std::int64_t>(from.size());
  require(given >= -rank && given <= rank, "its axis " + std::to_string(given) + " does not exist");
  const std::int64_t axis = given < 0 ? given + rank : given;
  Shape shape{1, 1};
  for (std::int64_t d = 0; d < rank; ++d)
    shape[d < axis ? 0 : 1] *= from[static_cast<std::size_t>(d)];
  return shape;
}

Shape squeezed(const Node& node, const Shape& from) {
  const auto given = node.integers_or_input("axes", 1);
  std::vector<bool> dropped(from.size(), false);
  for (std::size_t d = 0; d < from.size(); ++d)
    dropped[d] = !given && from[d] == 1;
  if (given)
    for (const std::int64_t axis : *given)
      dropped[static_cast<std::size_t>(Node::axis(axis, from.size()))] = true;
  Shape shape;
  for (std::size_t d = 0; d < from.size(); ++d) {
    require(!dropped[d] || from[d] == 1, "it drops dimension " + std::to_string(d) + " of " + ir::shape_text(from));
    if (dropped[d]) node.importer.need_no_batch(static_cast<int>(d));
    if (!dropped[d]) shape.push_back(from[d]);
  }
  return shape;
}

Shape unsqueezed(const Node& node, const Shape& from) {
  const auto given = node.integers_or_input("axes", 1);
  require(given.has_value(), "it has no axes");
  require(given->size() + from.size() <= kMaxRank, "it gives more than " + std::to_string(kMaxRank) + " dimensions");
  std::vector<bool> added(from.size() + given->size(), false);
  for (const std::int64_t axis : *given)
    added[static_cast<std::size_t>(Node::axis(axis, added.size()))] = true;
  require(std::count(added.begin(), added.end(), true) == static_cast<std::ptrdiff_t>(given->size()),
          "it names an axis twice");
  if (!from.empty() && added[0]) node.importer.need_no_batch(0);
  Shape shape;
  for (std::size_t d = 0, next = 0; d < added.size(); ++d)
    shape.push_back(added[d] ? 1 : from[next++]);
  return shape;
}

// The order that costs the fewest transposes among those in which memory has one of the inputs.
std::vector<int> cheapest_order(const std::vector<View>& views) {
  std::vector<int> best;
  std::ptrdiff_t fewest = -1;
  for (const View& candidate : views) {
    const auto order = dimension_order(candidate);
    if (!order) continue;
    const std::ptrdiff_t moved = std::count_if(views.begin(), views.end(),
                                               [&](const View& view) { return atoms_of(view, *order) != view.stored; });
    if (fewest >= 0 && moved >= fewest) continue;
    fewest = moved;
    best = *order;
  }
  for (std::size_t d = 0; best.size() < views[0].shape.size(); ++d)
    best.push_back(static_cast<int>(d));
  return best;
}

// The file's view of a tensor that has its dimensions in this order.
View in_order(ir::TensorId tensor, const Shape& seen, const std::vector<int>& order, const View& like) {
  View view = plain_view(tensor, seen);
  view.stored = atoms_of(view, order);
  view.element = like.element;
  view.dequantized = like.dequantized;
  return view;
}

void check_alike(const View& first, const View& other, std::size_t axis) {
  Shape a = first.shape, b = other.shape;
  require(a.size() == b.size(), "its inputs have different numbers of dimensions");
  a[axis] = b[axis] = 0;
  require(a == b, "its inputs have shapes " + ir::shape_text(first.shape) + " and " + ir::shape_text(other.shape),
          "the same but along the axis");
}

// All int8 in one quantisation: that of the QuantizeLinear behind, or the one that they share. Else all float.
std::vector<View> joinable(const Node& node) {
  Builder& build = node.importer.build;
  std::vector<View> views;
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    if (!node.is_constant(i)) {
      views.push_back(node.view(i));
      continue;
    }
    const Constant& constant = node.constant(i, "input");
    require(is_float(constant.element) && !constant.values.empty(), "it joins a constant of integers");
    views.push_back(plain_view(build.constant(node.input_name(i), constant.shape, constant.values), constant.shape));
  }
  const bool all_int8 = std::all_of(views.begin(), views.end(), [](const View& view) { return view.dequantized; });
  const Sink sink = node.importer.sink_of(node.output_name(), false);
  const ir::Quantization first = build.tensor(views[0]).quantization;
  const bool shared = all_int8 && std::all_of(views.begin(), views.end(), [&](const View& view) {
                        return same(build.tensor(view).quantization, first);
                      });
  for (View& view : views) {
    if (!all_int8 || (!shared && !sink.quantization))
      view = build.as_float(view);
    else if (!shared)
      view = build.quantized(view, *sink.quantization);
  }
  return views;
}

std::vector<std::int64_t> pads_of(const Node& node, std::size_t rank) {
  auto pads = node.integers_or_input(node.has_attribute("paddings") ? "paddings" : "pads", 1);
  require(pads.has_value(), "it has no pads");
  if (!node.has(3)) {
    require(pads->size() == 2 * rank, "its pads have " + std::to_string(pads->size()) + " entries",
            std::to_string(2 * rank));
    return *pads;
  }
  const auto axes = integers_of(node.constant(3, "axes"), "its axes");
  require(pads->size() == 2 * axes.size(), "its pads have " + std::to_string(pads->size()) + " entries",
          std::to_string(2 * axes.size()));
  std::vector<std::int64_t> all(2 * rank, 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto axis = static_cast<std::size_t>(Node::axis(axes[i], rank));
    all[axis] = (*pads)[i];
    all[rank + axis] = (*pads)[axes.size() + i];
  }
  return all;
}

float pad_value_of(const Node& node) {
  if (node.has_attribute("value")) return node.number_of("value", 0);
  if (!node.has(2)) return 0;
  const Constant& constant = node.constant(2, "padding value");
  require(constant.values.size() == 1, "its padding value is not one value");
  return static_cast<float>(constant.values[0]);
}

}  // namespace

Shape reshape_target(const Node& node, const Shape& from) {
  Shape shape;
  if (node.kind() == "Flatten") {
    shape = flattened(node, from);
  } else if (node.kind() == "Squeeze") {
    shape = squeezed(node, from);
  } else if (node.kind() == "Unsqueeze") {
    shape = unsqueezed(node, from);
  } else {
    const auto wanted = node.integers_or_input("shape", 1);
    require(wanted.has_value(), "it has no shape");
    shape = resolved(node, from, *wanted);
  }
  require(checked_elems(shape, "its output") == checked_elems(from, "its input"),
          "it reshapes " + ir::shape_text(from) + " to " + ir::shape_text(shape), "the same number of elements",
          "export with a batch size of 1, or with -1 for the batch");
  return shape;
}

void read_alias(const Node& node) {
  node.importer.set_view(node.output_name(), node.view(0));
}

void read_cast(const Node& node) {
  const View& x = node.view(0);
  require(x.element == Element::f32 && node.integer("to", 0) == 1,
          std::string("it casts ") + element_name(x.element) + " to type " + std::to_string(node.integer("to", 0)),
          "FLOAT to FLOAT", "export the whole network as float32");
  read_alias(node);
}

void read_reshape(const Node& node) {
  const View& x = node.view(0);
  const Shape shape = reshape_target(node, x.shape);
  require(node.importer.batch == 1 || shape.empty() || shape[0] == 1,
          "it moves the first dimension, which is a batch of " + std::to_string(node.importer.batch) + " in this file",
          "a batch of 1", "export with a batch size of 1");
  std::optional<View> view = reshaped(x, shape);
  if (!view) {
    const View plain = node.importer.build.in_file_order(x);
    view = plain_view(plain.tensor, shape);
    view->element = plain.element;
    view->dequantized = plain.dequantized;
  }
  node.importer.set_view(node.output_name(), std::move(*view));
}

void read_transpose(const Node& node) {
  const View& x = node.view(0);
  const std::vector<int> permutation = permutation_of(node, x.shape.size());
  if (!permutation.empty() && permutation[0] != 0) node.importer.need_no_batch(0);
  node.importer.set_view(node.output_name(), transposed(x, permutation));
}

void read_concat(const Node& node) {
  Importer& importer = node.importer;
  require(node.inputs() > 0, "it has no inputs");
  const std::vector<View> views = joinable(node);
  const auto axis = static_cast<std::size_t>(Node::axis(node.integer("axis", 1), views[0].shape.size()));
  importer.need_no_batch(static_cast<int>(axis));
  Shape seen = views[0].shape;
  seen[axis] = 0;
  for (const View& view : views) {
    check_alike(views[0], view, axis);
    seen[axis] += view.shape[axis];
  }
  checked_elems(seen, "its output");
  if (views.size() == 1) return importer.set_view(node.output_name(), views[0]);
  const std::vector<int> order = cheapest_order(views);
  std::vector<ir::TensorId> inputs;
  ir::Attributes attributes;
  ir::Tensor tensor;
  for (const View& view : views) {
    const Placed placed = importer.build.placed(view, order);
    inputs.push_back(placed.view.tensor);
    attributes.axis = placed.place[axis];
    tensor = importer.build.tensor(placed.view);
  }
  tensor.name = node.output_name();
  tensor.shape[static_cast<std::size_t>(attributes.axis)] = seen[axis];
  const ir::TensorId output = importer.build.emit(ir::OpKind::concatenation, inputs, std::move(tensor), attributes);
  importer.set_view(node.output_name(), in_order(output, seen, order, views[0]));
}

void read_pad(const Node& node) {
  Importer& importer = node.importer;
  const std::string mode = node.text("mode", "constant");
  require(mode == "constant", "it pads by '" + printable(mode) + "'", "constant", "pad with zeros");
  const View& x = node.view(0);
  const std::size_t rank = x.shape.size();
  const std::vector<std::int64_t> pads = pads_of(node, rank);
  ir::Attributes attributes;
  attributes.pad_value = pad_value_of(node);
  const View in = x.dequantized && attributes.pad_value == 0 ? x : importer.build.as_float(x);
  const std::vector<int> order = cheapest_order({in});
  const Placed placed = importer.build.placed(in, order);
  ir::Tensor tensor = importer.build.tensor(placed.view);
  attributes.pads_before.resize(tensor.shape.size(), 0);
  attributes.pads_after.resize(tensor.shape.size(), 0);
  Shape seen = x.shape;
  for (std::size_t d = 0; d < rank; ++d) {
    const std::int64_t before = pads[d], after = pads[rank + d];
    require(before >= 0 && after >= 0 && before <= 65535 && after <= 65535,
            "it pads by " + std::to_string(std::min(before, after)), "0 to 65535", "cut the input before the network");
    if (before || after) importer.need_no_batch(static_cast<int>(d));
    const auto at = static_cast<std::size_t>(placed.place[d]);
    attributes.pads_before[at] = static_cast<int>(before);
    attributes.pads_after[at] = static_cast<int>(after);
    seen[d] += before + after;
    tensor.shape[at] = seen[d];
  }
  checked_elems(seen, "its output");
  tensor.name = node.output_name();
  const ir::TensorId output = importer.build.emit(ir::OpKind::pad, {placed.view.tensor}, std::move(tensor), attributes);
  importer.set_view(node.output_name(), in_order(output, seen, order, in));
}

}  // namespace edgesmith::convert::onnx
