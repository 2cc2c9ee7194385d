// MaxPool, AveragePool, their global forms, and ReduceMean.
#include <algorithm>

#include "host/convert/onnx/window.h"

namespace edgesmith::convert::onnx {
namespace {

// Rounding the output's size up means windows that reach past the padded end; more padding behind makes room for them.
// A window that would begin there already does not count.
void round_up(const Shape& image, Window& window) {
  for (int d = 0; d < 2; ++d) {
    const std::int64_t input = image[static_cast<std::size_t>(d) + 1];
    const std::int64_t padded = input + window.before[d] + window.after[d];
    std::int64_t outputs = (padded - window.filter[d] + window.stride[d] - 1) / window.stride[d] + 1;
    if ((outputs - 1) * window.stride[d] >= input + window.before[d]) --outputs;
    window.after[d] += std::max<std::int64_t>((outputs - 1) * window.stride[d] + window.filter[d] - padded, 0);
    window.output[d] = outputs;
  }
}

bool has_pads(const Window& window) {
  return window.before[0] || window.before[1] || window.after[0] || window.after[1];
}

void check_pads(const Window& window) {
  for (int d = 0; d < 2; ++d) {
    require(std::max(window.before[d], window.after[d]) < window.filter[d], "its padding is as large as its kernel",
            "less than the kernel", "pad with a Pad node before it");
  }
}

ir::Tensor like_input(const Node& node, const View& image, const Shape& shape) {
  ir::Tensor tensor = node.importer.build.tensor(image);
  tensor.name = node.output_name();
  tensor.shape = shape;
  return tensor;
}

// Zeros around the image, which an average that counts padding then sees as input.
View padded(const Node& node, const View& image, Window& window) {
  Builder& build = node.importer.build;
  const Shape& old = build.tensor(image).shape;
  ir::Attributes attributes;
  attributes.pads_before = {0, static_cast<int>(window.before[0]), static_cast<int>(window.before[1]), 0};
  attributes.pads_after = {0, static_cast<int>(window.after[0]), static_cast<int>(window.after[1]), 0};
  ir::Tensor tensor =
      like_input(node, image,
                 {1, old[1] + window.before[0] + window.after[0], old[2] + window.before[1] + window.after[1], old[3]});
  tensor.name += "/padded";
  checked_elems(tensor.shape, "its padded input");
  View result = image;
  result.tensor = build.emit(ir::OpKind::pad, {image.tensor}, std::move(tensor), attributes);
  for (int d = 0; d < 2; ++d)
    window.before[d] = window.after[d] = 0;
  return result;
}

// The file's view of an operator's NHWC output.
View seen_as(ir::TensorId tensor, const Shape& seen, bool dequantized) {
  View view = plain_view(tensor, seen);
  view.stored = atoms_of(view, channels_last(seen.size()));
  view.dequantized = dequantized;
  return view;
}

// int8 pools keep scale and zero point. Averages whose output is much finer than that run in float instead.
bool fits_int8(const Node& node, const View& x, bool average) {
  constexpr float kFinest = 2;  // half a step of the input is one of the output then
  if (!x.dequantized) return false;
  if (!average) return true;
  const Sink sink = node.importer.sink_of(node.output_name(), false);
  return sink.quantization &&
         node.importer.build.tensor(x).quantization.scale[0] <= kFinest * sink.quantization->scale[0];
}

// Height and width to one value for each channel. MEAN has a scale of its own for the output.
void read_mean_of_image(const Node& node, const View& x, const Shape& seen) {
  Importer& importer = node.importer;
  const Sink sink = importer.sink_of(node.output_name(), false);
  const bool is_int8 = x.dequantized && sink.quantization;
  const View image = importer.build.image(is_int8 ? x : importer.build.as_float(x));
  ir::Tensor tensor = like_input(node, image, {1, x.shape[1]});
  if (is_int8) tensor.quantization = *sink.quantization;
  ir::Attributes attributes;
  attributes.axes = {1, 2};
  const ir::TensorId output = importer.build.emit(ir::OpKind::mean, {image.tensor}, std::move(tensor), attributes);
  View view = plain_view(output, seen);
  view.dequantized = is_int8;
  importer.set_view(node.output_name(), std::move(view));
}

Shape with_ones(const Shape& shape) {
  Shape seen = shape;
  std::fill(seen.begin() + 2, seen.end(), 1);
  return seen;
}

bool covers_all(const Window& window, const Shape& image) {
  return !has_pads(window) && window.filter[0] == image[1] && window.filter[1] == image[2];
}

// Memory as [outer][what is averaged][inner]: as it lies where that is so already, else with the averaged part last.
View with_run(Builder& build, const View& x, const std::vector<int>& averaged, const std::vector<int>& kept,
              Shape& shape) {
  const auto is_averaged = [&](int atom) {
    return std::find(averaged.begin(), averaged.end(), atom) != averaged.end();
  };
  std::vector<int> order = x.stored;
  const auto first = std::find_if(order.begin(), order.end(), is_averaged);
  const auto last = std::find_if_not(first, order.end(), is_averaged);
  if (std::any_of(last, order.end(), is_averaged)) {
    order = kept;
    order.insert(order.end(), averaged.begin(), averaged.end());
  }
  shape = {1, 1, 1};
  std::size_t part = 0;
  for (const int atom : order) {
    if (is_averaged(atom)) part = 1;
    if (!is_averaged(atom) && part == 1) part = 2;
    shape[part] *= x.atoms[static_cast<std::size_t>(atom)];
  }
  return build.laid(x, order, shape);
}

void read_mean_of_dims(const Node& node, const View& x, const std::vector<int>& axes, const Shape& seen,
                       const std::vector<int>& kept) {
  Importer& importer = node.importer;
  const Sink sink = importer.sink_of(node.output_name(), false);
  const bool is_int8 = x.dequantized && sink.quantization;
  const std::vector<int> averaged = atoms_of(x, axes), remaining = atoms_of(x, kept);
  Shape shape;
  View view = with_run(importer.build, is_int8 ? x : importer.build.as_float(x), averaged, remaining, shape);
  ir::Tensor tensor = like_input(node, view, {shape[0], shape[2]});
  if (is_int8) tensor.quantization = *sink.quantization;
  ir::Attributes attributes;
  attributes.axes = {1};
  view.tensor = importer.build.emit(ir::OpKind::mean, {view.tensor}, std::move(tensor), attributes);
  view.dequantized = is_int8;
  for (const int atom : averaged)
    std::erase(view.stored, atom);
  for (const int axis : axes) {
    view.dims[static_cast<std::size_t>(axis)].clear();
    view.shape[static_cast<std::size_t>(axis)] = 1;
  }
  importer.set_view(node.output_name(), *reshaped(view, seen));
}

}  // namespace

void read_pool(const Node& node) {
  Importer& importer = node.importer;
  const View& x = node.view(0);
  const bool average = node.kind() == "AveragePool";
  const bool counts_padding = average && node.integer("count_include_pad", 0) != 0;
  const bool rounds_up = node.integer("ceil_mode", 0) != 0;
  require(node.integer("storage_order", 0) == 0, "it counts columns first (storage_order)", "storage_order = 0");
  const View any = importer.build.image(x);
  const std::size_t dimensions = x.shape.size() - 2;
  const Shape image = importer.build.tensor(any).shape;
  Window window = window_of(node, image, {}, dimensions);
  require(window.dilation[0] == 1 && window.dilation[1] == 1, "its kernel is dilated", "dilations of 1");
  const std::int64_t exact[2] = {window.output[0], window.output[1]};
  if (rounds_up) round_up(image, window);
  const bool grew = window.output[0] != exact[0] || window.output[1] != exact[1];
  require(!counts_padding || !grew, "it counts padding and rounds its size up", "one of both",
          "export with ceil_mode = 0");
  if (average && covers_all(window, image)) return read_mean_of_image(node, x, with_ones(x.shape));
  View in = fits_int8(node, x, average) ? any : importer.build.as_float(any);
  if (counts_padding && has_pads(window)) in = padded(node, in, window);
  check_pads(window);
  ir::Attributes attributes;
  set_window(window, attributes);
  attributes.filter_h = static_cast<int>(window.filter[0]);
  attributes.filter_w = static_cast<int>(window.filter[1]);
  const ir::OpKind kind = average ? ir::OpKind::average_pool2d : ir::OpKind::max_pool2d;
  const ir::TensorId output = importer.build.emit(
      kind, {in.tensor}, like_input(node, in, {1, window.output[0], window.output[1], image[3]}), attributes);
  Shape seen{1, image[3], window.output[0], window.output[1]};
  if (dimensions == 1) seen.erase(seen.begin() + 2);
  importer.set_view(node.output_name(), seen_as(output, seen, in.dequantized));
}

void read_global_pool(const Node& node) {
  Importer& importer = node.importer;
  const View& x = node.view(0);
  const View any = importer.build.image(x);
  if (node.kind() == "GlobalAveragePool") return read_mean_of_image(node, x, with_ones(x.shape));
  const Shape image = importer.build.tensor(any).shape;
  ir::Attributes attributes;
  require(image[1] <= 65535 && image[2] <= 65535, "its input has shape " + ir::shape_text(x.shape), "at most 65535");
  attributes.filter_h = static_cast<int>(image[1]);
  attributes.filter_w = static_cast<int>(image[2]);
  const ir::TensorId output =
      importer.build.emit(ir::OpKind::max_pool2d, {any.tensor}, like_input(node, any, {1, 1, 1, image[3]}), attributes);
  importer.set_view(node.output_name(), seen_as(output, with_ones(x.shape), any.dequantized));
}

void read_reduce_mean(const Node& node) {
  const View& x = node.view(0);
  const std::size_t rank = x.shape.size();
  const auto given = node.integers_or_input("axes", 1);
  if ((!given || given->empty()) && node.integer("noop_with_empty_axes", 0) != 0) return read_alias(node);
  std::vector<bool> reduced(rank, !given || given->empty());
  if (given)
    for (const std::int64_t axis : *given)
      reduced[static_cast<std::size_t>(Node::axis(axis, rank))] = true;
  const bool keeps = node.integer("keepdims", 1) != 0;
  std::vector<int> axes, kept;
  Shape seen;
  for (std::size_t d = 0; d < rank; ++d) {
    (reduced[d] ? axes : kept).push_back(static_cast<int>(d));
    if (reduced[d]) node.importer.need_no_batch(static_cast<int>(d));
    if (!reduced[d] || keeps) seen.push_back(reduced[d] ? 1 : x.shape[d]);
  }
  const bool of_image = (rank == 3 && axes == std::vector<int>{2}) || (rank == 4 && axes == std::vector<int>{2, 3});
  if (of_image && x.shape[0] == 1) return read_mean_of_image(node, x, seen);
  read_mean_of_dims(node, x, axes, seen, kept);
}

}  // namespace edgesmith::convert::onnx
