#include "host/convert/onnx/view.h"

#include <algorithm>
#include <numeric>

namespace edgesmith::convert::onnx {
namespace {

// Cuts `atom` into an outer one, which keeps the number, and a new inner one.
int split(View& view, int atom, std::int64_t outer) {
  const int inner = static_cast<int>(view.atoms.size());
  view.atoms.push_back(view.atoms[static_cast<std::size_t>(atom)] / outer);
  view.atoms[static_cast<std::size_t>(atom)] = outer;
  const auto insert = [&](std::vector<int>& list) {
    const auto at = std::find(list.begin(), list.end(), atom);
    if (at != list.end()) list.insert(at + 1, inner);
  };
  insert(view.stored);
  for (std::vector<int>& dim : view.dims)
    insert(dim);
  return inner;
}

bool is_stored_as(const View& view, const std::vector<int>& dims) {
  return atoms_of(view, dims) == view.stored;
}

}  // namespace

View plain_view(ir::TensorId tensor, const Shape& shape) {
  View view;
  view.tensor = tensor;
  view.shape = shape;
  for (const std::int64_t extent : shape) {
    view.dims.emplace_back();
    if (extent == 1) continue;
    view.dims.back().push_back(static_cast<int>(view.atoms.size()));
    view.stored.push_back(static_cast<int>(view.atoms.size()));
    view.atoms.push_back(extent);
  }
  return view;
}

View transposed(View view, const std::vector<int>& permutation) {
  const View old = view;
  for (std::size_t i = 0; i < permutation.size(); ++i) {
    const auto from = static_cast<std::size_t>(permutation[i]);
    view.shape[i] = old.shape[from];
    view.dims[i] = old.dims[from];
  }
  return view;
}

std::optional<View> reshaped(View view, const Shape& shape) {
  std::vector<int> rest = file_order(view);
  std::reverse(rest.begin(), rest.end());
  std::vector<std::vector<int>> dims;
  for (const std::int64_t extent : shape) {
    dims.emplace_back();
    for (std::int64_t needed = extent; needed > 1;) {
      const int atom = rest.back();
      const std::int64_t found = view.atoms[static_cast<std::size_t>(atom)];
      if (needed % found != 0 && found % needed != 0) return std::nullopt;
      rest.pop_back();
      if (found > needed) rest.push_back(split(view, atom, needed));
      needed = std::max<std::int64_t>(needed / found, 1);
      dims.back().push_back(atom);
    }
  }
  view.shape = shape;
  view.dims = std::move(dims);
  return view;
}

std::vector<int> atoms_of(const View& view, const std::vector<int>& dims) {
  std::vector<int> atoms;
  for (const int d : dims) {
    const std::vector<int>& more = view.dims[static_cast<std::size_t>(d)];
    atoms.insert(atoms.end(), more.begin(), more.end());
  }
  return atoms;
}

std::vector<int> file_order(const View& view) {
  std::vector<int> dims(view.dims.size());
  std::iota(dims.begin(), dims.end(), 0);
  return atoms_of(view, dims);
}

bool lies_in_file_order(const View& view) {
  return file_order(view) == view.stored;
}

std::vector<int> channels_last(std::size_t rank) {
  std::vector<int> order(rank);
  std::iota(order.begin(), order.end(), 0);
  if (rank > 2) std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  return order;
}

std::optional<std::vector<int>> dimension_order(const View& view) {
  std::vector<int> order = channels_last(view.dims.size());
  if (is_stored_as(view, order)) return order;
  std::sort(order.begin(), order.end());
  if (is_stored_as(view, order)) return order;
  const auto place = [&](int d) {
    const std::vector<int>& atoms = view.dims[static_cast<std::size_t>(d)];
    return atoms.empty() ? view.stored.begin() : std::find(view.stored.begin(), view.stored.end(), atoms[0]);
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const bool a_is_one = view.dims[static_cast<std::size_t>(a)].empty();
    const bool b_is_one = view.dims[static_cast<std::size_t>(b)].empty();
    return a_is_one != b_is_one ? a_is_one : place(a) < place(b);
  });
  if (is_stored_as(view, order)) return order;
  return std::nullopt;
}

std::optional<std::vector<std::vector<int>>> grouped(const std::vector<std::int64_t>& atoms,
                                                     const std::vector<int>& order, const Shape& shape) {
  std::vector<std::vector<int>> groups;
  std::size_t next = 0;
  for (const std::int64_t extent : shape) {
    groups.emplace_back();
    std::int64_t product = 1;
    for (; product < extent && next < order.size(); ++next) {
      product *= atoms[static_cast<std::size_t>(order[next])];
      groups.back().push_back(order[next]);
    }
    if (product != extent) return std::nullopt;
  }
  if (next != order.size()) return std::nullopt;
  return groups;
}

}  // namespace edgesmith::convert::onnx
