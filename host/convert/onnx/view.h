#pragma once
// How an activation of the file lies in memory. ONNX keeps channels second, our operators keep them last; a view lets
// Transpose, Reshape, Flatten, Squeeze and Unsqueeze pass as mere bookkeeping, so that memory is reordered only where
// an operator needs another order.
//
// The file's dimensions are cut into atoms: extents above 1 that no reshape has needed to split so far. A view of shape
// 1x8x5x5 (dims {}, {0}, {1}, {2}) stored as NHWC has stored = {1, 2, 0}; flattened to 1x200 its dims are {}, {0,1,2}
// and its memory stays what it was.

#include <optional>
#include <vector>

#include "host/convert/onnx/constant.h"

namespace edgesmith::convert::onnx {

struct View {
  ir::TensorId tensor = ir::kNoTensor;
  Shape shape;                         // as the file sees it
  std::vector<std::int64_t> atoms;     // extents, all above 1
  std::vector<std::vector<int>> dims;  // the atoms of each dimension of `shape`, outer first
  std::vector<int> stored;             // all atoms in the order of memory
  Element element = Element::f32;      // as the file sees it
  bool dequantized = false;            // the file sees float32, the tensor is still int8
};

/// A tensor that lies as the file sees it.
View plain_view(ir::TensorId tensor, const Shape& shape);
/// The file sees it with dimension i = old dimension permutation[i].
View transposed(View view, const std::vector<int>& permutation);
/// The file sees the same elements in another shape of as many. Nothing when the new dimensions cut through the old
/// ones, so that memory must lie in the file's order first.
std::optional<View> reshaped(View view, const Shape& shape);

/// The atoms of the given dimensions, one dimension after the other.
std::vector<int> atoms_of(const View& view, const std::vector<int>& dims);
std::vector<int> file_order(const View& view);
bool lies_in_file_order(const View& view);

/// All dimensions in an order in which memory holds them (those of extent 1 fit anywhere): channels last if that is
/// true, else the file's, else another. Nothing when dimensions are interleaved.
std::optional<std::vector<int>> dimension_order(const View& view);
/// 0, 2, 3 ... 1
std::vector<int> channels_last(std::size_t rank);

/// Which atoms, lying in `order`, make up each dimension of `shape`; nothing when a dimension ends inside of an atom.
std::optional<std::vector<std::vector<int>>> grouped(const std::vector<std::int64_t>& atoms,
                                                     const std::vector<int>& order, const Shape& shape);

}  // namespace edgesmith::convert::onnx
