// Input is untrusted: the FlatBuffers verifier runs first, then every value is checked before use.
#include <algorithm>
#include <cstring>
#include <functional>
#include <unordered_set>

#include "host/base/error.h"
#include "host/convert/model_file.h"
#include "host/convert/problems.h"
#include "host/convert/tflite/read_node.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/lowering.h"
#include "host/ir/shapes.h"
#include "host/ir/trial_run.h"
#include "host/ir/verifier.h"

namespace edgesmith::convert {
namespace {

constexpr std::uint32_t kFormatVersion = 3;
constexpr std::size_t kAlignmentBytes = 16;
constexpr std::int64_t kMaxActivationElems = std::int64_t{1} << 26;  // of all tensors: keeps memory in hand

void check_is_tflite(std::span<const std::uint8_t> bytes, const std::string& name) {
  const bool named = bytes.size() >= 8 && std::memcmp(bytes.data() + 4, wire::ModelIdentifier(), 4) == 0;
  if (!named) {
    throw Error{{.code = "tflite.not_tflite",
                 .what = "this is not a .tflite file",
                 .where = name,
                 .expected = "the identifier TFL3 in bytes 4 to 7",
                 .found = std::to_string(bytes.size()) + " bytes without it",
                 .try_this = "give the file that the TensorFlow Lite converter wrote"}};
  }
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!wire::VerifyModelBuffer(verifier)) {
    throw Error{{.code = "tflite.corrupt",
                 .what = "the file is damaged: its structure points outside of itself",
                 .where = name,
                 .expected = "",
                 .found = std::to_string(bytes.size()) + " bytes",
                 .try_this = "copy or download it again"}};
  }
}

/// One subgraph of a verified file, on its way into a graph.
class GraphReader {
 public:
  GraphReader(const wire::Model& model, std::string name, const ReadOptions& options)
      : model_(model), name_(std::move(name)), options_(options), problems_(name_, "tflite.refused") {}

  ir::Graph read() {
    if (!problems_.collect([&] { check_model(); })) problems_.raise();
    problems_.collect([&] { check_alone(); });
    const wire::SubGraph& subgraph = *model_.subgraphs()->Get(0);
    FileTensors tensors(model_, subgraph);
    ir::Graph graph;
    graph.name = name_;
    problems_.collect([&] { graph.inputs = ends(subgraph.inputs(), tensors, "inputs"); });
    for (const ir::TensorId id : graph.inputs)
      problems_.collect([&] { set_input_shape(subgraph, id, graph.inputs.size() == 1, tensors); });
    problems_.collect([&] { check_names_of_shapes(graph, tensors); });
    read_nodes(subgraph, tensors, graph);
    problems_.collect([&] { graph.outputs = ends(subgraph.outputs(), tensors, "outputs"); });
    take_tensors(tensors, graph);
    check_ops(graph);
    problems_.raise();
    return graph;
  }

 private:
  void check_model() const {
    require(model_.version() == kFormatVersion, "its format version is " + std::to_string(model_.version()),
            std::to_string(kFormatVersion));
    require(model_.subgraphs() && model_.subgraphs()->size() > 0, "it has no subgraph", "a network");
    const auto* operators = model_.subgraphs()->Get(0)->operators();
    require(operators && operators->size() > 0, "it has no operators", "a network");
  }

  void check_alone() const {
    const std::size_t subgraphs = model_.subgraphs()->size();
    require(subgraphs == 1, "it has " + std::to_string(subgraphs) + " subgraphs", "one",
            "export the network without control flow and without state (resource variables)");
  }

  void read_nodes(const wire::SubGraph& subgraph, FileTensors& tensors, ir::Graph& graph) {
    int number = 0;
    for (const wire::Operator* node : *subgraph.operators()) {
      problems_.collect(number, node_name(model_, *node), [&] {
        if (std::optional<ir::Op> op = read_node(model_, *node, tensors)) {
          op->source_index = number;
          if (tensors.shapes_follow_inputs()) follow_inputs(tensors, *op);
          graph.ops.push_back(std::move(*op));
        }
      });
      ++number;
    }
  }

