#pragma once
// What the sources that read operators share: a node with its tensors and options, and the checks on them.

#include <string>
#include <vector>

#include "host/convert/problems.h"
#include "host/convert/tflite/file_tensors.h"
#include "host/convert/tflite/schema_generated.h"
#include "host/ir/graph.h"

namespace edgesmith::convert {

class Node {
 public:
  Node(const wire::Operator& wired, FileTensors& tensors) : wired_(wired), tensors_(tensors) {
    require(wired.outputs() && wired.outputs()->size() == 1, "it does not have one output");
  }

  int inputs() const {
    return wired_.inputs() ? static_cast<int>(wired_.inputs()->size()) : 0;
  }
  void expect_inputs(int least, int most) const {
    require(inputs() >= least && inputs() <= most, "it has " + std::to_string(inputs()) + " inputs",
            std::to_string(least) + (least == most ? "" : " to " + std::to_string(most)));
  }
  int input_id(int i) const {
    return wired_.inputs()->Get(static_cast<flatbuffers::uoffset_t>(i));
  }
  int output_id() const {
    return wired_.outputs()->Get(0);
  }
  const ir::Tensor& input(int i) {
    return tensors_.read(input_id(i));
  }
  const ir::Tensor& output() {
    return tensors_.read(output_id());
  }
  std::vector<ir::TensorId> input_ids() const {
    std::vector<ir::TensorId> ids;
    for (int i = 0; i < inputs(); ++i)
      ids.push_back(input_id(i));
    return ids;
  }
  FileTensors& tensors() {
    return tensors_;
  }

  template <class Table>  // a table of the Options union
  const Table& options() const {
    const bool present = wired_.options_type() == wire::OptionsTraits<Table>::enum_value && wired_.options();
    require(present, "its options are missing", "the options table of this operator");
    return *static_cast<const Table*>(wired_.options());
  }

 private:
  const wire::Operator& wired_;
  FileTensors& tensors_;
};

ir::Activation activation_of(wire::FusedActivation activation);

/// The first input and the output are float32 or quantised int8, and alike.
void check_data_flow(Node& node);
void check_activation_tensor(const ir::Tensor& tensor);
void check_same_scale(Node& node);

/// The integers of a constant INT32 tensor that tells a shape, axes or the like.
std::vector<int> constant_ints(const ir::Tensor& tensor, const char* what);

// read_elementwise.cpp
void read_sum(Node& node, ir::Op& op);  // ADD, SUB
void read_mul(Node& node, ir::Op& op);
void read_pad(Node& node, ir::Op& op);
void read_transpose(Node& node, ir::Op& op);
void read_concatenation(Node& node, ir::Op& op);
void read_unary(Node& node, ir::Op& op);  // LOGISTIC, TANH, RELU, RELU6, HARD_SWISH
void read_leaky_relu(Node& node, ir::Op& op);
void read_quantize(Node& node, ir::Op& op);
void read_dequantize(Node& node, ir::Op& op);
void read_reshape(Node& node, ir::Op& op);
void read_squeeze(Node& node, ir::Op& op);
void read_expand_dims(Node& node, ir::Op& op);

}  // namespace edgesmith::convert
