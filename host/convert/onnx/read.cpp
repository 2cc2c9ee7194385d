// Input is untrusted: protobuf and wire.cpp check the structure, every value is checked before use.
#include <algorithm>

#include "host/base/error.h"
#include "host/convert/model_file.h"
#include "host/convert/onnx/importer.h"
#include "host/convert/onnx/onnx.h"
#include "host/ir/trial_run.h"
#include "host/ir/verifier.h"

namespace edgesmith::convert {
namespace onnx {
namespace {

constexpr std::int64_t kMaxActivationElems = std::int64_t{1} << 26;  // of all tensors: keeps memory in hand
constexpr std::size_t kMaxConstantElems = std::size_t{1} << 25;

class FileReader {
 public:
  FileReader(const WireFile& file, std::string name, const OnnxOptions& options)
      : file_(file), options_(options), problems_(name, "onnx.refused"), importer_(file, graph_) {
    graph_.name = std::move(name);
  }

  ir::Graph read() {
    problems_.collect([&] { require(!file_.nodes.empty(), "it has no nodes", "a network"); });
    for (const WireTensor& tensor : file_.initializers)
      problems_.collect([&] { add_initializer(tensor); });
    add_inputs();
    // A QuantizeLinear is looked for ahead of its turn, its scale must be known by then.
    for (std::size_t i = 0; i < file_.nodes.size(); ++i)
      if (file_.nodes[i].op_type == "Constant") read_one(static_cast<int>(i));
    for (std::size_t i = 0; i < file_.nodes.size(); ++i)
      if (file_.nodes[i].op_type != "Constant") read_one(static_cast<int>(i));
    problems_.raise();
    for (const WireEnd& end : file_.outputs)
      problems_.collect([&] { add_output(end); });
    problems_.collect([&] { check_whole(); });
    problems_.raise();
    drop_unused();
    return std::move(graph_);
  }

 private:
  void add_initializer(const WireTensor& tensor) {
    importer_.set_unknown(tensor.name);
    constant_elems_ += tensor.get().values.size();
    require(constant_elems_ <= kMaxConstantElems,
            "its constants have more than " + std::to_string(kMaxConstantElems) + " elements");
    importer_.set_constant(tensor.name, tensor.get());
  }

  // ---- ends -----------------------------------------------------------------------------------------------------

  void add_inputs() {
    problems_.collect([&] { importer_.batch = common_batch(); });
    for (const WireEnd& input : file_.inputs) {
      if (importer_.knows(input.name)) continue;  // old files list their initialisers here too
      importer_.set_unknown(input.name);
      problems_.collect([&] { add_input(input); });
    }
    const auto is_input = [&](const WireEnd& input) { return !importer_.knows_constant(input.name); };
    const bool any = std::any_of(file_.inputs.begin(), file_.inputs.end(), is_input);
    problems_.collect([&] { require(any, "it has no inputs"); });
  }

  // A first dimension fixed to the same number in all inputs of several dimensions.
  std::int64_t common_batch() const {
    std::int64_t common = 0;
    for (const WireEnd& input : file_.inputs) {
      if (importer_.knows(input.name)) continue;
      const std::int64_t first = input.shape.size() > 1 ? input.shape[0].value : 1;
      if (first < 2 || (common != 0 && common != first)) return 1;
      common = first;
    }
    return std::max<std::int64_t>(common, 1);
  }