  static void follow_inputs(FileTensors& tensors, const ir::Op& op) {
    for (const ir::TensorId id : op.inputs)
      if (id != ir::kNoTensor) tensors.read(id);
    tensors.read(op.outputs[0]);
    refused_as_refusal([&] { tensors.set_shape(op.outputs[0], ir::infer_shape(tensors.graph(), op)); });
  }

  // What the graph's own checks say becomes a problem like the others, so that all are told at once.
  static void refused_as_refusal(const std::function<void()>& check) {
    try {
      check();
    } catch (const Error& error) {
      if (error.kind != ErrorKind::request) throw;
      const ErrorText& text = error.text;
      const std::string found = text.found.empty() ? "" : ": " + text.found;
      throw Refusal{text.what + found, text.expected,
                    text.try_this.empty() ? "export the network again with a current converter" : text.try_this};
    }
  }

  void check_ops(const ir::Graph& graph) {
    for (const ir::Op& op : graph.ops) {
      const std::string kind = op.source_kind.empty() ? ir::op_name(op.kind) : op.source_kind;
      problems_.collect(op.source_index, kind, [&] {
        refused_as_refusal([&] {
          ir::verify_op(graph, op);
          if (ir::has_kernel(graph, op)) ir::lower(graph, op, Rounding::tflm_double);
        });
      });
    }
  }

  // Inputs or outputs of the whole network.
  static std::vector<ir::TensorId> ends(const flatbuffers::Vector<std::int32_t>* indices, FileTensors& tensors,
                                        const char* which) {
    require(indices && indices->size() > 0, std::string("it has no ") + which);
    for (const std::int32_t index : *indices) {
      const ir::Tensor& tensor = tensors.read(index);
      const bool usable =
          tensor.dtype == ir::DType::f32 || tensor.dtype == ir::DType::s8 || tensor.dtype == ir::DType::u8;
      require(!tensor.constant() && usable,
              std::string("one of its ") + which + ", tensor " + std::to_string(index) + ", is a constant or " +
                  ir::dtype_name(tensor.dtype),
              "a float32, int8 or uint8 activation");
    }
    return {indices->begin(), indices->end()};
  }

  // The shape that the user gives for an input, if any; else all but the batch must be known.
  void set_input_shape(const wire::SubGraph& subgraph, ir::TensorId id, bool only_input, FileTensors& tensors) {
    const ir::Tensor& tensor = tensors.read(id);
    const wire::Tensor& wired = *subgraph.tensors()->Get(static_cast<flatbuffers::uoffset_t>(id));
    const std::string who = "input '" + tensor.name + "'";
    auto given = options_.input_shapes.find(tensor.name);
    if (given == options_.input_shapes.end() && only_input) given = options_.input_shapes.find("");
    ir::Shape shape = tensor.shape;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      const bool open = is_open(wired, d);
      if (given != options_.input_shapes.end()) {
        const bool fits = given->second.size() == shape.size() && (open || given->second[d] == shape[d]);
        require(fits, who + " cannot have shape " + ir::shape_text(given->second), "shape " + open_shape_text(wired));
        shape[d] = given->second[d];
        require(shape[d] >= 1 && shape[d] <= kMaxActivationElems, who + " would have a dimension without values");
      } else {
        require(!open || d == 0,
                who + " leaves dimension " + std::to_string(d) + " open, it is " + open_shape_text(wired),
                "a size for each dimension (an open batch becomes 1)",
                "give the input's shape, or convert again with a fixed input shape");
      }
    }
    require(!shape.empty() && shape[0] == 1, who + " has shape " + ir::shape_text(shape), "a batch of 1",
            "convert again with a batch size of 1");
    if (shape != tensor.shape) tensors.set_input_shape(id, std::move(shape));
  }

