#pragma once
// What the readers of single operators share: the file's values by name, the operators around a node, the graph.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/convert/onnx/builder.h"
#include "host/convert/onnx/wire.h"

namespace edgesmith::convert::onnx {

/// Integers with their scale, behind a constant that DequantizeLinear made.
struct Stored {
  Constant integers;
  std::vector<float> scale;  // one, or one for each index along `axis`
  std::vector<double> zero_point;
  int axis = 0;
};

/// What a name of the file stands for. `unknown`: the output of a node that was refused.
struct Value {
  enum class Kind { unknown, constant, activation };
  Kind kind = Kind::unknown;
  Constant constant;             // float32 values where the file has dequantised them
  std::optional<Stored> stored;  // where that is so
  View view;
};

/// Scale and zero point of a QuantizeLinear or DequantizeLinear.
struct Linear {
  std::vector<float> scale;
  std::vector<double> zero_point;
  Element element = Element::u8;
  int axis = 1;
  /// As of the int8 tensor that holds it: uint8 is moved by 128. Throws Refusal for other types and per-channel scales.
  ir::Quantization activation() const;
};

class Importer;

/// One node with its values and attributes. All throw Refusal.
class Node {
 public:
  Node(Importer& owner, const WireNode& wire, int number) : importer(owner), wire_(wire), number_(number) {}

  const std::string& kind() const {
    return wire_.op_type;
  }
  int number() const {
    return number_;
  }
  std::size_t inputs() const;
  bool has(std::size_t input) const {
    return input < wire_.inputs.size() && !wire_.inputs[input].empty();
  }
  const std::string& input_name(std::size_t input) const;
  const std::string& output_name() const;
  const Value& value(std::size_t input) const;
  /// An activation, or a constant that becomes one.
  const View& view(std::size_t input) const;
  bool is_constant(std::size_t input) const {
    return has(input) && value(input).kind == Value::Kind::constant;
  }
  /// `what` is the input in words: "weights".
  const Value& constant_value(std::size_t input, const std::string& what) const;
  const Constant& constant(std::size_t input, const std::string& what) const {
    return constant_value(input, what).constant;
  }

  std::int64_t integer(const char* name, std::int64_t otherwise) const;
  float number_of(const char* name, float otherwise) const;
  std::string text(const char* name, const std::string& otherwise) const;
  std::vector<std::int64_t> integers(const char* name, std::vector<std::int64_t> otherwise) const;
  bool has_attribute(const char* name) const {
    return attribute(name) != nullptr;
  }
  const WireAttribute* attribute(const char* name) const;
  /// Integers that were an attribute up to some version and are an input since.
  std::optional<std::vector<std::int64_t>> integers_or_input(const char* name, std::size_t input) const;
  /// 0 to rank - 1; negative ones count from the end.
  static int axis(std::int64_t axis, std::size_t rank);

  Importer& importer;

 private:
  const WireAttribute* typed(const char* name, int type, const char* type_name) const;
  const WireNode& wire_;
  int number_;
};

/// Where the output of an operator goes in the end when nothing but an activation and a QuantizeLinear follows.
struct Sink {
  std::string name;  // the file's tensor that the operator is to write
  ir::Activation activation = ir::Activation::none;
  std::optional<ir::Quantization> quantization;  // of that tensor as int8
  int relu = -1;                                 // the node whose activation it is
};

class Importer {
 public:
  Importer(const WireFile& wire_file, ir::Graph& graph);

  const WireFile& file;
  Builder build;
  std::int64_t batch = 1;  // of the file's inputs, where it is fixed to more than 1; read as 1

  const Value& value(const std::string& name) const;
  void set_constant(const std::string& name, Constant constant, std::optional<Stored> stored = std::nullopt);
  void set_view(const std::string& name, View view);
  void set_unknown(const std::string& name);
  bool knows(const std::string& name) const {
    return values_.contains(name);
  }

  bool knows_constant(const std::string& name) const {
    const auto found = values_.find(name);
    return found != values_.end() && found->second.kind == Value::Kind::constant;
  }
  /// By a node, or as an output of the network.
  bool is_read(const std::string& name) const {
    return !name.empty() && (readers_.contains(name) || ends_.contains(name));
  }
  /// The one node that reads the value, when it is not an output of the network; -1 otherwise.
  int only_reader(const std::string& name) const;
  /// A node that another one has taken along is not read again.
  void absorb(int node) {
    absorbed_.insert(node);
  }
  bool is_absorbed(int node) const {
    return absorbed_.contains(node);
  }
  Node node(int number) {
    return {*this, file.nodes[static_cast<std::size_t>(number)], number};
  }

  /// Follows the value to the QuantizeLinear nodes that read it.
  Sink sink_of(const std::string& name, bool with_activation);
  /// Marks the activation's node as done.
  void take(const Sink& sink) {
    if (sink.relu >= 0) absorb(sink.relu);
  }
  Linear linear_of(const Node& node) const;

  /// Throws Refusal when axis 0 is a batch in the file.
  void need_no_batch(int axis) const;

 private:
  std::optional<ir::Quantization> quantization_behind(const std::string& name);

  std::map<std::string, Value> values_;
  std::map<std::string, std::vector<int>> readers_;
  std::set<std::string> ends_;
  std::set<int> absorbed_;
};

/// Clip's bounds, from attributes or inputs.
struct Bounds {
  double low, high;
};
Bounds clip_bounds(const Node& node);

/// Whether every input that it has is a constant, or it asks for a shape only.
bool can_fold(const Node& node);
/// Computes such a node. Throws Refusal where we cannot.
void fold(const Node& node);

/// The reader of an operator, see read_node.cpp for the table.
void read_node(const Node& node);
/// Throws Refusal when we do not take this operator in this version, whatever its inputs are.
void check_known(const Node& node);

void read_conv(const Node& node);
void read_gemm(const Node& node);
void read_matmul(const Node& node);
void read_pool(const Node& node);
void read_global_pool(const Node& node);
void read_reduce_mean(const Node& node);
void read_binary(const Node& node);
void read_unary(const Node& node);
void read_clip(const Node& node);
void read_prelu(const Node& node);
void read_hard_sigmoid(const Node& node);
void read_batch_norm(const Node& node);
void read_softmax(const Node& node);
void read_alias(const Node& node);
void read_cast(const Node& node);
void read_reshape(const Node& node);
void read_transpose(const Node& node);
void read_concat(const Node& node);
void read_pad(const Node& node);
void read_quantize(const Node& node);
void read_dequantize(const Node& node);

/// Of a Transpose: each dimension once.
std::vector<int> permutation_of(const Node& node, std::size_t rank);
/// The shape that Reshape, Flatten, Squeeze or Unsqueeze gives to one of `from`.
Shape reshape_target(const Node& node, const Shape& from);

}  // namespace edgesmith::convert::onnx