  void add_input(const WireEnd& input) {
    const std::string who = "its input '" + printable(input.name) + "'";
    const bool known = input.element == Element::f32 || input.element == Element::s8 || input.element == Element::u8;
    require(known, who + " is " + input.type_text, "FLOAT, INT8 or UINT8",
            "export with float32 inputs, and everything that is no signal fixed to constants");
    require(input.has_shape, who + " has no shape", "a shape", "export with example inputs");
    Shape shape;
    for (std::size_t d = 0; d < input.shape.size(); ++d)
      shape.push_back(extent_of(input, d, who));
    require(checked_elems(shape, who) > 0, who + " is empty");
    ir::Tensor tensor;
    tensor.name = input.name;
    tensor.shape = shape;
    tensor.dtype = input.element == Element::f32  ? ir::DType::f32
                   : input.element == Element::s8 ? ir::DType::s8
                                                  : ir::DType::u8;
    const ir::TensorId id = graph_.add(std::move(tensor));
    graph_.inputs.push_back(id);
    View view = plain_view(id, shape);
    view.element = *input.element;
    importer_.set_view(input.name, std::move(view));
  }

  std::int64_t extent_of(const WireEnd& input, std::size_t d, const std::string& who) const {
    const WireDimension& dim = input.shape[d];
    if (d == 0 && importer_.batch > 1) return 1;
    if (dim.value > 0) return dim.value;
    const std::string by_place = input.name + ":" + std::to_string(d);
    for (const std::string& key : {dim.name, by_place}) {
      const auto given = options_.dims.find(key);
      if (key.empty() || given == options_.dims.end()) continue;
      require(given->second > 0 && given->second <= kMaxElems,
              "dimension " + printable(key) + " was given the value " + std::to_string(given->second), "1 or more");
      return given->second;
    }
    if (d == 0 && input.shape.size() > 1) return 1;
    const std::string key = printable(dim.name.empty() ? by_place : dim.name);
    throw Refusal{who + " leaves dimension " + std::to_string(d) + (dim.name.empty() ? "" : " (" + key + ")") + " open",
                  "a value for it", "give it one (" + key + "=100), or export with a fixed shape"};
  }

  void add_output(const WireEnd& end) {
    const Value& value = importer_.value(end.name);
    const std::string who = "its output '" + printable(end.name) + "'";
    require(value.kind == Value::Kind::activation, who + " is a constant", "an activation");
    Builder& build = importer_.build;
    build.at_node(-1, "");
    View view = build.in_file_order(value.view);
    if (view.element == Element::f32) view = build.as_float(view);
    const ir::Tensor& tensor = build.tensor(view);
    require(view.element == Element::f32 || !tensor.quantization.empty(), who + " is integers without a scale",
            "a QuantizeLinear before it");
    if (view.element == Element::u8 && tensor.dtype == ir::DType::s8) view.tensor = as_u8(tensor, view.tensor);
    graph_.outputs.push_back(view.tensor);
  }

  ir::TensorId as_u8(ir::Tensor tensor, ir::TensorId from) {
    tensor.dtype = ir::DType::u8;
    tensor.quantization.zero_point[0] += 128;
    tensor.name += "/uint8";
    return importer_.build.emit(ir::OpKind::quantize, {from}, std::move(tensor));
  }

  // ---- nodes ----------------------------------------------------------------------------------------------------

  void read_one(int number) {
    if (importer_.is_absorbed(number)) return;
    const WireNode& wire = file_.nodes[static_cast<std::size_t>(number)];
    const std::string place = std::to_string(number) + (wire.name.empty() ? "" : " '" + printable(wire.name) + "'");
    problems_.collect(place, printable(wire.op_type), [&] {
      const Node node = importer_.node(number);
      check_known(node);
      for (const std::string& output : wire.outputs)
        require(output.empty() || !importer_.knows(output), "it writes '" + printable(output) + "' a second time");
      for (std::size_t i = 1; i < wire.outputs.size(); ++i)
        require(!importer_.is_read(wire.outputs[i]), "its output " + std::to_string(i) + " is used", "the first alone");
      if (reads_unknown(node)) return;  // told where that came from
      importer_.build.at_node(number, wire.op_type);
      read_node(node);
      check_size();
    });
    for (const std::string& output : wire.outputs)
      if (!importer_.knows(output)) importer_.set_unknown(output);
  }