  static bool is_open(const wire::Tensor& tensor, std::size_t d) {
    const auto* signature = tensor.shape_signature();
    return signature && d < signature->size() && signature->Get(static_cast<flatbuffers::uoffset_t>(d)) < 0;
  }

  // "1x?x4", as messages show it.
  static std::string open_shape_text(const wire::Tensor& tensor) {
    std::string text;
    for (std::size_t d = 0; tensor.shape() && d < tensor.shape()->size(); ++d) {
      const std::int32_t extent = tensor.shape()->Get(static_cast<flatbuffers::uoffset_t>(d));
      text += (d ? "x" : "") + (is_open(tensor, d) ? "?" : std::to_string(extent));
    }
    return text;
  }

  void check_names_of_shapes(const ir::Graph& graph, FileTensors& tensors) const {
    for (const auto& [name, shape] : options_.input_shapes) {
      std::string names;
      bool known = name.empty() && graph.inputs.size() == 1;
      for (const ir::TensorId id : graph.inputs) {
        known = known || tensors.read(id).name == name;
        names += (names.empty() ? "'" : ", '") + tensors.read(id).name + "'";
      }
      require(known, "it has no input '" + name + "' to give a shape", names);
    }
  }

  // Moves the tensors that operators use into the graph, in the file's order, and renumbers.
  void take_tensors(FileTensors& tensors, ir::Graph& graph) {
    std::unordered_set<ir::TensorId> used(graph.inputs.begin(), graph.inputs.end());
    used.insert(graph.outputs.begin(), graph.outputs.end());
    for (const ir::Op& op : graph.ops) {
      used.insert(op.inputs.begin(), op.inputs.end());
      used.insert(op.outputs.begin(), op.outputs.end());
    }
    std::vector<ir::TensorId> new_id(static_cast<std::size_t>(tensors.count()), ir::kNoTensor);
    std::int64_t activation_elems = 0;
    for (int old = 0; old < tensors.count(); ++old) {
      if (!used.contains(old) || !tensors.known(old)) continue;
      const ir::Tensor& tensor = tensors.graph().tensor(old);
      new_id[static_cast<std::size_t>(old)] = graph.add(tensor);
      if (!tensor.constant()) activation_elems += std::min(ir::elems(tensor.shape), 2 * kMaxActivationElems);
    }
    problems_.collect([&] {
      require(activation_elems <= kMaxActivationElems,
              "its activations have " + std::to_string(activation_elems) + " elements in all",
              "at most " + std::to_string(kMaxActivationElems));
    });
    const auto renumber = [&](std::vector<ir::TensorId>& ids) {
      for (ir::TensorId& id : ids)
        id = id == ir::kNoTensor ? id : new_id[static_cast<std::size_t>(id)];
    };
    renumber(graph.inputs);
    renumber(graph.outputs);
    for (ir::Op& op : graph.ops) {
      renumber(op.inputs);
      renumber(op.outputs);
    }
  }

  const wire::Model& model_;
  std::string name_;
  const ReadOptions& options_;
  Problems problems_;
};

}  // namespace

ir::Graph read_tflite(std::span<const std::uint8_t> bytes, std::string name, const ReadOptions& options) {
  std::vector<std::uint8_t> aligned;  // FlatBuffers reads 8-byte values in place
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignmentBytes != 0) {
    aligned.assign(bytes.begin(), bytes.end());
    bytes = aligned;
  }
  check_is_tflite(bytes, name);
  ir::Graph graph = GraphReader(*wire::GetModel(bytes.data()), std::move(name), options).read();
  ir::verify(graph);
  return graph;
}

ir::Graph read_tflite(const std::filesystem::path& path, const ReadOptions& options) {
  return read_tflite(read_model_file(path), path.filename().string(), options);
}

bool fuzz_tflite(std::span<const std::uint8_t> bytes) {
  return ir::accepts_and_runs([bytes] { return read_tflite(bytes, "fuzz.tflite"); });
}

}  // namespace edgesmith::convert
