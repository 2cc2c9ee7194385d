// Input is untrusted: the FlatBuffers verifier runs first, then every value is checked before use.
#include <cstring>
#include <unordered_set>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/convert/problems.h"
#include "host/convert/tflite/read_node.h"
#include "host/convert/tflite/tflite.h"
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
  GraphReader(const wire::Model& model, std::string name)
      : model_(model), name_(std::move(name)), problems_(name_, "tflite.refused") {}

  ir::Graph read() {
    problems_.collect([&] { check_model(); });
    problems_.raise();
    const wire::SubGraph& subgraph = *model_.subgraphs()->Get(0);
    FileTensors tensors(model_, subgraph);
    ir::Graph graph;
    graph.name = name_;
    read_nodes(subgraph, tensors, graph);
    problems_.collect([&] { graph.inputs = ends(subgraph.inputs(), tensors, "inputs"); });
    problems_.collect([&] { graph.outputs = ends(subgraph.outputs(), tensors, "outputs"); });
    problems_.collect([&] { check_inputs(graph, tensors); });
    problems_.raise();
    take_tensors(tensors, graph);
    problems_.raise();
    return graph;
  }

 private:
  void check_model() const {
    require(model_.version() == kFormatVersion, "its format version is " + std::to_string(model_.version()),
            std::to_string(kFormatVersion));
    const std::size_t subgraphs = model_.subgraphs() ? model_.subgraphs()->size() : 0;
    require(subgraphs == 1, "it has " + std::to_string(subgraphs) + " subgraphs", "one",
            "export the network without control flow and without state (resource variables)");
    const auto* operators = model_.subgraphs()->Get(0)->operators();
    require(operators && operators->size() > 0, "it has no operators", "a network");
  }

  void read_nodes(const wire::SubGraph& subgraph, FileTensors& tensors, ir::Graph& graph) {
    int number = 0;
    for (const wire::Operator* node : *subgraph.operators()) {
      problems_.collect(number, node_name(model_, *node), [&] {
        graph.ops.push_back(read_node(model_, *node, tensors));
        graph.ops.back().source_index = number;
      });
      ++number;
    }
  }

  // Inputs or outputs of the whole network.
  static std::vector<ir::TensorId> ends(const flatbuffers::Vector<std::int32_t>* indices, FileTensors& tensors,
                                        const char* which) {
    require(indices && indices->size() > 0, std::string("it has no ") + which);
    for (const std::int32_t index : *indices) {
      const ir::Tensor& tensor = tensors.read(index);
      require(!tensor.constant() && tensor.dtype != ir::DType::s32,
              std::string("one of its ") + which + ", tensor " + std::to_string(index) + ", is a constant or INT32",
              "a float32 or int8 activation");
    }
    return {indices->begin(), indices->end()};
  }

  static void check_inputs(const ir::Graph& graph, FileTensors& tensors) {
    for (const ir::TensorId id : graph.inputs) {
      const std::vector<std::int64_t>& shape = tensors.read(id).shape;
      require(!shape.empty() && shape[0] == 1, "its input has shape " + ir::shape_text(shape), "a batch of 1",
              "convert again with a batch size of 1");
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
      if (!used.contains(old)) continue;
      new_id[static_cast<std::size_t>(old)] = graph.add(*tensors.at(old));
      if (!tensors.at(old)->constant()) activation_elems += ir::elems(tensors.at(old)->shape);
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
  Problems problems_;
};

}  // namespace

ir::Graph read_tflite(std::span<const std::uint8_t> bytes, std::string name) {
  std::vector<std::uint8_t> aligned;  // FlatBuffers reads 8-byte values in place
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignmentBytes != 0) {
    aligned.assign(bytes.begin(), bytes.end());
    bytes = aligned;
  }
  check_is_tflite(bytes, name);
  ir::Graph graph = GraphReader(*wire::GetModel(bytes.data()), std::move(name)).read();
  ir::verify(graph);
  return graph;
}

ir::Graph read_tflite(const std::filesystem::path& path) {
  return read_tflite(read_bytes(path), path.filename().string());
}

}  // namespace edgesmith::convert
