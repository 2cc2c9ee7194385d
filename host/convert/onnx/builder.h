#pragma once
// Puts operators into the graph, and reorders, reshapes and converts activations where an operator needs it.

#include <map>
#include <string>
#include <vector>

#include "host/convert/onnx/view.h"

namespace edgesmith::convert::onnx {

/// An activation with one tensor dimension for each dimension of the file (and, for three of them, a height of 1).
struct Placed {
  View view;
  std::vector<int> place;  // of each of the file's dimensions among the tensor's
};

class Builder {
 public:
  explicit Builder(ir::Graph& graph) : graph_(graph) {}

  ir::Graph& graph() {
    return graph_;
  }
  /// Operators that are emitted from now on come from this node of the file.
  void at_node(int index, const std::string& kind) {
    index_ = index;
    kind_ = kind;
  }

  ir::TensorId constant(const std::string& name, const Shape& shape, const std::vector<double>& values,
                        ir::DType dtype = ir::DType::f32, ir::Quantization quantization = {});
  /// Writes a new tensor like `tensor` and gives its id.
  ir::TensorId emit(ir::OpKind kind, std::vector<ir::TensorId> inputs, ir::Tensor tensor,
                    const ir::Attributes& attributes = {});

  /// The same activation with its atoms in this order of memory, as a tensor of this shape. Costs nothing where that is
  /// so already, a RESHAPE or a TRANSPOSE where not; what was made once is used again.
  View laid(const View& view, const std::vector<int>& order, const Shape& shape);
  /// As the file sees it.
  View in_file_order(const View& view);
  /// Memory in the order of these dimensions, each a dimension of the tensor.
  Placed placed(const View& view, const std::vector<int>& dims);
  /// One dimension of the file's is the tensor's last, the others lie before it.
  View with_last(const View& view, int dim);
  /// NHWC with four dimensions: the file's 1xCxHxW, or 1xCxW with a height of 1. Throws Refusal for other ranks.
  View image(const View& view);

  /// float32; a DEQUANTIZE where the tensor is int8. Throws Refusal for integers that the file has not dequantised.
  View as_float(const View& view);
  /// int8 with this quantisation, from float32 or from another int8.
  View quantized(const View& view, const ir::Quantization& quantization);

  const ir::Tensor& tensor(const View& view) const {
    return graph_.tensor(view.tensor);
  }

 private:
  View permuted(View view, const std::vector<int>& order, const Shape& shape);
  ir::TensorId transpose(ir::TensorId tensor, const std::vector<int>& permutation);
  ir::TensorId reshape(ir::TensorId tensor, const Shape& shape);
  /// emit() once for each (tensor, what).
  ir::TensorId helper(ir::OpKind kind, ir::TensorId input, const std::string& what, ir::Tensor tensor,
                      const ir::Attributes& attributes = {});

  ir::Graph& graph_;
  int index_ = -1;
  std::string kind_;
  std::map<std::pair<ir::TensorId, std::string>, ir::TensorId> made_;
};

bool same(const ir::Quantization& a, const ir::Quantization& b);

}  // namespace edgesmith::convert::onnx
