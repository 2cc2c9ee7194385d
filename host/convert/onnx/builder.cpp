#include "host/convert/onnx/builder.h"

#include <algorithm>
#include <optional>

#include "host/convert/problems.h"

namespace edgesmith::convert::onnx {
namespace {

constexpr std::size_t kMaxTransposeRank = 4;

std::int64_t product(const Shape& shape) {
  return shape.empty() ? 1 : ir::elems(shape);
}

// Output dimension i of the reordering is input dimension [i]; nothing when the groups are not the same.
std::optional<std::vector<int>> matching(const std::vector<std::vector<int>>& from,
                                         const std::vector<std::vector<int>>& to) {
  if (from.size() != to.size() || from.size() > kMaxTransposeRank) return std::nullopt;
  std::vector<bool> taken(from.size(), false);
  std::vector<int> permutation;
  for (const std::vector<int>& group : to) {
    std::size_t i = 0;
    while (i < from.size() && (taken[i] || from[i] != group))
      ++i;
    if (i == from.size()) return std::nullopt;
    taken[i] = true;
    permutation.push_back(static_cast<int>(i));
  }
  return permutation;
}

// Stretches of `from` whose atoms stand side by side in `to` as well.
std::vector<std::vector<int>> runs(const std::vector<int>& from, const std::vector<int>& to) {
  std::vector<std::vector<int>> result;
  for (const int atom : from) {
    if (!result.empty()) {
      const auto before = std::find(to.begin(), to.end(), result.back().back());
      if (before + 1 != to.end() && *(before + 1) == atom) {
        result.back().push_back(atom);
        continue;
      }
    }
    result.push_back({atom});
  }
  return result;
}

std::string shape_key(const std::vector<int>& values) {
  std::string text;
  for (const int value : values)
    text += std::to_string(value) + ",";
  return text;
}

}  // namespace

bool same(const ir::Quantization& a, const ir::Quantization& b) {
  return a.scale == b.scale && a.zero_point == b.zero_point;
}

ir::TensorId Builder::constant(const std::string& name, const Shape& shape, const std::vector<double>& values,
                               ir::DType dtype, ir::Quantization quantization) {
  ir::Tensor tensor;
  tensor.name = name;
  tensor.dtype = dtype;
  tensor.shape = shape;
  tensor.quantization = std::move(quantization);
  tensor.data = bytes_of(values, dtype);
  return graph_.add(std::move(tensor));
}

ir::TensorId Builder::emit(ir::OpKind kind, std::vector<ir::TensorId> inputs, ir::Tensor tensor,
                           const ir::Attributes& attributes) {
  ir::Op op = {};
  op.kind = kind;
  op.inputs = std::move(inputs);
  op.attributes = attributes;
  op.name = tensor.name;
  op.source_index = index_;
  op.source_kind = kind_;
  tensor.data.clear();
  op.outputs = {graph_.add(std::move(tensor))};
  graph_.ops.push_back(std::move(op));
  return graph_.ops.back().outputs[0];
}

ir::TensorId Builder::helper(ir::OpKind kind, ir::TensorId input, const std::string& what, ir::Tensor tensor,
                             const ir::Attributes& attributes) {
  const auto [at, is_new] = made_.try_emplace({input, ir::op_name(kind) + what}, ir::kNoTensor);
  if (!is_new) return at->second;
  const ir::TensorId made = emit(kind, {input}, std::move(tensor), attributes);
  graph_.ops.back().source_index = -1;
  graph_.ops.back().source_kind.clear();
  return at->second = made;
}

ir::TensorId Builder::reshape(ir::TensorId from, const Shape& shape) {
  if (graph_.tensor(from).shape == shape) return from;
  ir::Tensor tensor = graph_.tensor(from);
  tensor.shape = shape;
  tensor.name += "/reshaped";
  return helper(ir::OpKind::reshape, from, ir::shape_text(shape), std::move(tensor));
}

ir::TensorId Builder::transpose(ir::TensorId from, const std::vector<int>& permutation) {
  ir::Tensor tensor = graph_.tensor(from);
  const Shape old = tensor.shape;
  for (std::size_t i = 0; i < permutation.size(); ++i)
    tensor.shape[i] = old[static_cast<std::size_t>(permutation[i])];
  tensor.name += "/transposed";
  ir::Attributes attributes;
  attributes.permutation = permutation;
  return helper(ir::OpKind::transpose, from, shape_key(permutation), std::move(tensor), attributes);
}

View Builder::permuted(View view, const std::vector<int>& order, const Shape& shape) {
  const auto from = grouped(view.atoms, view.stored, tensor(view).shape), to = grouped(view.atoms, order, shape);
  std::optional<std::vector<int>> permutation = from && to ? matching(*from, *to) : std::nullopt;
  if (!permutation) {
    const std::vector<std::vector<int>> source = runs(view.stored, order), target = runs(order, view.stored);
    permutation = matching(source, target);
    require(permutation.has_value(), "it needs its input reordered along more than four dimensions", "at most four",
            "transpose fewer dimensions at once");
    Shape merged;
    for (const std::vector<int>& run : source) {
      merged.push_back(1);
      for (const int atom : run)
        merged.back() *= view.atoms[static_cast<std::size_t>(atom)];
    }
    view.tensor = reshape(view.tensor, merged);
  }
  view.tensor = transpose(view.tensor, *permutation);
  view.stored = order;
  return view;
}

View Builder::laid(const View& view, const std::vector<int>& order, const Shape& shape) {
  View result = order == view.stored ? view : permuted(view, order, shape);
  result.tensor = reshape(result.tensor, shape);
  return result;
}

View Builder::in_file_order(const View& view) {
  return laid(view, file_order(view), view.shape);
}

Placed Builder::placed(const View& view, const std::vector<int>& dims) {
  Shape shape;
  Placed result{view, std::vector<int>(dims.size())};
  for (const int d : dims) {
    // Three dimensions become NHWC of height 1, as convolutions along one dimension want them.
    if (shape.size() == 1 && dims.size() == 3 && dims == channels_last(3)) shape.push_back(1);
    result.place[static_cast<std::size_t>(d)] = static_cast<int>(shape.size());
    shape.push_back(view.shape[static_cast<std::size_t>(d)]);
  }
  result.view = laid(view, atoms_of(view, dims), shape);
  return result;
}

View Builder::with_last(const View& view, int dim) {
  const auto d = static_cast<std::size_t>(dim);
  const Shape& shape = tensor(view).shape;
  const auto groups = grouped(view.atoms, view.stored, shape);
  if (groups && !groups->empty() && groups->back() == view.dims[d] && shape.back() == view.shape[d]) return view;
  std::vector<int> dims;
  Shape wanted;
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    if (i != d) dims.push_back(static_cast<int>(i));
    if (i != d) wanted.push_back(view.shape[i]);
  }
  dims.push_back(dim);
  if (wanted.size() >= kMaxTransposeRank) wanted = {1, product(wanted)};
  wanted.push_back(view.shape[d]);
  return laid(view, atoms_of(view, dims), wanted);
}