  static bool reads_unknown(const Node& node) {
    for (std::size_t i = 0; i < node.inputs(); ++i)
      if (node.has(i) && node.value(i).kind == Value::Kind::unknown) return true;
    return false;
  }

  void check_size() {
    for (; counted_ < graph_.tensors.size(); ++counted_) {
      const ir::Tensor& tensor = graph_.tensors[counted_];
      (tensor.constant() ? graph_constants_ : activations_) += ir::elems(tensor.shape);
    }
    require(activations_ <= kMaxActivationElems,
            "activations have more than " + std::to_string(kMaxActivationElems) + " elements in all up to here");
    require(graph_constants_ <= static_cast<std::int64_t>(kMaxConstantElems),
            "constants have more than " + std::to_string(kMaxConstantElems) + " elements in all up to here");
  }

  void check_whole() {
    require(!graph_.outputs.empty(), "it has no outputs");
    for (const ir::TensorId id : graph_.inputs) {
      const ir::Tensor& tensor = graph_.tensor(id);
      require(tensor.dtype == ir::DType::f32 || !tensor.quantization.empty(),
              "its input '" + printable(tensor.name) + "' is integers without a scale", "a DequantizeLinear behind it",
              "quantise in the QDQ format");
    }
  }

  // Operators that nothing reads in the end: what a float fallback or a refused fusion left behind.
  void drop_unused() {
    std::vector<bool> used(graph_.tensors.size(), false);
    for (const ir::TensorId id : graph_.outputs)
      used[static_cast<std::size_t>(id)] = true;
    for (std::size_t i = graph_.ops.size(); i-- > 0;) {
      if (!used[static_cast<std::size_t>(graph_.ops[i].outputs[0])]) {
        graph_.ops.erase(graph_.ops.begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      for (const ir::TensorId id : graph_.ops[i].inputs)
        if (id != ir::kNoTensor) used[static_cast<std::size_t>(id)] = true;
    }
    for (const ir::TensorId id : graph_.inputs)
      used[static_cast<std::size_t>(id)] = true;
    renumber(used);
  }

  void renumber(const std::vector<bool>& used) {
    std::vector<ir::TensorId> new_id(used.size(), ir::kNoTensor);
    std::vector<ir::Tensor> kept;
    for (std::size_t old = 0; old < used.size(); ++old) {
      if (!used[old]) continue;
      new_id[old] = static_cast<ir::TensorId>(kept.size());
      kept.push_back(std::move(graph_.tensors[old]));
    }
    graph_.tensors = std::move(kept);
    const auto all = [&](std::vector<ir::TensorId>& ids) {
      for (ir::TensorId& id : ids)
        if (id != ir::kNoTensor) id = new_id[static_cast<std::size_t>(id)];
    };
    all(graph_.inputs);
    all(graph_.outputs);
    for (ir::Op& op : graph_.ops) {
      all(op.inputs);
      all(op.outputs);
    }
  }

  const WireFile& file_;
  const OnnxOptions& options_;
  ir::Graph graph_;
  Problems problems_;
  Importer importer_;
  std::size_t constant_elems_ = 0, counted_ = 0;
  std::int64_t activations_ = 0, graph_constants_ = 0;
};

}  // namespace
}  // namespace onnx

ir::Graph read_onnx(std::span<const std::uint8_t> bytes, std::string name, const OnnxOptions& options) {
  const onnx::WireFile file = onnx::parse(bytes, name);
  ir::Graph graph = onnx::FileReader(file, std::move(name), options).read();
  ir::verify(graph);
  return graph;
}

ir::Graph read_onnx(const std::filesystem::path& path, const OnnxOptions& options) {
  return read_onnx(read_model_file(path), path.filename().string(), options);
}

bool fuzz_onnx(std::span<const std::uint8_t> bytes) {
  return ir::accepts_and_runs([bytes] { return read_onnx(bytes, "fuzz.onnx"); });
}

}  // namespace edgesmith::convert
