#include "host/base/error.h"
#include "host/convert/tflite/tflite.h"
#include "host/ir/interpreter.h"

namespace edgesmith::convert {
namespace {

constexpr std::int64_t kMaxMultiplies = 20'000'000;  // more is a slow network, not a broken reader

// An upper bound on the multiplications of one run: output elements times what feeds each.
std::int64_t multiplies(const ir::Graph& graph) {
  std::int64_t total = 0;
  for (const ir::Op& op : graph.ops) {
    const std::int64_t outputs = ir::elems(graph.tensor(op.outputs[0]).shape);  // at most 2^24
    const ir::Attributes& a = op.attributes;
    std::int64_t each = std::int64_t{a.filter_h} * a.filter_w + 1;
    if (op.kind == ir::OpKind::mean) each = ir::elems(graph.tensor(op.inputs[0]).shape);
    if (ir::takes_weights(op.kind)) each = ir::elems(graph.tensor(op.inputs[1]).shape);
    total += outputs * each;
    if (total > kMaxMultiplies) break;
  }
  return total;
}

}  // namespace

bool fuzz_tflite(std::span<const std::uint8_t> bytes) {
  try {
    const ir::Graph graph = read_tflite(bytes, "fuzz.tflite");
    if (multiplies(graph) > kMaxMultiplies) return true;
    ir::Interpreter interpreter(graph);
    std::vector<std::vector<std::uint8_t>> zeros;
    for (const ir::TensorId id : graph.inputs)
      zeros.emplace_back(ir::tensor_bytes(graph.tensor(id)), 0);
    interpreter.run(zeros);
    return true;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::request) throw;
    return false;
  }
}

}  // namespace edgesmith::convert