View Builder::image(const View& view) {
  const std::size_t rank = view.shape.size();
  require(rank == 3 || rank == 4, "its input has shape " + ir::shape_text(view.shape),
          "batch, channels, height, width; or batch, channels, width",
          "use layers for one or two dimensions (Conv1d, Conv2d and their kin)");
  require(view.shape[0] == 1, "its input has shape " + ir::shape_text(view.shape), "a batch of 1",
          "export with a batch size of 1");
  Shape shape{1, rank == 4 ? view.shape[2] : 1, view.shape[rank - 1], view.shape[1]};
  return laid(view, atoms_of(view, channels_last(rank)), shape);
}

View Builder::as_float(const View& view) {
  require(view.element == Element::f32, std::string("it reads ") + element_name(view.element) + " values", "FLOAT",
          "put a DequantizeLinear before it (QDQ format)");
  if (!view.dequantized) return view;
  ir::Tensor tensor = graph_.tensor(view.tensor);
  tensor.dtype = ir::DType::f32;
  tensor.quantization = {};
  tensor.name += "/float";
  View result = view;
  result.tensor = helper(ir::OpKind::dequantize, view.tensor, "", std::move(tensor));
  result.dequantized = false;
  return result;
}

View Builder::quantized(const View& view, const ir::Quantization& quantization) {
  View result = view;
  result.dequantized = true;
  const ir::Tensor& from = graph_.tensor(view.tensor);
  if (from.dtype == ir::DType::s8 && same(from.quantization, quantization)) return result;
  ir::Tensor tensor = from;
  tensor.dtype = ir::DType::s8;
  tensor.quantization = quantization;
  tensor.name += "/quantized";
  result.tensor = emit(ir::OpKind::quantize, {view.tensor}, std::move(tensor));
  return result;
}

}  // namespace edgesmith::convert::onnx
